"""Leaves a provider alone once it fails in a row, lets one call try after a pause, and keeps its figures."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from typing_extensions import TypedDict

from ai.calling.completion import Reply
from ai.calling.store import Store, count
from ai.errors import ProviderDown, ProviderUnavailable

FAILURES_IN_A_ROW = 5
PAUSE_SECONDS = 30
PROBE_SECONDS = 30
REMEMBERED_SECONDS = 86_400
ERROR_LENGTH = 200
LEEWAY_SECONDS = 0.05
LOOK_AGAIN_SECONDS = 1.0
WRITE_DOWN_SECONDS = 5.0


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


@dataclass(slots=True)
class Tally:
    """What one process knows by itself of a provider: calls that are not yet written down, and when all was well."""

    counts: Counter[str] = field(default_factory=Counter)
    written_at: float = 0.0
    well_at: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, **counts: int) -> None:
        with self.lock:
            self.counts.update(counts)

    def take(self, now: float) -> Counter[str]:
        """Return what is to be written down now, and begin again."""
        with self.lock:
            taken, self.counts, self.written_at = self.counts, Counter(), now
        return taken


@dataclass(frozen=True, slots=True)
class Breaker:
    """The breaker of one provider; its state lives in `store`, so all processes that share that agree.

    Trouble is written there at once. While all is well, a process looks there once a second, and writes its figures
    down every five: a good call touches no file.
    """

    name: str
    store: Store
    now: Callable[[], float] = time.time
    threshold: int = FAILURES_IN_A_ROW
    pause: float = PAUSE_SECONDS
    tally: Tally = field(default_factory=Tally)

    def check(self) -> None:
        """Raise `ProviderDown` while the provider is left alone; after the pause one caller may try.

        Before the time that the provider itself has named nobody may.
        """
        if self._is_well():
            return
        if (wait := self.asked_to_wait) > 0:
            raise ProviderDown(f"{self.name} has asked us to wait.", retry_after=wait)
        until = self.store.get(self._key("open_until"))
        if until is None:
            return
        if self.now() < until or not self.store.add(self._key("probe"), 1, PROBE_SECONDS):
            raise ProviderDown(f"{self.name} does not answer at the moment. This is tried again.")

    def succeeded(self, reply: Reply, seconds: float) -> None:
        """Close the breaker and count a call that brought a reply."""
        self.tally.add(input_tokens=reply.input_tokens, output_tokens=reply.output_tokens)
        self._count_call(seconds)
        if not self._is_well():
            self._close()
        if not 0 <= self.now() - self.tally.written_at < WRITE_DOWN_SECONDS:
            self.write_down()

    def failed(self, error: Exception, seconds: float) -> None:
        """Count a failure; the fifth in a row, or a failed try after a pause, opens the breaker."""
        self.tally.add(failures=1)
        self._count_call(seconds)
        self.write_down()
        self._keep("last_error", (str(error)[:ERROR_LENGTH], self.now()))
        if isinstance(error, ProviderUnavailable) and error.retry_after > 0:
            self._keep_waiting(min(error.retry_after, REMEMBERED_SECONDS))
        if self._add("failures_in_a_row", 1) >= self.threshold:
            self._keep("open_until", self.now() + self.pause)
        self.store.delete(self._key("probe"))
        self.tally.well_at = 0.0

    def write_down(self) -> None:
        """Add what this process has counted to the figures that all share."""
        for name, delta in self.tally.take(self.now()).items():
            self._add(name, delta)

    def _is_well(self) -> bool:
        """Tell whether nothing speaks against a call; what another process has found is seen within a second."""
        if 0 <= self.now() - self.tally.well_at < LOOK_AGAIN_SECONDS:
            return True
        is_well = not (self.is_left_alone or self._number("failures_in_a_row"))
        self.tally.well_at = self.now() if is_well else 0.0
        return is_well

    def _close(self) -> None:
        if self.is_open:
            self._keep("recovered_at", self.now())
        for name in ("failures_in_a_row", "open_until", "probe"):
            self.store.delete(self._key(name))

    def _keep_waiting(self, seconds: float) -> None:
        """Note when the provider may be asked again; what it named before still holds."""
        until = max(self.now() + seconds, float(self.store.get(self._key("wait_until"), 0.0)))
        self._keep("wait_until", until)

    @property
    def is_open(self) -> bool:
        return self.store.get(self._key("open_until")) is not None

    @property
    def asked_to_wait(self) -> float:
        """Return for how many seconds the provider has asked us not to call."""
        left = float(self.store.get(self._key("wait_until"), 0.0)) - self.now()
        return left if left > LEEWAY_SECONDS else 0.0

    @property
    def is_left_alone(self) -> bool:
        return self.is_open or self.asked_to_wait > 0

    def state(self) -> ProviderState:
        """Return the figures that health checks and the admin show; what other processes counted last may be missing."""
        self.write_down()
        error, at = self.store.get(self._key("last_error"), ("", None))
        calls = self._number("calls")
        failing = self._number("failures_in_a_row") > 0
        return {
            "name": self.name,
            "state": "down" if self.is_left_alone else "failing" if failing else "ok",
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
        self.tally.add(calls=1, latency_ms=round(seconds * 1000))

    def _key(self, name: str) -> str:
        return f"ai:{self.name}:{name}".replace(" ", "_")

    def _add(self, name: str, delta: int) -> int:
        return count(self.store, self._key(name), delta, timeout=REMEMBERED_SECONDS)

    def _keep(self, name: str, value: object) -> None:
        self.store.set(self._key(name), value, REMEMBERED_SECONDS)

    def _number(self, name: str) -> int:
        return int(self.store.get(self._key(name), 0))
