"""What a faulty reply looks like."""

from __future__ import annotations

import json
from typing import Any

from lab.loopback.faults import Fault

NESTED = "[" * 100_000
HUGE = 9 * 1024 * 1024


def raw(fault: str, words: str) -> tuple[bytes, int, str]:
    """Return the body, the status and the kind of a reply that is no message of the protocol."""
    if fault == "html":
        return f"<html>Bad gateway {words}</html>".encode(), 502, "text/html"
    if fault == "odd_error":
        return json.dumps([words, {"error": [words]}]).encode(), 500, "application/json"
    body = NESTED.encode() if fault == "nested" else b'"' + b"a" * HUGE + b'"'
    return body, 200, "application/json"


def spoilt(value: Any, fault: Fault | None) -> str:
    """Return the text of a reply, spoilt as `fault` says."""
    text = json.dumps(value)
    spoils: dict[str, str] = {
        "max_tokens": text[: len(text) // 2],
        "empty": "",
        "fenced": f"```json\n{text}\n```",
        "trailing_comma": f"{text[:-1]},{text[-1]}",
        "not_json": f"Certainly! The candidate did well. {text}",
        "wrong_shape": json.dumps({"verdict": "fine", "level": 9, **_extra(value)}),
        "nested_text": NESTED,
    }
    return spoils.get(fault or "", text)


def _extra(value: Any) -> dict[str, Any]:
    """Return what a faulty reply was made to say beside its value."""
    return {name: words for name, words in value.items() if name == words}
