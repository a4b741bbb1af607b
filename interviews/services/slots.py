"""A few places for database work in one process, given back while a provider is at work.

With more threads than that in the ORM at once, each holds its locks while it waits for its turn at the interpreter, and
all get slower; waiting at the door costs nothing. Whoever waits for a provider does not count.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PLACES = 3
_places = threading.BoundedSemaphore(PLACES)
_mine = threading.local()


@contextmanager
def work_slot() -> Iterator[None]:
    """Take a place for the work of one request, waiting for it where there is none."""
    with _places:
        _mine.is_taken = True
        try:
            yield
        finally:
            _mine.is_taken = False


@contextmanager
def slot_given_back() -> Iterator[None]:
    """Give this thread's place back for a while, where it has one."""
    if not getattr(_mine, "is_taken", False):
        yield
        return
    _places.release()
    try:
        yield
    finally:
        _places.acquire()
