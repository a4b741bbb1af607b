"""A few places for database work in one process, given back while a provider is at work.

With more threads than that in the ORM at once, each holds its locks while it waits for its turn at the interpreter, and
all get slower; waiting at the door costs nothing. A request that waits for a provider does not count.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

PLACES = 3


class Places:
    """So many places. One that is left goes to the next request that returns from a provider, then to the next new one.

    Otherwise a crowd would have everything begun and nothing finished, all of it in memory.
    """

    def __init__(self, count: int) -> None:
        self.free = count
        self._lock = threading.Lock()
        self._returning: deque[threading.Event] = deque()
        self._new: deque[threading.Event] = deque()

    @property
    def waiting(self) -> int:
        return len(self._returning) + len(self._new)

    def take(self) -> None:
        self._wait(self._new)

    def take_again(self) -> None:
        self._wait(self._returning)

    def leave(self) -> None:
        with self._lock:
            queue = self._returning or self._new
            if queue:
                queue.popleft().set()
            else:
                self.free += 1

    def _wait(self, queue: deque[threading.Event]) -> None:
        with self._lock:
            if self.free:
                self.free -= 1
                return
            turn = threading.Event()
            queue.append(turn)
        turn.wait()


_places = Places(PLACES)
_mine = threading.local()


@contextmanager
def work_slot() -> Iterator[None]:
    """Take a place for the work of one request, waiting if there is none."""
    _places.take()
    _mine.is_taken = True
    try:
        yield
    finally:
        _mine.is_taken = False
        _places.leave()


@contextmanager
def slot_given_back() -> Iterator[None]:
    """Give this thread's place back for a while, if it has one."""
    if not getattr(_mine, "is_taken", False):
        yield
        return
    _mine.is_taken = False
    _places.leave()
    try:
        yield
    finally:
        _places.take_again()
        _mine.is_taken = True
