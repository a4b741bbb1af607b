"""What the database itself refuses: one attempt against each named constraint."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from interviews.models import (
    AnotherAnswer,
    Answer,
    Aside,
    AuditEvent,
    BankQuestion,
    Heartbeat,
    Installation,
    Interview,
    InterviewSession,
    MentorLink,
    PointClaim,
    PracticePlan,
    PracticeReminder,
    Question,
    Rating,
    Recording,
    SocketTicket,
    Spending,
    Turn,
)
from interviews.testing import answer, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]
EARLY = datetime(2000, 1, 1, tzinfo=UTC)


class World:
    """A session with one closed turn, one open turn, and an answer with its rating."""

    def __init__(self) -> None:
        self.session = make_session()
        answer(self.session)
        self.interview = self.session.interview
        self.question = self.interview.questions.get(number=1)
        self.closed = self.session.turns.get(number=1)
        self.open = self.session.turns.get(number=2)

    def turn(self, **fields: Any) -> Turn:
        values = {"session": self.session, "question": self.question, "number": 9, "text": "?"}
        closed = {"flow": "closed", "evaluation": "scored", "is_follow_up": True}
        return Turn(**{**values, **closed, "key_point_id": "k9", **fields})


def update(model: type[models.Model], **fields: Any) -> Callable[[World], object]:
    return lambda _world: model._default_manager.update(**fields)


def insert(make: Callable[[World], models.Model]) -> Callable[[World], object]:
    def write(world: World) -> object:
        row = make(world)
        return type(row)._default_manager.bulk_create([row])

    return write


def another_open_turn(world: World) -> Turn:
    return world.turn(flow="asked", evaluation="none")


def same_rating(world: World) -> Rating:
    return Rating(turn=world.closed, criterion=world.closed.question.competency, score=3)


def same_key(world: World) -> Answer:
    known = Answer.objects.get()
    return Answer(turn=world.open, session=world.session, key=known.key, sha256="0")


def claim(world: World, point: str = "k1") -> PointClaim:
    return PointClaim(turn=world.open, point=point, person=world.session.candidate)


def same_claim(world: World) -> PointClaim:
    claim(world).save()
    return claim(world)


def again(world: World, **fields: Any) -> AnotherAnswer:
    return AnotherAnswer(turn=world.closed, **{"text": "k1", "sha256": "0", **fields})


def same_words_again(world: World) -> AnotherAnswer:
    again(world).save()
    return again(world)


def aside(world: World, **fields: str) -> Aside:
    values = {"key": "one", "text": "?", "modality": "text", "kind": "help", "reply": "!"}
    return Aside(turn=world.open, session=world.session, sha256="0", **{**values, **fields})


def same_aside(world: World) -> Aside:
    aside(world).save()
    return aside(world)


def same_recording(world: World) -> Recording:
    known = Recording.objects.create(turn=world.open, key="one")
    return Recording(turn=world.open, key=known.key)


def same_ticket(world: World) -> SocketTicket:
    def ticket() -> SocketTicket:
        user, now = world.session.candidate, timezone.now()
        return SocketTicket(session=world.session, user=user, digest="0", expires_at=now)

    ticket().save()
    return ticket()


def same_heartbeat(_world: World) -> Heartbeat:
    now = timezone.now()
    Heartbeat.objects.create(name="loop", beat_at=now, started_at=now, host="h", pid=1)
    return Heartbeat(name="loop", beat_at=now, started_at=now, host="h", pid=2)


def nameless_heartbeat(_world: World) -> Heartbeat:
    now = timezone.now()
    return Heartbeat(name="", beat_at=now, started_at=now, host="h", pid=1)


def same_session(world: World) -> InterviewSession:
    return InterviewSession(interview=world.interview, candidate=world.session.candidate)


def same_question(world: World) -> Question:
    return Question(interview=world.interview, number=1, text="?", competency="C")


def another_next_version(world: World) -> Interview:
    owner = world.interview.owner
    Interview.objects.create(owner=owner, position="x", previous_version=world.interview)
    return Interview(owner=owner, position="x", previous_version=world.interview)


def same_request(world: World) -> Interview:
    owner = world.interview.owner
    Interview.objects.create(owner=owner, position="x", request_key="one")
    return Interview(owner=owner, position="x", request_key="one")


def plan_of(world: World, **fields: Any) -> PracticePlan:
    values = {"position": "x", "interview_on": date(2030, 1, 1), **fields}
    return PracticePlan(owner=world.interview.owner, **values)


def another_plan(world: World) -> PracticePlan:
    plan_of(world).save()
    return plan_of(world)


def same_reminder(world: World) -> PracticeReminder:
    values = {"person": world.interview.owner, "day": date(2030, 1, 1)}
    PracticeReminder.objects.create(**values)
    return PracticeReminder(**values)


def mentor_link(world: World, **fields: Any) -> MentorLink:
    return MentorLink(session=world.session, **fields)


BREAKS: dict[str, Callable[[World], object]] = {
    "interview_type_is_known": update(Interview, interview_type="x"),
    "interview_difficulty_is_known": update(Interview, difficulty="x"),
    "interview_language_is_known": update(Interview, language="xx"),
    "interview_mode_is_known": update(Interview, mode="x"),
    "interview_status_is_known": update(Interview, status="x"),
    "interview_has_1_to_20_questions": update(Interview, num_questions=21),
    "interview_has_at_most_3_follow_ups": update(Interview, follow_ups_per_question=4),
    "interview_session_time_limit_is_sane": update(Interview, session_time_limit_minutes=1),
    "interview_feedback_is_chosen_in_practice": update(
        Interview, mode="screening", feedback="at_the_end"
    ),
    "interview_feedback_is_known": update(Interview, feedback="never"),
    "interview_time_factor_is_known": update(Interview, time_factor=3.0),
    "interview_extra_time_is_for_practice": update(Interview, mode="screening", time_factor=2.0),
    "session_time_factor_is_known": update(InterviewSession, time_factor=0.5),
    "turn_time_factor_is_known": update(Turn, time_factor=3.0),
    "interview_published_is_hashed": update(Interview, content_hash=""),
    "interview_request_key_unique_per_owner": insert(same_request),
    "interview_has_one_next_version": insert(another_next_version),
    "question_number_unique_in_interview": insert(same_question),
    "question_number_is_1_to_20": lambda w: Question.objects.filter(pk=w.question.pk).update(
        number=21
    ),
    "question_time_limit_is_sane": update(Question, time_limit_seconds=5),
    "bank_question_type_is_known": update(BankQuestion, question_type="x"),
    "bank_question_difficulty_is_known": update(BankQuestion, difficulty="x"),
    "bank_question_language_is_known": update(BankQuestion, language="xx"),
    "bank_question_time_limit_is_sane": update(BankQuestion, time_limit_seconds=5),
    "session_once_per_interview_and_candidate": insert(same_session),
    "session_status_is_known": update(InterviewSession, status="x"),
    "session_under_way_has_start": update(InterviewSession, started_at=None),
    "session_ended_has_end": update(InterviewSession, status="completed", finished_at=None),
    "turn_number_unique_in_session": insert(lambda w: w.turn(number=1)),
    "turn_one_open_per_session": insert(another_open_turn),
    "turn_question_asked_once": insert(lambda w: w.turn(is_follow_up=False)),
    "turn_follow_up_once_per_key_point": lambda w: Turn.objects.bulk_create(
        [w.turn(number=8), w.turn(number=9)]
    ),
    "turn_number_starts_at_1": lambda w: Turn.objects.filter(pk=w.open.pk).update(number=0),
    "turn_flow_is_known": update(Turn, flow="x", evaluation="pending"),
    "turn_evaluation_is_known": lambda w: Turn.objects.filter(pk=w.closed.pk).update(
        evaluation="x"
    ),
    "turn_level_is_in_its_range": update(Turn, level=3.5, lowest_level=4, highest_level=5),
    "turn_is_evaluated_only_once_answered": lambda w: Turn.objects.filter(pk=w.open.pk).update(
        evaluation="scored"
    ),
    "answer_key_unique_in_session": insert(same_key),
    "answer_has_key": update(Answer, key=""),
    "answer_modality_is_known": update(Answer, modality="x"),
    "answer_skipped_is_empty": update(Answer, modality="skipped"),
    "aside_key_unique_in_session": insert(same_aside),
    "another_answer_evaluation_is_known": insert(
        lambda w: again(w, evaluation="none", result={"status": "none"})
    ),
    "another_answer_has_result_once_rated": insert(lambda w: again(w, evaluation="scored")),
    "another_answer_has_words": insert(lambda w: again(w, text="")),
    "another_answer_words_once_per_turn": insert(same_words_again),
    "claim_names_a_point": insert(lambda w: claim(w, point="")),
    "claim_once_per_turn_and_point": insert(same_claim),
    "aside_has_key": insert(lambda w: aside(w, key="")),
    "aside_has_reply": insert(lambda w: aside(w, reply="")),
    "aside_modality_is_known": insert(lambda w: aside(w, modality="skipped")),
    "aside_kind_is_known": insert(lambda w: aside(w, kind="x")),
    "recording_key_unique_in_turn": insert(same_recording),
    "installation_is_one": insert(lambda _: Installation(number=2)),
    "recording_has_key": insert(lambda w: Recording(turn=w.open, key="")),
    "ticket_digest_is_unique": insert(same_ticket),
    "rating_score_is_1_to_5": update(Rating, score=6),
    "rating_has_criterion": update(Rating, criterion=""),
    "rating_by_person_has_reason": update(Rating, by_person=True),
    "rating_once_per_criterion": insert(same_rating),
    "mentor_link_has_nonce": insert(lambda w: mentor_link(w, nonce="")),
    "mentor_link_expires_after_made": insert(lambda w: mentor_link(w, expires_at=EARLY)),
    "practice_plan_one_per_person": insert(another_plan),
    "practice_plan_difficulty_is_known": insert(lambda w: plan_of(w, difficulty="x")),
    "practice_plan_language_is_known": insert(lambda w: plan_of(w, language="xx")),
    "practice_plan_has_position": insert(lambda w: plan_of(w, position="")),
    "practice_reminder_once_a_day": insert(same_reminder),
    "audit_event_has_action": update(AuditEvent, action=""),
    "heartbeat_once_per_name": insert(same_heartbeat),
    "heartbeat_has_name": insert(nameless_heartbeat),
    "spending_has_calls": insert(
        lambda _world: Spending(calls=0, input_tokens=0, output_tokens=0, micros=0)
    ),
}


def test_every_constraint_of_the_app_has_its_attempt() -> None:
    declared = {
        constraint.name
        for model in apps.get_app_config("interviews").get_models()
        for constraint in model._meta.constraints
    }

    assert declared == set(BREAKS)


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_the_database_refuses_what_breaks(name: str) -> None:
    world = World()

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        BREAKS[name](world)

    constraint = next(
        c
        for model in apps.get_app_config("interviews").get_models()
        for c in model._meta.constraints
        if c.name == name
    )
    columns = getattr(constraint, "fields", ())
    told = str(refused.value)
    assert name in told or all(column in told for column in columns)


def test_one_answer_per_turn() -> None:
    world = World()
    again = Answer(turn=world.closed, session=world.session, key="other", sha256="0")

    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.bulk_create([again])


def test_sessions_hold_their_interview() -> None:
    world = World()

    with pytest.raises(models.RestrictedError):
        world.interview.delete()


def test_a_pending_session_needs_no_start() -> None:
    world = World()

    InterviewSession.objects.filter(pk=world.session.pk).update(status="pending", started_at=None)
    InterviewSession.objects.update(status="abandoned", finished_at=timezone.now())
