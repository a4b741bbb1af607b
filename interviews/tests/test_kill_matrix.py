"""A worker killed at any point of a turn loses nothing and doubles nothing, and the session can finish."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from ai.testing import StubModel
from interviews import services
from interviews.errors import Conflict
from interviews.models import Answer, InterviewSession, Rating, Turn
from interviews.services import processes
from interviews.services.lookups import fresh
from interviews.services.streaming import stream_response
from interviews.services.turn.answer import Submission
from interviews.testing import make_bank, make_session, model_in_use
from interviews.tests.crash import POINTS, STREAMED_POINTS, DyingModel, dying_at, in_child

FULL = os.environ.get("KILL_TRIALS") == "full"
REPEATS = 20 if FULL else 1
WALKS = 300 if FULL else 6
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_processes(settings: Settings, tmp_path: Path) -> None:
    """Keep apart from what other tests of this machine leave behind."""
    settings.VAR_DIR = tmp_path
    processes.process_name.cache_clear()


def submit(session: InterviewSession, turn: int, text: str) -> None:
    services.submit_response(
        user=session.candidate,
        token=session.token,
        submission=Submission(turn, text, key=f"key-{turn}"),
    )


def submit_and_die(session: InterviewSession, point: str, turn: int, text: str) -> int:
    def work() -> None:
        with model_in_use(DyingModel(point)), dying_at(point):
            submit(session, turn, text)

    return in_child(work)


def time_passes() -> None:
    """Let every lease and every wait for another attempt run out."""
    past = timezone.now() - timedelta(seconds=1)
    InterviewSession.objects.filter(lease_until__isnull=False).update(lease_until=past)
    Turn.objects.filter(next_attempt_at__isnull=False).update(next_attempt_at=past)


def finish(session: InterviewSession) -> None:
    """Go on as the candidate would, until the interview is over and every answer is rated."""
    for _step in range(12):
        time_passes()
        services.catch_up()
        open_turn = fresh(session).open_turn
        if open_turn is None:
            break
        submit(session, open_turn.number, "k1 k2 k3")
    services.catch_up()


def check(session: InterviewSession) -> None:
    done = fresh(session)
    assert done.status == InterviewSession.Status.COMPLETED
    assert [turn.number for turn in done.turns] == list(range(1, len(done.turns) + 1))
    assert all(turn.evaluation == Turn.Evaluation.SCORED for turn in done.turns)
    assert Answer.objects.count() == Rating.objects.count() == len(done.turns)
    planned = [turn.question_id for turn in done.turns if not turn.is_follow_up]
    assert len(planned) == len(set(planned)) == 2


def restart(session: InterviewSession) -> None:
    """Start again on the same machine: with no time gone by, no answer waits any more for what comes next."""
    services.catch_up()
    assert not any(turn.flow == Turn.Flow.ANSWERED for turn in fresh(session).turns)


def stored(session: InterviewSession, turn: int) -> bool:
    return Answer.objects.filter(session=session, turn__number=turn).exists()


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("repeat", range(REPEATS))
def test_a_killed_worker_loses_and_doubles_nothing(point: str, repeat: int) -> None:
    make_bank()
    with model_in_use(StubModel()):
        session = make_session()

        ended = submit_and_die(session, point, 1, "only k1")

        assert ended == -signal.SIGKILL
        was_stored = stored(session, 1)
        assert was_stored == (point not in {"record:before", "record:in"})
        restart(session)
        if repeat % 2:
            time_passes()
            submit(session, 1, "only k1")
        finish(session)
        check(session)
        assert not was_stored or Answer.objects.get(turn__number=1).text == "only k1"


def stream(session: InterviewSession, turn: int, text: str) -> None:
    async def run() -> None:
        submission = Submission(turn, text, key=f"key-{turn}")
        steps = stream_response(user=session.candidate, token=session.token, submission=submission)
        async for _step in steps:
            pass

    asyncio.run(run())


@pytest.mark.parametrize("point", STREAMED_POINTS)
@pytest.mark.parametrize("repeat", range(REPEATS))
def test_a_streamed_turn_killed_anywhere_loses_and_doubles_nothing(point: str, repeat: int) -> None:
    make_bank()
    with model_in_use(StubModel()):
        session = make_session(follow_ups_per_question=0)

        def work() -> None:
            with model_in_use(DyingModel(point)), dying_at(point):
                stream(fresh_with_candidate(session), 1, "only k1")

        assert in_child(work) == -signal.SIGKILL
        was_stored = stored(session, 1)
        assert was_stored == (point not in {"take:before", "take:in"})
        restart(session)
        if repeat % 2:
            time_passes()
            submit(session, 1, "only k1")
        finish(session)
        check(session)
        assert not was_stored or Answer.objects.get(turn__number=1).text == "only k1"


def fresh_with_candidate(session: InterviewSession) -> InterviewSession:
    loaded = fresh(session)
    assert loaded.candidate.pk
    return loaded.session


@pytest.mark.parametrize("seed", range(WALKS))
def test_random_crashes_over_a_whole_interview(seed: int) -> None:
    chance = random.Random(seed)
    make_bank()
    with model_in_use(StubModel()):
        session = make_session()
        saved: dict[int, str] = {}
        for _step in range(10):
            time_passes()
            if chance.random() < 0.5:
                services.catch_up()
            open_turn = fresh(session).open_turn
            if open_turn is None:
                continue
            text = chance.choice(["k1", "k1 k2", "k1 k2 k3", "nothing"]) + f" {seed}"
            submit_and_die(session, chance.choice(POINTS), open_turn.number, text)
            if stored(session, open_turn.number):
                saved[open_turn.number] = text
        finish(session)
        check(session)

    for number, text in saved.items():
        assert Answer.objects.get(turn__number=number).text == text


def test_a_session_killed_while_it_opens_can_be_opened() -> None:
    make_bank()
    with model_in_use(StubModel()):
        interview_session = make_session()
        interview = interview_session.interview
        services.delete_interview(interview=interview, actor=interview.owner)
        session = make_session()
        with pytest.raises(Conflict):
            submit(session, 7, "never asked")
        finish(session)
        check(session)
