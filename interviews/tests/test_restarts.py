"""The database and Redis restarted under load: nothing is lost, nothing is doubled, no socket dies of it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from interviews.tests.browser.live import running_daphne
from interviews.tests.load import Candidate, RestCandidate, SocketCandidate
from interviews.tests.restart_world import Row, rows_of, set_up
from interviews.tests.restarting import Server, own_postgres, own_redis, wait_for_postgres

FULL = os.environ.get("KILL_TRIALS") == "full"
PEOPLE, QUESTIONS, RESTARTS, SECONDS = (24, 20, 12, 600) if FULL else (4, 6, 2, 90)
HOW = [signal.SIGQUIT, signal.SIGINT]


@contextmanager
def product(database: Server, redis: Server) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Run the product on servers of its own; give its address, and who may go in."""
    places = {
        "DATABASE_URL": f"postgres://postgres@127.0.0.1:{database.port}/postgres",
        "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0",
        "TURN_LEASE_SECONDS": "2",
        "SPEECH_PROVIDER": "none",
    }
    visits = set_up(PEOPLE, QUESTIONS, **places)
    with running_daphne(STUB_DELAY="0.1", **places) as address:
        yield address, visits


def restart_in_turn(servers: Sequence[Server], people: Sequence[Candidate]) -> None:
    """Restart one server after the other while answers come in."""
    for number in range(RESTARTS):
        wanted = (number + 1) * PEOPLE * QUESTIONS // (RESTARTS + 2)
        while sum(len(one.saved) for one in people) < wanted:
            assert time.monotonic() < people[0].end
            time.sleep(0.02)
        server = servers[number % len(servers)]
        server.restart(HOW[number // 2 % 2] if server is servers[0] else signal.SIGKILL)


def test_restarts_under_load_lose_and_double_nothing(tmp_path: Path) -> None:
    with (
        own_postgres() as database,
        own_redis(tmp_path) as redis,
        product(database, redis) as (address, visits),
    ):
        kinds = [RestCandidate, SocketCandidate]
        people = [
            kinds[number % 2](address, visit, QUESTIONS, seconds=SECONDS)
            for number, visit in enumerate(visits)
        ]
        for one in people:
            one.start()

        restart_in_turn([database, redis], people)

        for one in people:
            assert one.is_done.wait(max(0.0, one.end - time.monotonic()))
        check(people, rows_of(database.port))
        database.restart(signal.SIGINT)
        wait_for_postgres(database.port)
        assert RestCandidate(address, visits[0], QUESTIONS).state() == 200


def check(people: Sequence[Candidate], rows: dict[str, list[Row]]) -> None:
    """Every answer that was acknowledged is there once, and rated once; what was cut off waits for catching up."""
    for one in people:
        turns = rows[one.visit["token"]]
        assert [turn.number for turn in turns] == list(range(1, QUESTIONS + 1))
        assert len({turn.question for turn in turns}) == QUESTIONS
        assert {turn.number: turn.answer for turn in turns} == one.saved
        assert all(turn.ratings == (turn.evaluation == "scored") for turn in turns)
        assert {turn.evaluation for turn in turns} <= {"scored", "pending"}
    seen = set().union(*(one.codes for one in people))
    assert seen <= {200, 202, 503, 1013}
