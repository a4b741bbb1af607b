"""Stores what a run of the graph has found: the rating, what comes next, and what it cost."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ai.schemas import Evaluation
from ai.state import LangGraphState
from interviews.errors import LeaseLost
from interviews.models import AuditEvent, InterviewSession, Rating, Turn
from interviews.models.aside import SECOND
from interviews.services.asking import ask
from interviews.services.cleaning import clean_workflow_state_for_db
from interviews.services.loaded_session import LoadedSession
from interviews.services.spending import Bill
from interviews.services.turn.lease import Lease, RatingAttempt
from interviews.services.turn.renewal import lease_end
from interviews.services.turn.retry import plan_retry

OUTCOME = (
    "flow",
    "evaluation",
    "reason",
    "points",
    "level",
    "lowest_level",
    "highest_level",
    "is_sure",
    "covered",
    "missing",
    "flags",
    "feedback",
    "needs_person",
    "next_attempt_at",
    "attempts",
)


def grace() -> timedelta:
    """Return how late an answer may come in: the network's time, not the candidate's."""
    return timedelta(seconds=settings.ANSWER_GRACE_SECONDS)


def record_outcome(
    session: LoadedSession,
    turn: Turn,
    lease: Lease,
    result: LangGraphState,
    *,
    bill: Bill | None = None,
) -> None:
    """Store what the graph found and what it cost, in one transaction that first checks the fence.

    Raises `LeaseLost` if another worker has taken over: then nothing is stored.
    """
    with transaction.atomic():
        if not lease.release():
            raise LeaseLost("Another worker carried this session on.")
        turn.flow = Turn.Flow.CLOSED
        store_evaluation(turn, result["evaluation"])
        _go_on(session, result)
        if bill is not None:
            bill.write_down()


def record_flow(
    session: LoadedSession, turn: Turn, lease: Lease, result: LangGraphState
) -> RatingAttempt:
    """Store only what comes next, where it came before the rating; returns the attempt that may store the rating.

    That attempt lasts as long as a lease does unless it is renewed; after that, catching up rates the answer.
    Raises `LeaseLost` if another worker has taken over: then nothing is stored.
    """
    with transaction.atomic():
        if not lease.release():
            raise LeaseLost("Another worker carried this session on.")
        turn.flow, turn.attempts = Turn.Flow.CLOSED, turn.attempts + 1
        turn.next_attempt_at = lease_end()
        turn.save(update_fields=["flow", "attempts", "next_attempt_at"])
        _go_on(session, result)
    return RatingAttempt(turn.pk, turn.attempts)


def store_late_rating(
    attempt: RatingAttempt, evaluation: Evaluation, *, bill: Bill | None = None
) -> Turn | None:
    """Store the rating of a closed turn and return it as it is now; None if another attempt was made since."""
    with transaction.atomic():
        mine = Turn.objects.select_for_update().rated_by(attempt.number)
        latest = mine.filter(pk=attempt.turn_id).first()
        if latest is None:
            return None
        store_evaluation(latest, evaluation)
        InterviewSession.objects.filter(pk=latest.session_id).describe_again()
        if bill is not None:
            bill.write_down()
    return latest


def store_evaluation(turn: Turn, evaluation: Evaluation) -> None:
    """Store an evaluation's ratings and its summary on the turn, inside the caller's transaction."""
    evaluation = clean_workflow_state_for_db(evaluation)
    turn.rating_list = Rating.objects.bulk_create(
        Rating(turn=turn, provenance=evaluation["provenance"] or {}, **rating)
        for rating in evaluation["ratings"]
    )
    turn.evaluation = Turn.Evaluation(evaluation["status"])
    turn.reason = evaluation["reason"][:300]
    for name in ("points", "covered", "missing", "flags", "feedback", "needs_person"):
        setattr(turn, name, evaluation[name])
    levels = evaluation["levels"]
    turn.level = levels["best"] if levels else None
    turn.lowest_level = levels["low"] if levels else None
    turn.highest_level = levels["high"] if levels else None
    turn.is_sure = evaluation["sure"]
    turn.needs_person = turn.needs_person or calls_person(turn)
    if turn.evaluation == Turn.Evaluation.PENDING:
        plan_retry(turn)
    turn.save(update_fields=OUTCOME)


def calls_person(turn: Turn) -> bool:
    """Tell whether a candidate of a screening has turned to us more than once on this question."""
    return turn.aside_count >= SECOND and not turn.session.interview.is_practice


def _go_on(session: LoadedSession, result: LangGraphState) -> None:
    following, now = result["next_question"], timezone.now()
    if following is None:
        finish(session.session, InterviewSession.Status.COMPLETED, now=now)
    elif session.session.is_past_deadline(now=now, grace=grace()):
        finish(session.session, InterviewSession.Status.EXPIRED, now=now)
    else:
        ask(session, following)


def finish(session: InterviewSession, status: str, *, now: datetime) -> None:
    """Close a session; its ratings may still follow."""
    session.status, session.finished_at = status, now
    session.save(update_fields=["status", "finished_at"])
    AuditEvent.objects.record(f"session.{status}", session, actor=session.candidate)
