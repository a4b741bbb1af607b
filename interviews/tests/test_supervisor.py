"""The loop that catches up: one failure hurts nothing else, is logged without its words, and is tried again later."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from ai.testing import StubModel
from interviews import services
from interviews.models import Heartbeat, InterviewSession, Rating, SocketTicket, Turn
from interviews.services import jobs, supervisor
from interviews.services.jobs import JOBS
from interviews.services.lookups import fresh
from interviews.services.supervisor import FAILED, Job, Supervisor
from interviews.services.turn.answer import Submission, record_answer
from interviews.services.turn.retry import BACKOFF, GAVE_UP
from interviews.testing import make_session, model_in_use

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bank", "stub")]
SECRET = "AIza-what-nobody-may-read"


class UnreadableModel(StubModel):
    """Breaks in a way nobody foresaw, with the answer in its words, if the answer says so."""

    def evaluate(self, *args: Any, **kwargs: Any) -> Any:
        if "unreadable" in kwargs["answer"]:
            raise RecursionError(f"{SECRET} {kwargs['answer']}")
        return super().evaluate(*args, **kwargs)


@pytest.fixture
def unreadable() -> Iterator[UnreadableModel]:
    with model_in_use(UnreadableModel()) as model:
        yield model


def left_behind(text: str = "k1 k2 k3") -> InterviewSession:
    session = make_session()
    record_answer(fresh(session), Submission(1, text, "key"))
    return session


def unrated(text: str = "k1 k2 k3") -> Turn:
    session = left_behind(text)
    session.turns.update(flow="closed")
    return session.turns.get()


def flow_of(session: InterviewSession) -> str:
    return Turn.objects.get(session=session, number=1).flow


def no_work() -> int:
    return 0


def broken() -> int:
    raise ZeroDivisionError(SECRET)


def test_one_unreadable_reply_stops_nobody_else(unreadable: UnreadableModel) -> None:
    first, bad, last = left_behind(), left_behind("unreadable"), left_behind()

    done = services.catch_up()

    assert (done["carried_on"], done[FAILED]) == (2, 1)
    assert [flow_of(s) for s in (first, bad, last)] == ["closed", "answered", "closed"]


def test_a_failure_is_logged_by_number_and_place_without_any_words(
    unreadable: UnreadableModel, caplog: pytest.LogCaptureFixture
) -> None:
    turn = left_behind("unreadable secret words").turns.get()

    services.catch_up()

    assert f"Job carried_on failed on turn {turn.pk}: RecursionError at " in caplog.text
    assert "test_supervisor.py:" in caplog.text
    assert SECRET not in caplog.text
    assert "secret words" not in caplog.text


def test_what_failed_rests_and_is_tried_again_later(
    unreadable: UnreadableModel,
) -> None:
    left_behind("unreadable")
    rounds = Supervisor(JOBS)

    assert [rounds.run()[FAILED] for _round in range(3)] == [1, 0, 0]

    for rest in rounds.rests.values():
        rest.until = 0
    assert rounds.run()[FAILED] == 1
    assert max(rest.failures for rest in rounds.rests.values()) == 2


def test_what_rests_does_not_keep_others_from_their_turn(unreadable: UnreadableModel) -> None:
    left_behind("unreadable")
    good = left_behind()
    rounds = Supervisor(JOBS, limit=1)

    rounds.run()
    rounds.run()

    assert flow_of(good) == "closed"


def test_what_has_worked_since_rests_no_more(unreadable: UnreadableModel) -> None:
    left_behind("unreadable")
    rounds = Supervisor(JOBS)
    rounds.run()
    for rest in rounds.rests.values():
        rest.until = 0

    with model_in_use(StubModel()):
        assert rounds.run()["carried_on"] == 1

    assert rounds.rests == {}


def test_a_rating_that_breaks_is_postponed_in_its_row_and_then_given_to_a_person(
    unreadable: UnreadableModel,
) -> None:
    turn, good = unrated("unreadable"), unrated()
    waits = []
    for _attempt in BACKOFF:
        services.catch_up()
        turn.refresh_from_db()
        waits.append(turn.next_attempt_at is not None and turn.next_attempt_at > timezone.now())
        Turn.objects.filter(pk=turn.pk).update(next_attempt_at=timezone.now())

    assert waits == [True] * (len(BACKOFF) - 1) + [False]
    turn.refresh_from_db()
    assert (turn.evaluation, turn.reason, turn.needs_person) == ("not_scored", GAVE_UP, True)
    assert Rating.objects.get().turn == good


def test_a_broken_job_stops_no_other() -> None:
    jobs = (Job("broken", broken), Job("fine", lambda: 3))
    rounds = Supervisor(jobs)

    assert rounds.run() == {FAILED: 1, "fine": 3}
    assert rounds.run() == {"fine": 3}


def test_a_query_that_fails_stops_no_other_job_and_never_rests_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[int] = []
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)

    def find(_patience: timedelta) -> Any:
        calls.append(1)
        raise OperationalError("database is locked")

    rounds = Supervisor((Job("locked", no_work, find), Job("fine", lambda: 1)))
    for _round in range(4):
        assert rounds.run()["fine"] == 1
        rest = rounds._rest_of(rounds.jobs[0], None)
        assert rest.until == 1000.0 + supervisor.RESTS[0].total_seconds()
        rest.until = 0

    assert len(calls) == 4


def test_a_connection_that_broke_is_replaced() -> None:
    def break_connection() -> int:
        connection.ensure_connection()
        connection.connection.close()
        return SocketTicket.objects.count()

    session = left_behind()

    done = Supervisor((Job("break", break_connection), *JOBS)).run()

    assert (done[FAILED], done["carried_on"]) == (1, 1)
    assert flow_of(session) == "closed"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="ends a PostgreSQL backend")
def test_a_connection_that_postgresql_ended_is_replaced() -> None:
    def end_backend() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return 0

    left_behind()

    done = Supervisor((Job("end", end_backend), *JOBS)).run()

    assert (done[FAILED], done["carried_on"]) == (1, 1)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="locks an SQLite file")
def test_a_database_that_is_locked_for_long_is_waited_for_by_the_next_round() -> None:
    session = left_behind()
    rounds = Supervisor(JOBS)
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 20")

    locked = rounds.run()
    other.execute("ROLLBACK")
    other.close()
    for rest in rounds.rests.values():
        rest.until = 0
    freed = rounds.run()

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 10000")
    assert locked[FAILED] >= 1
    assert freed[FAILED] == 0
    assert flow_of(session) == "closed"


def test_a_session_that_is_deleted_in_mid_round_stops_nobody(stub: StubModel) -> None:
    first, gone, last = left_behind(), left_behind(), left_behind()

    def work(call: str) -> None:
        stub.calls.append(call)
        if stub.calls.count("evaluate 1") == 1:
            InterviewSession.objects.filter(pk=gone.pk).delete()

    stub._work = work  # type: ignore[method-assign]

    done = services.catch_up()

    assert (done["carried_on"], done[FAILED]) == (2, 1)
    assert [flow_of(s) for s in (first, last)] == ["closed", "closed"]


def test_a_session_that_is_deleted_while_its_answer_is_rated_stops_nobody(
    stub: StubModel,
) -> None:
    gone, last = left_behind(), left_behind()

    def work(call: str) -> None:
        stub.calls.append(call)
        InterviewSession.objects.filter(pk=gone.pk).delete()

    stub._work = work  # type: ignore[method-assign]

    services.catch_up()

    assert flow_of(last) == "closed"


def test_a_turn_that_is_deleted_while_it_is_rated_late_stops_nobody(stub: StubModel) -> None:
    gone, last = unrated(), unrated()

    def work(call: str) -> None:
        stub.calls.append(call)
        InterviewSession.objects.filter(pk=gone.session_id).delete()

    stub._work = work  # type: ignore[method-assign]

    services.catch_up()

    last.refresh_from_db()
    assert last.evaluation == "scored"


def test_items_are_worked_on_side_by_side() -> None:
    both = threading.Barrier(2, timeout=30)
    left_behind()
    left_behind()

    class Meeting(StubModel):
        def evaluate(self, *args: Any, **kwargs: Any) -> Any:
            both.wait()
            return super().evaluate(*args, **kwargs)

    with model_in_use(Meeting()):
        done = Supervisor(JOBS, workers=2).run()

    assert (done["carried_on"], done[FAILED]) == (2, 0)


@pytest.mark.parametrize("find", [None, lambda _patience: InterviewSession.objects.all()])
def test_a_long_call_does_not_silence_the_loop(find: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    beats = threading.Semaphore(0)
    make_session()
    monkeypatch.setattr(supervisor, "BEAT_EVERY", 0.01)
    monkeypatch.setattr(supervisor, "beat", beats.release)

    def wait_for_beats(*_item: InterviewSession) -> int:
        return sum(beats.acquire(timeout=30) for _ in range(3))

    assert Supervisor((Job("long", wait_for_beats, find),), workers=2).run() == {"long": 3}


def test_a_call_that_never_ends_silences_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[None] = []
    monkeypatch.setattr(supervisor, "BEAT_EVERY", 0.0)
    monkeypatch.setattr(supervisor, "STUCK_AFTER", 0.0)
    monkeypatch.setattr(supervisor, "beat", lambda: beats.append(None))

    def sleep() -> int:
        time.sleep(0.2)
        return 1

    Supervisor((Job("stuck", sleep),), workers=2).run()

    assert len(beats) == 2  # before the job and after it


def test_a_loop_that_is_stopped_finishes_the_item_at_hand_and_no_other(stub: StubModel) -> None:
    left_behind()
    left_behind()

    done = Supervisor(JOBS, is_stopped=lambda: bool(stub.calls.count("evaluate 1"))).run()

    assert done["carried_on"] == 1
    assert Turn.objects.filter(flow="answered").count() == 1


def test_a_loop_whose_parent_is_gone_ends() -> None:
    left_behind()

    call_command("catch_up", loop=True, parent=1, stdout=StringIO())

    assert Turn.objects.get().flow == "answered"


def test_every_round_shows_that_the_loop_is_alive() -> None:
    Supervisor((Job("broken", broken),)).run()

    assert Heartbeat.objects.get().name == "catch_up"


def test_a_loop_that_cannot_show_it_is_alive_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "HEARTBEAT", Job("heartbeat", broken))

    assert Supervisor((Job("fine", lambda: 1),)).run() == {"fine": 1}


def test_each_job_has_a_name_of_its_own() -> None:
    names = [job.name for job in jobs.JOBS]

    assert len(set(names)) == len(names)
    assert FAILED not in names
