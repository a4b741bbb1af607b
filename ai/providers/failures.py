"""Turns HTTP status codes into our own few errors, alike for every adapter, in our own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from ai.errors import ProviderBusy, ProviderRejected, ProviderUnavailable

BUSY = 429
OURS = frozenset({400, 401, 403, 404, 405, 413, 422})
REDIRECTS = range(300, 400)
SECONDS = re.compile(r"([0-9]+(?:\.[0-9]+)?)s?")
WORDS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
KNOWN_WORDS = frozenset(
    {*WORDS.values(), "ALREADY_EXISTS", "FAILED_PRECONDITION", "OUT_OF_RANGE", "DATA_LOSS"}
)
LONGEST_WAIT = 1e9
LOWEST, HIGHEST = 100, 599


def failure(name: str, code: int, word: str = "", *, wait: float = 0.0) -> ProviderUnavailable:
    """Return the error for a status code; of the provider's words only a known status `word` stays. `wait` is in seconds."""
    if code in REDIRECTS:
        return ProviderRejected(f"{name} answered {code}, and redirects are not followed.")
    told = f"{name} answered {status_word(code, word)}."
    if code == BUSY:
        return ProviderBusy(told, retry_after=wait)
    if code in OURS:
        return ProviderRejected(told, retry_after=wait)
    return ProviderUnavailable(told, retry_after=wait)


def status_word(code: int, word: str = "") -> str:
    """Return a status such as `503 UNAVAILABLE`, with nothing in it that a provider could choose freely."""
    if not LOWEST <= code <= HIGHEST:
        return "with an unknown status"
    return f"{code} {word if word in KNOWN_WORDS else WORDS.get(code, '')}".rstrip()


def retry_delay(details: Iterable[Any]) -> float:
    """Return the seconds of a `google.rpc.RetryInfo` among an error's details, or 0."""
    for detail in details:
        if isinstance(detail, Mapping) and (named := seconds(str(detail.get("retryDelay", "")))):
            return named
        delay = getattr(detail, "retry_delay", None)
        if delay is not None:
            return max(0.0, float(delay.seconds + delay.nanos / 1e9))
    return 0.0


def retry_after(headers: Mapping[str, str] | None) -> float:
    """Return the seconds that a `Retry-After` header asks to wait, given as a number or as a date, or 0."""
    value = str((headers or {}).get("retry-after") or "")
    if not value or SECONDS.fullmatch(value.strip()):
        return seconds(value)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0
    return max(0.0, (until.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def seconds(text: str) -> float:
    """Read `2.5s` or `3`, as `retryDelay` and `Retry-After` are written; 0 for anything else."""
    match = SECONDS.fullmatch(text.strip())
    return min(float(match[1]), LONGEST_WAIT) if match else 0.0
