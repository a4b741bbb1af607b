"""A database backend: Django's own for SQLite, whose closed connections wait for the next request.

To open a file and read its schema takes as long as five statements, and who closes the last connection must move the
write-ahead log into the file. Django pools PostgreSQL's connections in the same way.
"""

from __future__ import annotations

import atexit
import os
import sqlite3
from collections import deque
from typing import Any

from django.db.backends.sqlite3 import base

MOST_KEPT = 2


class IdleConnections:
    """Open connections that nobody uses, each with the parameters that it was opened with. Threads may share it."""

    def __init__(self) -> None:
        self.kept: deque[tuple[dict[str, Any], sqlite3.Connection]] = deque()
        self.of_parent: list[object] = []

    def take(self, parameters: dict[str, Any]) -> sqlite3.Connection | None:
        """Return one that was opened with the same parameters; others that are met are closed."""
        while self.kept:
            try:
                opened_with, connection = self.kept.pop()
            except IndexError:
                return None
            if opened_with == parameters:
                return connection
            connection.close()
        return None

    def keep(self, parameters: dict[str, Any], connection: sqlite3.Connection) -> bool:
        """Keep one for later; False where there are enough, it is in the middle of something, or it is closed."""
        try:
            is_busy = connection.in_transaction
        except sqlite3.ProgrammingError:
            return False
        if is_busy or len(self.kept) >= MOST_KEPT:
            return False
        self.kept.append((parameters, connection))
        return True

    def close(self) -> None:
        while self.kept:
            self.kept.pop()[1].close()

    def forget(self) -> None:
        """In a forked child: neither use nor close what belongs to the parent (sqlite.org/howtocorrupt.html, 2.6)."""
        self.of_parent += self.kept
        self.kept = deque()


idle = IdleConnections()
os.register_at_fork(after_in_child=idle.forget)
atexit.register(idle.close)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection to SQLite, taken from those that are idle and given back to them."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        kept = idle.take(conn_params)
        if kept is not None:
            kept.execute("PRAGMA foreign_keys = ON")
            return kept
        opened: sqlite3.Connection = super().get_new_connection(conn_params)
        return opened

    def _close(self) -> None:
        is_sound = not self.errors_occurred and not self.is_in_memory_db()
        if is_sound and idle.keep(self.get_connection_params(), self.connection):
            return
        super()._close()  # type: ignore[misc]  # the stubs leave it out
