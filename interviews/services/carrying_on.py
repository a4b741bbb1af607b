"""Carries a session on from an answer to the next question: claim, run the graph, record the outcome."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ai.schemas import Evaluation
from ai.state import LangGraphState, WorkflowContext
from ai.workflow import InterviewWorkflow
from interviews.errors import LeaseLost
from interviews.models import AuditEvent, InterviewSession, Rating, Turn
from interviews.models.aside import SECOND
from interviews.services.asking import ask
from interviews.services.cleaning import clean_workflow_state_for_db
from interviews.services.engine import ai_service, no_connection_held
from interviews.services.graph_state import answer_state
from interviews.services.leases import Lease, RatingAttempt, claim
from interviews.services.recovering import waiting_time
from interviews.services.renewal import lease_end
from interviews.services.spending import Bill, metered_work

BACKOFF = (
    timedelta(seconds=15),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
)
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
GAVE_UP = "The rating service could not be reached."


def grace() -> timedelta:
    """Return how late an answer may come in: the network's time, not the candidate's."""
    return timedelta(seconds=settings.ANSWER_GRACE_SECONDS)


def carry_on(session: InterviewSession) -> bool:
    """Carry a loaded session on from its answered turn, unless somebody else is at it.

    Returns whether this call did the work; then `session` holds the outcome, else it is to be loaded again.
    No transaction or connection is held while the graph runs.
    """
    turn = next((t for t in session.turn_list if t.flow == Turn.Flow.ANSWERED), None)
    lease = claim(session) if turn else None
    if turn is None or lease is None:
        return False
    with lease, metered_work(session) as bill:
        result = run_graph(answer_state(session, turn))
        return _recorded(session, turn, lease, result, bill=bill)


def run_graph(state: LangGraphState) -> LangGraphState:
    """Run the workflow with nothing of the database in hand."""
    with no_connection_held():
        return InterviewWorkflow(WorkflowContext(ai=ai_service())).run(state)


def _recorded(
    session: InterviewSession, turn: Turn, lease: Lease, result: LangGraphState, *, bill: Bill
) -> bool:
    """Store the outcome, and what it has cost with it; False if another worker has taken over."""
    try:
        record_outcome(session, turn, lease, result, bill=bill)
    except LeaseLost:
        return False
    bill.is_written = True
    return True


def record_outcome(
    session: InterviewSession,
    turn: Turn,
    lease: Lease,
    result: LangGraphState,
    *,
    bill: Bill | None = None,
) -> None:
    """Store what the graph found and what it cost, in one transaction that first checks the fence.

    Raises `LeaseLost` where another worker has taken over: then nothing is stored.
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
    session: InterviewSession, turn: Turn, lease: Lease, result: LangGraphState
) -> RatingAttempt:
    """Store only what comes next, where it came before the rating; returns the attempt that may store the rating.

    That attempt lasts as long as a lease does unless it is renewed; after that, catching up rates the answer.
    Raises `LeaseLost` where another worker has taken over: then nothing is stored.
    """
    with transaction.atomic():
        if not lease.release():
            raise LeaseLost("Another worker carried this session on.")
        turn.flow, turn.attempts = Turn.Flow.CLOSED, turn.attempts + 1
        turn.next_attempt_at = lease_end()
        turn.save(update_fields=["flow", "attempts", "next_attempt_at"])
        _go_on(session, result)
    return RatingAttempt(turn.pk, turn.attempts)


def store_late_rating(attempt: RatingAttempt, evaluation: Evaluation) -> Turn | None:
    """Store the rating of a closed turn and return it as it is now; None where another attempt was made since."""
    with transaction.atomic():
        mine = Turn.objects.select_for_update().rated_by(attempt.number)
        latest = mine.filter(pk=attempt.turn_id).first()
        if latest is None:
            return None
        store_evaluation(latest, evaluation)
        InterviewSession.objects.filter(pk=latest.session_id).describe_again()
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
        _postpone(turn)
    turn.save(update_fields=OUTCOME)


def calls_person(turn: Turn) -> bool:
    """Tell whether a candidate of a screening has turned to us more than once on this question."""
    return turn.aside_count >= SECOND and not turn.session.interview.is_practice


def postpone_rating(turn: Turn) -> None:
    """Plan another attempt at a rating that failed in a way nobody foresaw, or hand it to a person."""
    with transaction.atomic():
        unrated = Turn.objects.filter(flow=Turn.Flow.CLOSED, evaluation=Turn.Evaluation.PENDING)
        latest = unrated.select_for_update().filter(pk=turn.pk).first()
        if latest is not None:
            _postpone(latest)
            latest.save(update_fields=OUTCOME)


def _postpone(turn: Turn) -> None:
    """Plan the next attempt, or hand the rating to a person once the attempts are used up.

    What could not even be asked for, since a provider is down or money is spent, waits and uses no attempt up.
    """
    if (rest := waiting_time(turn.flags)) is not None:
        turn.attempts, turn.next_attempt_at = 0, timezone.now() + rest
        return
    if turn.attempts >= len(BACKOFF):
        turn.evaluation, turn.reason = Turn.Evaluation.NOT_SCORED, GAVE_UP
        turn.needs_person, turn.next_attempt_at = True, None
        return
    turn.next_attempt_at = timezone.now() + BACKOFF[turn.attempts]


def _go_on(session: InterviewSession, result: LangGraphState) -> None:
    following, now = result["next_question"], timezone.now()
    if following is None:
        finish(session, InterviewSession.Status.COMPLETED, now=now)
    elif session.is_past_deadline(now=now, grace=grace()):
        finish(session, InterviewSession.Status.EXPIRED, now=now)
    else:
        ask(session, following)


def finish(session: InterviewSession, status: str, *, now: datetime) -> None:
    """Close a session; its ratings may still follow."""
    session.status, session.finished_at = status, now
    session.save(update_fields=["status", "finished_at"])
    AuditEvent.objects.record(f"session.{status}", session, actor=session.candidate)
