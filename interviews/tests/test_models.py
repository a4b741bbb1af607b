"""What single rows of interviews say and keep."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import models
from django.utils import timezone

from interviews.models import (
    Answer,
    AuditEvent,
    Interview,
    InterviewSession,
    Question,
    Rating,
    Recording,
    SocketTicket,
    Spending,
    Turn,
)
from interviews.models.recording import new_path
from interviews.services.loaded_session import LoadedSession, load_session
from interviews.services.tickets import issue_ticket
from interviews.tests.rows import CLOSED, make_row, make_turn


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (Interview(position="Cook"), "Cook, mixed"),
        (Question(number=2, text="x" * 61), f"2. {'x' * 60}"),
        (InterviewSession(pk=1), "session 1"),
        (Turn(number=2, session_id=1), "turn 2 of session 1"),
        (Answer(turn_id=3), "answer to 3"),
        (Recording(key="k", turn_id=3), "recording k of turn 3"),
        (Spending(calls=2), "2 calls"),
        (AuditEvent(actor_label="ada", action="did", target="it"), "ada did it"),
        (SocketTicket(pk=1), "ticket 1"),
    ],
)
def test_a_row_names_itself(row: models.Model, name: str) -> None:
    assert str(row) == name


def test_an_interview_is_planned_by_what_was_set_up() -> None:
    setup: dict[str, Any] = {
        "position": "Cook",
        "interview_type": "technical",
        "difficulty": "hard",
        "num_questions": 3,
        "mode": "screening",
        "language": "de",
        "job_description": "Cooks.",
        "follow_ups_per_question": 2,
    }

    assert Interview(**setup).as_spec(seed="s") == {**setup, "seed": "s"}


def test_a_question_is_planned_with_its_number_and_its_place_in_the_bank() -> None:
    question = Question(number=2, bank_slug="cook-1", text="Why?")

    planned = question.as_planned()

    assert planned == {"number": 2, "bank_id": "cook-1", **question.content()}
    assert planned["text"] == "Why?"


@pytest.mark.parametrize(
    ("flows", "is_waiting"),
    [(["closed", "answered"], True), (["closed", "asked"], False), ([], False)],
)
def test_a_session_waits_while_an_answer_is_not_carried_on(
    flows: list[str], is_waiting: bool
) -> None:
    turns = [Turn(flow=flow) for flow in flows]
    session = LoadedSession(InterviewSession(), Interview(), [], turns)

    assert (session.waiting_turn is not None) is is_waiting


@pytest.mark.django_db
def test_turns_are_loaded_with_answer_and_ratings(django_assert_num_queries: Any) -> None:
    turn, unanswered = make_turn(**CLOSED), make_turn()
    answer = Answer.objects.create(turn=turn, session=turn.session, key="k")
    rating = Rating.objects.create(turn=turn, criterion="Databases", score=3)

    with django_assert_num_queries(3):
        found = {one.pk: (one.given_answer, one.rating_list) for one in Turn.objects.with_ratings()}

    assert found == {turn.pk: (answer, [rating]), unanswered.pk: (None, [])}


@pytest.mark.django_db
def test_a_session_is_loaded_with_all_that_a_room_needs(django_assert_num_queries: Any) -> None:
    turn = make_turn(**CLOSED)
    answer = Answer.objects.create(turn=turn, session=turn.session, key="k")
    rating = Rating.objects.create(turn=turn, criterion="Databases", score=3)
    make_turn(**CLOSED)

    with django_assert_num_queries(4):
        session = load_session(InterviewSession.objects.filter(pk=turn.session_id))
        assert session is not None
        (found,) = session.turns
        told = (found.given_answer, found.rating_list, found.question, session.interview.pk)

    assert told == (answer, [rating], turn.question, turn.session.interview_id)
    assert found.session is session.session
    assert session.questions == [turn.question]
    assert load_session(InterviewSession.objects.filter(pk=0)) is None


def test_a_recording_lies_where_the_sweep_looks_for_it() -> None:
    assert re.fullmatch(r"([0-9a-f]{2})/\1[0-9a-f]{30}", new_path())


@pytest.mark.django_db
def test_what_the_machine_heard_is_stored_and_nothing_else() -> None:
    recording = Recording.objects.create(turn=make_turn(), key="k")
    recording.media_type = "not stored"

    recording.keep_transcript({"text": "a"})

    stored = Recording.objects.get()
    assert recording.transcript == stored.transcript == {"text": "a"}
    assert stored.media_type == ""


@pytest.mark.django_db
def test_a_ticket_lives_half_a_minute() -> None:
    session = make_row()
    before = timezone.now()

    issue_ticket(user=session.candidate, token=session.token)

    lives = timedelta(seconds=30)
    assert before + lives <= SocketTicket.objects.get().expires_at <= timezone.now() + lives
