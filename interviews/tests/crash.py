"""Crashes a process in the middle of a turn: at which points, and how."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest import mock

from django.db import connection, connections, transaction

from ai.testing import StubModel
from interviews import database
from interviews.services import engine, streaming
from interviews.services.turn import answer, lease, outcome, run

# Where a worker dies: around the commit of each step that writes, and during or after each call of the provider.
POINTS = (
    *(
        f"{step}:{when}"
        for step in ("record", "claim", "outcome")
        for when in ("before", "in", "after")
    ),
    *(f"{call}:{when}" for call in ("evaluate", "follow_up") for when in ("during", "after")),
)
# The same for a streamed turn whose next question comes first and whose rating follows.
STREAMED_POINTS = (
    *(
        f"{step}:{when}"
        for step in ("take", "begin", "flow", "late")
        for when in ("before", "in", "after")
    ),
    "evaluate:during",
    "evaluate:after",
)


def die() -> None:
    """End this process at once: no handler, no flush, no rollback."""
    os.kill(os.getpid(), signal.SIGKILL)


class DyingModel(StubModel):
    """A stub that dies during a call, or right after it."""

    def __init__(self, point: str) -> None:
        super().__init__()
        self.call, _, self.when = point.partition(":")

    def evaluate(self, *args: Any, **kwargs: Any) -> Any:
        return self._dying("evaluate", super().evaluate, *args, **kwargs)

    def write_follow_up(self, *args: Any, **kwargs: Any) -> Any:
        return self._dying("follow_up", super().write_follow_up, *args, **kwargs)

    def _dying(self, call: str, do: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if call == self.call and self.when == "during":
            die()
        result = do(*args, **kwargs)
        if call == self.call:
            die()
        return result


@contextlib.contextmanager
def dying_at(point: str) -> Iterator[None]:
    """Die at one point of the three steps that write; a point of the provider changes nothing here."""
    step, _, when = point.partition(":")
    patches = {
        "record": lambda: mock.patch.object(
            answer, "record_answer", _dying(answer.record_answer, when)
        ),
        "claim": lambda: mock.patch.object(run, "claim", _dying(lease.claim, when)),
        "outcome": lambda: mock.patch.object(
            run, "record_outcome", _dying(outcome.record_outcome, when)
        ),
        "take": lambda: mock.patch.object(
            streaming, "take_answer", _dying(answer.take_answer, when)
        ),
        "begin": lambda: mock.patch.object(run, "claim", _dying(lease.claim, when)),
        "flow": lambda: mock.patch.object(run, "record_flow", _dying(outcome.record_flow, when)),
        "late": lambda: mock.patch.object(
            run, "store_late_rating", _dying(outcome.store_late_rating, when)
        ),
    }
    with patches[step]() if step in patches else contextlib.nullcontext():
        yield


def _dying(write: Callable[..., Any], when: str) -> Callable[..., Any]:
    """Return `write` so that the process dies before it, between its last statement and its commit, or after it."""

    def dying(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            die()
        if when == "in":
            with transaction.atomic():
                write(*args, **kwargs)
                die()
        result = write(*args, **kwargs)
        die()
        return result

    return dying


def let_go_of_the_database() -> None:
    """Close every connection, and the pool with its threads: neither survives a fork."""
    connections.close_all()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]


def in_child(work: Callable[[], object]) -> int:
    """Fork, work there, and return how the child ended: an exit code, or minus the signal that killed it."""
    let_go_of_the_database()
    child = os.fork()
    if child == 0:
        code = 1
        database.threads = ThreadPoolExecutor(2)  # threads do not survive a fork
        engine.provider_pool.cache_clear()
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)
