"""Catches up on what was left behind: expired questions, interrupted turns, pending ratings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from interviews.errors import Busy, Conflict, NotAudio, NotFound, SpeechMissing, TooLarge
from interviews.models import Answer, AuditEvent, InterviewSession, SocketTicket, Turn
from interviews.models.turn import TurnQuerySet
from interviews.services.carrying_on import (
    carry_on,
    finish,
    grace,
    run_graph,
    store_late_rating,
)
from interviews.services.graph_state import answer_state
from interviews.services.hearing import hear
from interviews.services.lookups import fresh
from interviews.services.recordings import sweep_recordings
from interviews.services.recovering import bring_forward
from interviews.services.spending import metered_work
from interviews.services.storing import answer_hash, store_answer


@dataclass(slots=True)
class CaughtUp:
    """What one round of catching up did."""

    expired: int = 0
    carried_on: int = 0
    rated: int = 0
    abandoned: int = 0


def settle(session: InterviewSession) -> bool:
    """Bring one loaded session up to date before it is read; True where that did something.

    That is: a question whose time is over, an interrupted turn, and at most one rating that is due.
    """
    moved = settle_flow(session)
    due = [turn for turn in session.turn_list if turn.is_rating_due(timezone.now())]
    return any(rate(turn) for turn in due[:1]) or moved


def needs_settling(session: InterviewSession) -> bool:
    """Tell whether `settle` would have anything to do, without doing it."""
    now = timezone.now()
    return any(
        turn.flow == Turn.Flow.ANSWERED
        or turn.is_rating_due(now)
        or _is_overdue(session, turn, now)
        for turn in session.turn_list
    )


def settle_flow(session: InterviewSession) -> bool:
    """Bring only the flow of a loaded session up to date: what an answer on its way in has to wait for."""
    now = timezone.now()
    turn = next((t for t in session.turn_list if t.flow != Turn.Flow.CLOSED), None)
    if turn is None:
        return False
    if turn.flow == Turn.Flow.ANSWERED:
        return carry_on(session)
    return _is_overdue(session, turn, now) and expire(turn)


def _is_overdue(session: InterviewSession, turn: Turn, now: datetime) -> bool:
    if not turn.is_open or session.is_over:
        return False
    late = turn.deadline is not None and turn.deadline + grace() < now
    return late or session.is_past_deadline(now=now, grace=grace())


def catch_up(*, limit: int = 200, patience: timedelta = timedelta(0)) -> CaughtUp:
    """Do one round over all sessions, at most `limit` of each kind of work; returns what was done.

    An answer younger than `patience` is left to whoever took it: they carry on from it right now.
    """
    done = CaughtUp()
    bring_forward()
    for turn in _overdue()[:limit]:
        done.expired += expire(turn)
    left_behind = Q(answer__created_at__lte=timezone.now() - patience)
    for turn in _waiting(Turn.Flow.ANSWERED).filter(left_behind)[:limit]:
        done.carried_on += carry_on(fresh(turn.session))
    for turn in _waiting(Turn.Flow.CLOSED)[:limit]:
        done.rated += rate(turn)
    done.abandoned = _abandon_idle(limit)
    SocketTicket.forget_old()
    sweep_recordings()
    return done


def _overdue() -> TurnQuerySet:
    return Turn.objects.overdue(now=timezone.now(), grace=grace()).select_related("session")


def _waiting(flow: str) -> TurnQuerySet:
    due = Turn.objects.awaiting_work(now=timezone.now())
    return due.filter(flow=flow).select_related("session").order_by("pk")


def expire(turn: Turn) -> bool:
    """Take the draft as the answer of a question whose time is over; an empty draft counts as no answer.

    Where only a recording is there, what can be heard of it is the draft; while the ear is busy, it stays as it is.
    """
    try:
        spoken = "" if turn.draft.strip() else hear_last(turn)
    except Busy:
        return False
    with transaction.atomic():
        InterviewSession.objects.select_for_update().get(pk=turn.session_id)
        current = Turn.objects.open().filter(pk=turn.pk).first()
        if current is None:
            return False
        store_answer(current, draft_answer(current, spoken))
    carry_on(fresh(turn.session))
    return True


def hear_last(turn: Turn) -> str:
    """Return what was said in the turn's last recording. Raises `Busy`; what cannot be heard at all is empty."""
    recording = turn.recordings.filter(size__gt=0).order_by("-pk").first()
    if recording is None:
        return ""
    try:
        return str(hear(recording)["text"])
    except (NotAudio, TooLarge, SpeechMissing):
        return ""


def draft_answer(turn: Turn, spoken: str) -> Answer:
    """Return the answer that a turn's draft makes."""
    text, modality = turn.draft or spoken, Answer.Modality.DRAFT
    key, sha256 = f"expired-{turn.number}", answer_hash(text, modality)
    return Answer(text=text, modality=modality, key=key, sha256=sha256)


def rate(turn: Turn) -> bool:
    """Rate a closed turn whose rating is due. The attempt's number is the fence of this work."""
    attempt = _take(turn)
    if attempt is None:
        return False
    session = fresh(turn.session)
    current = next(t for t in session.turn_list if t.pk == turn.pk)
    with metered_work(session):
        evaluation = run_graph(answer_state(session, current))["evaluation"]
    rated = store_late_rating(turn, attempt, evaluation)
    return rated is not None and rated.evaluation == Turn.Evaluation.SCORED


def _take(turn: Turn) -> int | None:
    """Take the next attempt by compare-and-swap, for as long as a lease lasts."""
    until = timezone.now() + timedelta(seconds=settings.TURN_LEASE_SECONDS)
    pending = Turn.objects.filter(
        pk=turn.pk, attempts=turn.attempts, evaluation=Turn.Evaluation.PENDING
    )
    taken = pending.update(attempts=F("attempts") + 1, next_attempt_at=until)
    return turn.attempts + 1 if taken else None


def _abandon_idle(limit: int) -> int:
    long_ago = timezone.now() - timedelta(days=settings.SESSION_IDLE_DAYS)
    idle = InterviewSession.objects.unfinished().filter(
        last_seen_at__lt=long_ago, started_at__isnull=False
    )
    return sum(_abandon(session, long_ago) for session in idle[:limit])


def _abandon(session: InterviewSession, long_ago: datetime) -> bool:
    with transaction.atomic():
        locked = InterviewSession.objects.select_for_update().get(pk=session.pk)
        if locked.is_over or locked.last_seen_at >= long_ago:
            return False
        finish(locked, InterviewSession.Status.ABANDONED, now=timezone.now())
    return True


def retry_rating(*, turn: Turn, actor: User) -> bool:
    """Try a rating again that was given up; True once it is scored.

    Raises `Conflict` where the turn is scored already or was not answered, and `NotFound` unless `actor` may
    review it.
    """
    mine = Turn.objects.reviewable_by(actor).filter(pk=turn.pk)
    if not mine.exists():
        raise NotFound(_("There is no such answer, or it is not yours to review."))
    again = Turn.objects.filter(pk=turn.pk, evaluation=Turn.Evaluation.NOT_SCORED).update(
        evaluation=Turn.Evaluation.PENDING, attempts=0, next_attempt_at=timezone.now(), reason=""
    )
    if not again:
        raise Conflict("Only an answer that could not be scored can be tried again.")
    AuditEvent.objects.record("rating.retried", turn, actor=actor)
    turn.refresh_from_db()
    return rate(turn)
