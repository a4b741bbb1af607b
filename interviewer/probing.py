"""Checks that may hang: each runs in a thread of its own, and nobody waits for it longer than two seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from django.db import connection, connections

T = TypeVar("T")
LIMIT_SECONDS, GIVEN_UP_SECONDS = 2.0, 30.0


class Probe(Generic[T]):
    """One check. While it runs, whoever else asks waits for the same run; after the limit nobody does any more."""

    def __init__(self, check: Callable[[], T]) -> None:
        self._check = check
        self._lock = threading.Lock()
        self._running: Future[T] | None = None
        self._begun = 0.0

    def start(self) -> Future[T]:
        """Begin the check and return its result to come, or that of a run under way."""
        if connection.in_atomic_block:
            return here(self._check)
        with self._lock:
            age = time.monotonic() - self._begun
            if self._running is None or self._running.done() or age > GIVEN_UP_SECONDS:
                self._running, self._begun = in_thread(self._check), time.monotonic()
            return self._running

    def wait(self, running: Future[T]) -> T:
        """Return what a run brings, or raise what it raises. Raises `TimeoutError` after the limit."""
        return running.result(max(0.0, self._begun + LIMIT_SECONDS - time.monotonic()))


def within_limit(call: Callable[[], T]) -> T:
    """Return what `call` returns, or raise what it raises. Raises `TimeoutError` after the limit."""
    start = here if connection.in_atomic_block else in_thread
    return start(call).result(LIMIT_SECONDS)


def here(call: Callable[[], T]) -> Future[T]:
    """Call in this very thread: only tests are in a transaction, and their rows are in it."""
    future: Future[T] = Future()
    settle(future, call)
    return future


def settle(future: Future[T], call: Callable[[], T]) -> None:
    try:
        future.set_result(call())
    except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits
        future.set_exception(error)


def in_thread(call: Callable[[], T]) -> Future[T]:
    """Start `call` in a thread with a database connection of its own, beside any pool."""
    future: Future[T] = Future()

    def work() -> T:
        connect_apart()
        try:
            return call()
        finally:
            connections.close_all()

    threading.Thread(target=settle, args=(future, work), daemon=True, name="probe").start()
    return future


def connect_apart() -> None:
    """Let this thread use a connection that waits for no place in a pool, and gives up by itself."""
    apart: Any = connections["default"].copy()
    apart.settings_dict["OPTIONS"] = impatient(apart.vendor, apart.settings_dict["OPTIONS"])
    connections["default"] = apart


def impatient(vendor: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return a connection's options, with time limits in the place of a pool where it has one."""
    if vendor != "postgresql":
        return options
    kept = {name: value for name, value in options.items() if name != "pool"}
    limit = f"-c statement_timeout={LIMIT_SECONDS * 1000:.0f}"
    return {
        **kept,
        "connect_timeout": round(LIMIT_SECONDS),
        "tcp_user_timeout": round(LIMIT_SECONDS * 1000),
        "options": f"{kept.get('options', '')} {limit}".strip(),
    }
