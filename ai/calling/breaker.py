"""Leaves a provider alone once it fails in a row, lets one call try after a pause, and keeps its figures."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from typing_extensions import TypedDict

from ai.calling.completion import Reply
from ai.calling.store import Store, count
from ai.errors import ProviderDown

FAILURES_IN_A_ROW = 5
PAUSE_SECONDS = 30
PROBE_SECONDS = 30
REMEMBERED_SECONDS = 86_400
ERROR_LENGTH = 200


class ProviderState(TypedDict):
    """How a provider does, over the last day at most; times are Unix seconds, latency in milliseconds."""

    name: str
    state: Literal["ok", "failing", "down"]
    calls: int
    failures: int
    input_tokens: int
    output_tokens: int
    mean_latency_ms: int
    last_error: str
    last_error_at: float | None
    recovered_at: float | None


@dataclass(frozen=True, slots=True)
class Breaker:
    """The breaker of one provider; its state lives in `store`, so all processes that share that agree."""

    name: str
    store: Store
    now: Callable[[], float] = time.time
    threshold: int = FAILURES_IN_A_ROW
    pause: float = PAUSE_SECONDS

    def check(self) -> None:
        """Raise `ProviderDown` while the provider is left alone; after the pause one caller may try."""
        until = self.store.get(self._key("open_until"))
        if until is None:
            return
        if self.now() < until or not self.store.add(self._key("probe"), 1, PROBE_SECONDS):
            raise ProviderDown(f"{self.name} does not answer at the moment. This is tried again.")

    def succeeded(self, reply: Reply, seconds: float) -> None:
        """Close the breaker and count a call that brought a reply."""
        self._count_call(seconds)
        self._add("input_tokens", reply.input_tokens)
        self._add("output_tokens", reply.output_tokens)
        if self.store.get(self._key("open_until")) is not None:
            self._keep("recovered_at", self.now())
        for name in ("failures_in_a_row", "open_until", "probe"):
            self.store.delete(self._key(name))

    def failed(self, error: Exception, seconds: float) -> None:
        """Count a failure; the fifth in a row, or a failed try after a pause, opens the breaker."""
        self._count_call(seconds)
        self._add("failures", 1)
        self._keep("last_error", (str(error)[:ERROR_LENGTH], self.now()))
        if self._add("failures_in_a_row", 1) >= self.threshold:
            self._keep("open_until", self.now() + self.pause)
        self.store.delete(self._key("probe"))

    @property
    def is_open(self) -> bool:
        return self.store.get(self._key("open_until")) is not None

    def state(self) -> ProviderState:
        """Return the figures that health checks and the admin show."""
        error, at = self.store.get(self._key("last_error"), ("", None))
        calls = self._number("calls")
        failing = self._number("failures_in_a_row") > 0
        return {
            "name": self.name,
            "state": "down" if self.is_open else "failing" if failing else "ok",
            "calls": calls,
            "failures": self._number("failures"),
            "input_tokens": self._number("input_tokens"),
            "output_tokens": self._number("output_tokens"),
            "mean_latency_ms": round(self._number("latency_ms") / calls) if calls else 0,
            "last_error": error,
            "last_error_at": at,
            "recovered_at": self.store.get(self._key("recovered_at")),
        }

    def _count_call(self, seconds: float) -> None:
        self._add("calls", 1)
        self._add("latency_ms", round(seconds * 1000))

    def _key(self, name: str) -> str:
        return f"ai:{self.name}:{name}".replace(" ", "_")

    def _add(self, name: str, delta: int) -> int:
        return count(self.store, self._key(name), delta, timeout=REMEMBERED_SECONDS)

    def _keep(self, name: str, value: object) -> None:
        self.store.set(self._key(name), value, REMEMBERED_SECONDS)

    def _number(self, name: str) -> int:
        return int(self.store.get(self._key(name), 0))
