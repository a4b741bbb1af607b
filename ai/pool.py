"""A bounded pool of threads for calls of providers, so that a slow one never holds up anything else."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from functools import partial
from typing import Any, ParamSpec, TypeVar

from ai.errors import Busy
from ai.threads import PassingThreads

P = ParamSpec("P")
T = TypeVar("T")
LOOK_AGAIN, LAST_SECONDS = 0.1, 30.0
FULL = "Too many answers are being worked on right now. Try again in a moment."


class ProviderPool:
    """At most `size` calls at once; one more is refused at once instead of being queued."""

    def __init__(self, size: int) -> None:
        self._places = threading.BoundedSemaphore(size)
        self._threads = PassingThreads(size, "provider", last_seconds=LAST_SECONDS)

    async def run(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `call` returns. Raises `Busy` where every place is taken."""
        return await asyncio.wrap_future(self.submit(call, *args, **kwargs))

    async def run_within(
        self, seconds: float, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return what `call` returns, waiting up to `seconds` for a place. Raises `Busy`."""
        end = time.monotonic() + seconds
        while True:
            try:
                future = self.submit(call, *args, **kwargs)
            except Busy:
                if time.monotonic() >= end:
                    raise
                await asyncio.sleep(LOOK_AGAIN)
            else:
                return await asyncio.wrap_future(future)

    def submit(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Start `call` in a thread. Raises `Busy`."""
        if not self._places.acquire(blocking=False):
            raise Busy(FULL)
        work: Any = partial(copy_context().run, partial(call, *args, **kwargs))
        future: Future[T] = self._threads.submit(work)
        future.add_done_callback(self._give_back)
        return future

    def _give_back(self, _future: Future[Any]) -> None:
        self._places.release()
