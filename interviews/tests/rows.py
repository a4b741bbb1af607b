"""Rows that are stored without any service, for tests of querysets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.models import User
from accounts.testing import make_user
from interviews.models import (
    Interview,
    InterviewSession,
    Question,
    Turn,
)

NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
GRACE, MOMENT = timedelta(seconds=5), timedelta(microseconds=1)


def make_row(candidate: User | None = None, **fields: Any) -> InterviewSession:
    """Store a session under way in an interview of its own, without any service."""
    candidate = candidate or make_user()
    values = {"status": "active", "started_at": NOW, **fields}
    if values["status"] in {"completed", "expired"}:
        values["finished_at"] = NOW
    mode = values.pop("mode", "practice")
    interview = Interview.objects.create(owner=candidate, position="Cook", mode=mode)
    return InterviewSession.objects.create(interview=interview, candidate=candidate, **values)


def make_turn(session: InterviewSession | None = None, number: int = 1, **fields: Any) -> Turn:
    """Store a turn about a question of its own; an open one unless `fields` say otherwise."""
    session = session or make_row()
    question = Question.objects.create(
        interview=session.interview, number=number, question_type="technical", difficulty="easy"
    )
    return Turn.objects.create(session=session, question=question, number=number, **fields)


CLOSED: dict[str, Any] = {"flow": "closed", "evaluation": "scored"}
UNRATED: dict[str, Any] = {"flow": "closed", "evaluation": "pending"}
