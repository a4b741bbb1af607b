"""Waits for a call no longer than it was told to, whatever the library underneath does."""

from __future__ import annotations

import contextvars
import queue
import threading
from collections.abc import Callable
from typing import TypeVar

from ai.errors import ProviderBusy, ProviderUnavailable
from ai.threads import PassingThreads

T = TypeVar("T")
CALLS_AT_ONCE = 128


class Patience:
    """Runs calls on threads of its own, at most `places` at once."""

    def __init__(self, places: int = CALLS_AT_ONCE) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._threads = PassingThreads(places, "call")

    def wait(self, call: Callable[[], T], *, seconds: float) -> T:
        """Return what `call` returns, or raise what it raises.

        Raises `ProviderUnavailable` after `seconds`; the call is then left to itself and keeps its place until its own
        timeout ends it. Raises `ProviderBusy` where every place is taken.
        """
        if not self._places.acquire(blocking=False):
            raise ProviderBusy("Too many calls are under way.")
        box: queue.SimpleQueue[tuple[T, None] | tuple[None, BaseException]] = queue.SimpleQueue()
        context = contextvars.copy_context()
        self._threads.start(lambda: context.run(self._work, call, box))
        try:
            value, error = box.get(timeout=seconds)
        except queue.Empty:
            raise ProviderUnavailable(f"No reply within {seconds:.3g} s.") from None
        if error is not None:
            raise error
        return value  # type: ignore[return-value]

    def _work(
        self,
        call: Callable[[], T],
        box: queue.SimpleQueue[tuple[T, None] | tuple[None, BaseException]],
    ) -> None:
        outcome: tuple[T, None] | tuple[None, BaseException]
        try:
            outcome = (call(), None)
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits, and raised there
            outcome = (None, error)
        self._places.release()
        box.put(outcome)
