"""Ten processes at once: one winner, one rating, one next question."""

from __future__ import annotations

import os
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.services import EmailTaken, register_user
from accounts.testing import make_user
from ai.testing import StubModel
from interviews import services
from interviews.errors import Conflict, KeyReused, StillWorking, TooLate
from interviews.models import Answer, Interview, InterviewSession, Rating, Turn
from interviews.services.lookups import fresh
from interviews.services.turn.answer import Submission
from interviews.testing import (
    answer,
    make_bank,
    make_interview,
    make_recruiter,
    make_screening,
    make_session,
    model_in_use,
)
from interviews.tests.crash import let_go_of_the_database

CROWD = 10
DONE, WAIT, CONFLICT, REUSED, TAKEN, BROKEN = range(6)
pytestmark = pytest.mark.django_db(transaction=True)


def crowd(work: Callable[[int], object]) -> Counter[int]:
    """Let ten processes start `work` at the same moment; count how they ended."""
    let_go_of_the_database()
    gate_out, gate_in = os.pipe()
    children = [_child(work, number, gate_out, gate_in) for number in range(CROWD)]
    os.close(gate_out)
    os.close(gate_in)
    return Counter(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)


def _child(work: Callable[[int], object], number: int, gate_out: int, gate_in: int) -> int:
    child = os.fork()
    if child:
        return child
    os.close(gate_in)
    os.read(gate_out, 1)
    os._exit(_ended(work, number))


def _ended(work: Callable[[int], object], number: int) -> int:
    codes: dict[type[Exception], int] = {
        StillWorking: WAIT,
        Conflict: CONFLICT,
        TooLate: CONFLICT,
        KeyReused: REUSED,
        EmailTaken: TAKEN,
    }
    try:
        with model_in_use(StubModel(delay=0.05)):
            work(number)
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent must learn of it
        traceback.print_exception(error)
        return codes.get(type(error), BROKEN)
    return DONE


def submit(session: InterviewSession, key: str, text: str = "k1 k2 k3") -> None:
    services.submit_response(
        user=session.candidate, token=session.token, submission=Submission(1, text, key)
    )


@pytest.fixture
def session() -> InterviewSession:
    make_bank()
    with model_in_use(StubModel()):
        return make_session()


def settle(session: InterviewSession) -> None:
    with model_in_use(StubModel()):
        services.catch_up()
    turns = fresh(session).turns
    assert [turn.number for turn in turns] == [1, 2]


def test_ten_times_the_same_answer_is_one_answer(session: InterviewSession) -> None:
    ended = crowd(lambda _number: submit(session, "same"))

    settle(session)
    assert set(ended) <= {DONE, WAIT}
    assert (Answer.objects.count(), Rating.objects.count()) == (1, 1)


def test_ten_different_answers_have_one_winner(session: InterviewSession) -> None:
    ended = crowd(lambda number: submit(session, f"key {number}", f"k1 {number}"))

    settle(session)
    assert set(ended) <= {DONE, WAIT, CONFLICT}
    assert ended[CONFLICT] == CROWD - 1
    assert (Answer.objects.count(), Rating.objects.count()) == (1, 1)


def test_one_key_with_ten_bodies_has_one_winner(session: InterviewSession) -> None:
    ended = crowd(lambda number: submit(session, "same", f"k1 {number}"))

    settle(session)
    assert set(ended) <= {DONE, WAIT, REUSED}
    assert ended[REUSED] == CROWD - 1
    assert Answer.objects.count() == 1


def test_ten_starts_open_one_session_with_one_question() -> None:
    make_bank()
    interview = make_interview()

    def start(_number: int) -> None:
        again = Interview.objects.get(pk=interview.pk)
        services.start_interview(interview=again, user=again.owner)

    ended = crowd(start)

    assert set(ended) <= {DONE, WAIT}
    assert (InterviewSession.objects.count(), Turn.objects.count()) == (1, 1)
    assert interview.questions.count() == 2


def test_ten_catch_ups_rate_a_pending_answer_once(session: InterviewSession) -> None:
    with model_in_use(StubModel(is_down=True)):
        answer(session)
    Turn.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))

    ended = crowd(lambda _number: services.catch_up())

    assert set(ended) == {DONE}
    assert Rating.objects.count() == 1
    assert Turn.objects.get(number=1).attempts == 1


def test_an_answer_races_the_end_of_its_time(session: InterviewSession) -> None:
    services.save_draft(user=session.candidate, token=session.token, turn=1, text="the draft k1")
    Turn.objects.update(deadline=timezone.now() - timedelta(minutes=1))

    ended = crowd(lambda n: submit(session, f"key {n}") if n % 2 else services.catch_up())

    settle(session)
    assert set(ended) <= {DONE, WAIT, CONFLICT}
    assert Answer.objects.get().text == "the draft k1"


def test_ten_registrations_of_one_address_make_one_account() -> None:
    def register(_number: int) -> None:
        register_user(email="ada@example.org", password="x" * 12, full_name="Ada")

    ended = crowd(register)

    assert ended == {DONE: 1, TAKEN: CROWD - 1}


def test_one_key_makes_one_interview() -> None:
    owner = make_user()

    def make(_number: int) -> None:
        services.create_interview_once(owner=owner, key="one", position="Software engineer")

    assert crowd(make) == {DONE: CROWD}
    assert Interview.objects.count() == 1


def test_a_published_interview_gets_one_draft_of_its_next_version() -> None:
    make_bank()
    boss = make_recruiter()
    with model_in_use(StubModel()):
        interview = make_screening(boss, make_user()).interview

    def edit(number: int) -> None:
        services.edit_interview(interview=interview, actor=boss, title=f"Title {number}")

    assert crowd(edit) == {DONE: CROWD}
    assert Interview.objects.filter(version=2).count() == 1
