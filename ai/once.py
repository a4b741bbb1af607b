"""What a process makes once, although many threads ask for it first."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Once(Generic[P, T]):
    """A function like one under `functools.cache`, which lets two threads make the same thing twice.

    A second model, pool of processes or client would stay in memory, and nobody would use it.
    """

    def __init__(self, make: Callable[P, T]) -> None:
        functools.update_wrapper(self, make)
        self._kept: Any = functools.cache(make)
        self._lock = threading.RLock()

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        with self._lock:
            made: T = self._kept(*args, **kwargs)
            return made

    def cache_clear(self) -> None:
        self._kept.cache_clear()
