"""Helpers for the tests and benchmarks of interviews."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar
from unittest import mock

from django.utils import timezone

from accounts.models import User
from accounts.testing import grant, make_user
from ai.providers.base import InterviewModel
from ai.testing import StubEar, make_key_point
from interviews import services
from interviews.models import BankQuestion, Interview, InterviewSession, PracticePlan, Turn
from interviews.services.engine import ai_service
from interviews.services.loaded_session import LoadedSession
from interviews.services.turn.answer import Submission, Submitted

RECRUITER = tuple(f"interviews.{deed}_interview" for deed in ("add", "change", "delete", "view"))
AnyModel = TypeVar("AnyModel", bound=InterviewModel)


@contextmanager
def model_in_use(model: AnyModel) -> Iterator[AnyModel]:
    """Let the real services and the real graph work with `model` instead of the embedded engine."""
    with mock.patch("interviews.services.engine.EmbeddedModel", return_value=model):
        ai_service.cache_clear()
        yield model
    ai_service.cache_clear()


@contextmanager
def ear_in_use(ear: StubEar | None) -> Iterator[StubEar | None]:
    """Let the real services hear with `ear`, or with none, instead of the local model."""
    with mock.patch("interviews.services.engine.configured_speech", return_value=ear):
        ai_service.cache_clear()
        yield ear
    ai_service.cache_clear()


def make_bank(count: int = 6) -> list[BankQuestion]:
    return BankQuestion.objects.bulk_create(
        BankQuestion(
            slug=f"bank-{number}",
            position="software-engineer",
            position_names=["Software engineer", "Backend developer"],
            question_type="technical",
            difficulty="medium",
            competency=f"Competency {number % 3}",
            text=f"Bank question {number}?",
            reference_answer="k1 k2 k3",
            key_points=[make_key_point(n) for n in (1, 2, 3)],
            anchors={"1": "Nothing.", "3": "Some.", "5": "All."},
        )
        for number in range(count)
    )


def make_recruiter(**fields: Any) -> User:
    """Make somebody who may set up and work with screening interviews of their own."""
    return make_user(rights=RECRUITER, **fields)


def make_interview(owner: User | None = None, **fields: Any) -> Interview:
    values = {"position": "Software engineer", "interview_type": "technical", "num_questions": 2}
    owner = owner or make_user()
    if fields.get("mode") == "screening":
        grant(owner, *RECRUITER)
    return services.create_interview(owner=owner, **{**values, **fields})


def make_session(candidate: User | None = None, **fields: Any) -> InterviewSession:
    """Start a practice interview of a new candidate."""
    interview = make_interview(candidate, **fields)
    return services.start_interview(interview=interview, user=interview.owner).session


def make_plan(owner: User | None = None, *, days: int = 9, **fields: Any) -> PracticePlan:
    """Set the day of somebody's interview, so many days from today."""
    owner = owner or make_user()
    today = timezone.localdate(timezone=owner.zone)
    values = {"position": "Software engineer", "site": "https://interview.example.org", **fields}
    plan, _is_new = services.set_plan(
        owner=owner, interview_on=today + timedelta(days=days), **values
    )
    return plan


def make_screening(staff: User, candidate: User, **fields: Any) -> InterviewSession:
    """Set up, publish and assign a screening interview, with the rights it takes; the session waits for the candidate."""
    interview = make_interview(staff, mode="screening", **fields)
    interview = services.publish_interview(interview=interview, actor=staff)
    return services.assign_interview(interview=interview, candidate=candidate, actor=staff)


def answer(
    session: InterviewSession | LoadedSession, text: str = "k1 k2 k3", **fields: Any
) -> Submitted:
    """Answer the session's open turn as its candidate."""
    open_turn = Turn.objects.open().get(session_id=session.pk)
    submission = Submission(**{"turn": open_turn.number, "text": text, **fields})
    return services.submit_response(
        user=session.candidate, token=session.token, submission=submission
    )
