"""Opening a session and coming back to it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.testing import make_user
from interviews import services
from interviews.errors import Conflict, InvalidInput, LeaseLost, NotFound, StillWorking
from interviews.models import BankQuestion, Interview, InterviewSession, Turn
from interviews.services.lookups import fresh
from interviews.services.turn import start
from interviews.services.turn.graph_input import start_state
from interviews.services.turn.lease import claim
from interviews.testing import answer, make_interview, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]


def test_starting_asks_the_first_question_and_records_consent() -> None:
    session = make_session()

    assert session.status == InterviewSession.Status.ACTIVE
    assert session.consented_at is not None
    turn = fresh(session).open_turn
    assert turn is not None
    assert turn.number == 1
    assert session.interview.status == Interview.Status.PUBLISHED


def test_starting_again_resumes_at_the_same_place() -> None:
    session = make_session()
    answer(session)

    again = services.start_interview(interview=session.interview, user=session.candidate)

    assert again.session == session
    assert again.open_turn == session.turns.get(number=2)
    assert Turn.objects.count() == 2


def test_a_token_is_long_and_random() -> None:
    one, two = make_session(), make_session()

    assert one.token != two.token
    assert len(one.token) >= 43


def test_nobody_starts_what_was_not_assigned_to_them() -> None:
    session = make_screening(make_user(staff=True), make_user())

    with pytest.raises(NotFound):
        services.start_interview(interview=session.interview, user=make_user())


def test_staff_are_told_that_candidates_answer_a_screening() -> None:
    staff = make_user(staff=True)
    session = make_screening(staff, make_user())

    with pytest.raises(Conflict, match="assigned"):
        services.start_interview(interview=session.interview, user=staff)


def test_an_assigned_interview_has_the_frozen_questions() -> None:
    staff, one, two = make_user(staff=True), make_user(), make_user()
    first = make_screening(staff, one)
    services.assign_interview(interview=first.interview, candidate=two, actor=staff)

    texts = [
        [t.text for t in services.start_interview(interview=first.interview, user=user).turns]
        for user in (one, two)
    ]

    assert texts[0] == texts[1] == [first.interview.questions.get(number=1).text]


def test_nobody_meets_a_question_again_while_others_are_left() -> None:
    candidate = make_user()
    for _ in range(3):
        session = make_session(candidate, num_questions=2)
        answer(session)
        answer(session)

    asked = list(Turn.objects.values_list("question__bank_slug", flat=True))
    assert len(set(asked)) == len(asked) == 6


def test_a_bank_that_runs_dry_repeats() -> None:
    candidate = make_user()
    for _ in range(2):
        session = make_session(candidate, num_questions=4)
        while session.turns.open().exists():
            answer(session)

    assert Turn.objects.count() == 8


def test_an_interview_the_bank_cannot_fill_says_so_and_stays_a_draft() -> None:
    interview = make_interview()
    BankQuestion.objects.all().delete()

    with pytest.raises(InvalidInput) as caught:
        services.start_interview(interview=interview, user=interview.owner)

    assert caught.value.field == "num_questions"
    interview.refresh_from_db()
    assert interview.is_draft


def test_while_another_request_opens_the_session_one_is_asked_to_wait() -> None:
    interview = make_interview()
    session = InterviewSession.objects.create(interview=interview, candidate=interview.owner)
    claim(fresh(session))

    with pytest.raises(StillWorking):
        services.start_interview(interview=interview, user=interview.owner)


def test_a_stale_opener_stores_nothing() -> None:
    interview = make_interview()
    session = fresh(InterviewSession.objects.create(interview=interview, candidate=interview.owner))
    lease = claim(session)
    assert lease is not None
    InterviewSession.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    claim(fresh(session))
    state = {**start_state(session), "questions": [], "next_question": {"turn": 1}}

    with pytest.raises(LeaseLost):
        start.record_start(session, lease, state)  # type: ignore[arg-type]

    assert not Turn.objects.exists()


def test_a_timed_question_starts_its_clock_when_it_is_shown() -> None:
    untimed = fresh(make_session())
    timed = fresh(make_session(timed=True, session_time_limit_minutes=30))

    assert untimed.open_turn is not None
    assert untimed.open_turn.deadline is None
    assert timed.open_turn is not None
    assert timed.open_turn.deadline is not None
    assert timed.deadline is not None
    left = timed.open_turn.deadline - timezone.now()
    assert timedelta(seconds=170) < left <= timedelta(seconds=180)


def test_coming_back_does_not_give_more_time() -> None:
    session = make_session(timed=True)
    before = session.turns.get().deadline

    services.start_interview(interview=session.interview, user=session.candidate)

    assert session.turns.get().deadline == before
