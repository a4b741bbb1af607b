"""SQLite's connections: used again where that is safe, and only there."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from pytest_django import DjangoDbBlocker

from interviewer.conf import SQLITE
from interviewer.sqlite.base import MOST_KEPT, DatabaseWrapper, idle

SETTINGS: dict[str, Any] = {
    "ENGINE": "interviewer.sqlite",
    "AUTOCOMMIT": True,
    "ATOMIC_REQUESTS": False,
    "CONN_MAX_AGE": 0,
    "CONN_HEALTH_CHECKS": False,
    "TIME_ZONE": None,
    "OPTIONS": SQLITE,
}


@pytest.fixture(autouse=True)
def nothing_kept(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    idle.close()
    with django_db_blocker.unblock():
        yield
    idle.close()


def wrapper(path: Path) -> DatabaseWrapper:
    return DatabaseWrapper({**SETTINGS, "NAME": str(path)}, "other")


def opened(path: Path) -> sqlite3.Connection:
    """Connect, and return SQLite's own connection after it was given back."""
    one = wrapper(path)
    one.connect()
    connection: sqlite3.Connection = one.connection
    one.close()
    return connection


def test_a_closed_connection_is_used_again(tmp_path: Path) -> None:
    first = opened(tmp_path / "one.sqlite3")

    assert opened(tmp_path / "one.sqlite3") is first


def test_another_thread_gets_it_too(tmp_path: Path) -> None:
    first, found = opened(tmp_path / "one.sqlite3"), list[sqlite3.Connection]()

    thread = threading.Thread(target=lambda: found.append(opened(tmp_path / "one.sqlite3")))
    thread.start()
    thread.join()

    assert found == [first]


def test_another_database_gets_its_own(tmp_path: Path) -> None:
    first = opened(tmp_path / "one.sqlite3")

    assert opened(tmp_path / "two.sqlite3") is not first


def test_two_at_a_time_share_nothing(tmp_path: Path) -> None:
    one, two = wrapper(tmp_path / "one.sqlite3"), wrapper(tmp_path / "one.sqlite3")
    one.connect()
    two.connect()

    assert one.connection is not two.connection
    one.close()
    two.close()


def test_one_that_broke_is_let_go_of(tmp_path: Path) -> None:
    one = wrapper(tmp_path / "one.sqlite3")
    one.connect()
    one.connection.close()

    one.close()

    assert one.connection is None
    assert not idle.kept


def test_one_in_the_middle_of_a_transaction_is_closed(tmp_path: Path) -> None:
    one = wrapper(tmp_path / "one.sqlite3")
    one.connect()
    connection = one.connection
    connection.execute("BEGIN IMMEDIATE")
    one.close()

    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")
    assert opened(tmp_path / "one.sqlite3") is not connection


def test_one_that_met_an_error_is_closed(tmp_path: Path) -> None:
    one = wrapper(tmp_path / "one.sqlite3")
    with pytest.raises(DatabaseError), one.cursor() as cursor:
        cursor.execute("SELECT * FROM nowhere")
    one.close()

    assert not idle.kept


def test_foreign_keys_are_checked_again_whatever_was_done_before(tmp_path: Path) -> None:
    one = wrapper(tmp_path / "one.sqlite3")
    one.connect()
    one.disable_constraint_checking()
    one.close()
    one.connect()

    assert one.connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    one.close()


def test_only_a_few_are_kept(tmp_path: Path) -> None:
    wrappers = [wrapper(tmp_path / "one.sqlite3") for _ in range(MOST_KEPT + 2)]
    for one in wrappers:
        one.connect()
    for one in wrappers:
        one.close()

    assert len(idle.kept) == MOST_KEPT


def test_a_forked_child_leaves_its_parents_connections_alone(tmp_path: Path) -> None:
    first = opened(tmp_path / "one.sqlite3")

    idle.forget()

    assert opened(tmp_path / "one.sqlite3") is not first
    assert first.execute("SELECT 1").fetchone() == (1,)
    first.close()
    idle.of_parent.clear()
