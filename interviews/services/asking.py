"""Puts one question to a candidate, and starts its clock when they see it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from ai.schemas import AskedTurn
from interviews.models import InterviewSession, Turn
from interviews.services.loaded_session import LoadedSession


def ask(session: LoadedSession, asked: AskedTurn) -> Turn:
    """Open the next turn of a loaded session; the database allows one open turn per session."""
    numbers = {question.number: question for question in session.questions}
    turn = Turn.objects.create(
        session=session.session,
        question=numbers[asked["question_number"]],
        number=asked["turn"],
        text=asked["text"],
        is_follow_up=asked["is_follow_up"],
        key_point_id=asked["key_point_id"],
    )
    turn.rating_list, turn.aside_list = [], []
    session.turns.append(turn)
    return turn


def start_clock(session: LoadedSession) -> None:
    """Start the open turn's clock, where the interview is timed and it does not run yet.

    A question that comes up while the candidate is away waits for them: its time starts when it is shown.
    """
    turn = session.open_turn
    if turn is None or turn.deadline is not None or not session.interview.timed:
        return
    factor = _time_factor(session)
    if factor is None:
        return
    limit = timedelta(seconds=turn.question.time_limit_seconds * factor)
    unstarted = Turn.objects.open().filter(pk=turn.pk, deadline__isnull=True)
    unstarted.update(deadline=timezone.now() + limit, time_factor=factor)
    turn.refresh_from_db(fields=["deadline", "time_factor"])


def _time_factor(session: LoadedSession) -> float | None:
    """Return what holds now: more time may have been asked for since the session was loaded."""
    same = InterviewSession.objects.filter(pk=session.pk)
    return same.values_list("time_factor", flat=True).first()
