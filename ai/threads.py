"""Threads that are used again while there is work, and end when there is none: a burst leaves nothing behind."""

from __future__ import annotations

import atexit
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
Work = Callable[[], None]
IDLE_SECONDS = 10.0
LOOK_AGAIN = 0.05


class PassingThreads(Executor):
    """At most `most` threads, each of which ends after `idle_seconds` without work.

    The standard library's pool keeps as many threads for ever as were ever busy at once, with their stacks and whatever
    they hold. More work than threads waits in a queue. An interpreter that ends waits `last_seconds` for work under way.
    """

    def __init__(
        self,
        most: int,
        name: str,
        *,
        idle_seconds: float = IDLE_SECONDS,
        last_seconds: float = 0.0,
    ) -> None:
        self.most, self.name, self.idle_seconds = most, name, idle_seconds
        self._queue: queue.SimpleQueue[Work] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads = self._free = 0
        if last_seconds:
            atexit.register(self.drain, last_seconds)

    @property
    def alive(self) -> int:
        """How many threads there are."""
        return self._threads

    def submit(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `call` in a thread, as `Executor.submit` does."""
        future: Future[T] = Future()

        def work() -> None:
            if future.set_running_or_notify_cancel():
                _settle(future, lambda: call(*args, **kwargs))

        self.start(work)
        return future

    def start(self, work: Work) -> None:
        """Run `work`, which must not raise, in a thread, and forget it."""
        with self._lock:
            if self._free <= 0 and self._threads < self.most:
                threading.Thread(target=self._run, name=self.name, daemon=True).start()
                self._threads += 1
            else:
                self._free -= 1  # below nothing: so many wait for a thread
            self._queue.put(work)

    def drain(self, seconds: float) -> None:
        """Wait until all work is done, but no longer than so many seconds."""
        end = time.monotonic() + seconds
        while self._free < self._threads and time.monotonic() < end:
            time.sleep(LOOK_AGAIN)

    def _run(self) -> None:
        while (work := self._next()) is not None:
            work()
            del work
            with self._lock:
                self._free += 1

    def _next(self) -> Work | None:
        """Return the next piece of work; None if none came in time and none is promised to this thread."""
        while True:
            try:
                return self._queue.get(timeout=self.idle_seconds)
            except queue.Empty:
                with self._lock:
                    if self._free > 0:
                        self._free -= 1
                        self._threads -= 1
                        return None


def _settle(future: Future[Any], call: Callable[[], Any]) -> None:
    try:
        result = call()
    except BaseException as error:  # noqa: BLE001 - handed to whoever waits, and raised there
        future.set_exception(error)
    else:
        future.set_result(result)
