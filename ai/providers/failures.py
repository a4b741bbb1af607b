"""Turns HTTP status codes into our own few errors, alike for every adapter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ai.errors import ProviderBusy, ProviderRejected, ProviderUnavailable

BUSY = 429
OURS = frozenset({400, 401, 403, 404, 405, 413, 422})
SECONDS = re.compile(r"([0-9]+(?:\.[0-9]+)?)s?")
LONGEST_REASON = 120


def failure(name: str, code: int, reason: str = "", *, wait: float = 0.0) -> ProviderUnavailable:
    """Return the error for a status code; `reason` is the provider's, cut short, `wait` in seconds."""
    told = f"{name} answered {code}{f': {short(reason)}' if reason else ''}"
    if code == BUSY:
        return ProviderBusy(told, retry_after=wait)
    if code in OURS:
        return ProviderRejected(told)
    return ProviderUnavailable(told, retry_after=wait)


def unreachable(name: str, error: Exception) -> ProviderUnavailable:
    """Return the error for a call without a reply; only the kind is told, for messages can hold keys."""
    return ProviderUnavailable(f"{name} could not be reached ({type(error).__name__}).")


def short(text: str) -> str:
    first = text.strip().partition("\n")[0]
    return first if len(first) <= LONGEST_REASON else f"{first[:LONGEST_REASON]}…"


def retry_delay(details: Iterable[Any]) -> float:
    """Return the seconds of a `google.rpc.RetryInfo` among an error's details, or 0."""
    for detail in details:
        if isinstance(detail, Mapping) and "retryDelay" in detail:
            return seconds(str(detail["retryDelay"]))
        delay = getattr(detail, "retry_delay", None)
        if delay is not None:
            return float(delay.seconds + delay.nanos / 1e9)
    return 0.0


def seconds(text: str) -> float:
    """Read `2.5s` or `3`, as `retryDelay` and `Retry-After` are written; 0 for anything else."""
    match = SECONDS.fullmatch(text.strip())
    return float(match[1]) if match else 0.0
