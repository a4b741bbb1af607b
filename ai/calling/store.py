"""A small shared memory for breakers and counters; Django's cache is one without knowing it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Protocol


class Store(Protocol):
    """Keys and values that outlive a call and may be shared by processes; `timeout` is in seconds."""

    def get(self, key: str, default: Any = None) -> Any: ...

    def set(self, key: str, value: Any, timeout: float | None = None) -> None: ...

    def add(self, key: str, value: Any, timeout: float | None = None) -> bool:
        """Set a key that is not there; False where it is."""

    def incr(self, key: str, delta: int = 1) -> int:
        """Add to a number. Raises `ValueError` where there is none."""

    def delete(self, key: str) -> bool: ...


class MemoryStore:
    """A `Store` for one process."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._lock = threading.RLock()
        self._values: dict[str, tuple[Any, float | None]] = {}

    def get(self, key: str, default: Any = None) -> Any:
        with self._lock:
            value, until = self._values.get(key, (default, None))
            return default if until is not None and until <= self._now() else value

    def set(self, key: str, value: Any, timeout: float | None = None) -> None:
        with self._lock:
            self._values[key] = (value, None if timeout is None else self._now() + timeout)

    def add(self, key: str, value: Any, timeout: float | None = None) -> bool:
        with self._lock:
            if self.get(key) is not None:
                return False
            self.set(key, value, timeout)
            return True

    def incr(self, key: str, delta: int = 1) -> int:
        with self._lock:
            if self.get(key) is None:
                raise ValueError(f"{key} is not there.")
            number, until = self._values[key]
            self._values[key] = (number + delta, until)
            return int(number + delta)

    def delete(self, key: str) -> bool:
        with self._lock:
            return self._values.pop(key, None) is not None


def count(store: Store, key: str, delta: int = 1, *, timeout: float) -> int:
    """Add to a counter that may not be there yet, and return it."""
    store.add(key, 0, timeout)
    try:
        return store.incr(key, delta)
    except ValueError:
        store.set(key, delta, timeout)
        return delta
