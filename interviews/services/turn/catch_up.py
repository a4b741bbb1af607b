"""What was left behind: expired questions, interrupted turns, pending ratings, forgotten sessions."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from interviews.errors import Busy, Conflict, NotAudio, NotFound, SpeechMissing, TooLarge
from interviews.models import Answer, AuditEvent, InterviewSession, Recording, Turn
from interviews.models.session import InterviewSessionQuerySet
from interviews.models.turn import TurnQuerySet
from interviews.services.hearing import hear
from interviews.services.loaded_session import LoadedSession
from interviews.services.lookups import fresh
from interviews.services.spending import metered_work
from interviews.services.turn.graph_input import answer_state
from interviews.services.turn.lease import RatingAttempt, claim
from interviews.services.turn.outcome import finish, grace, store_late_rating
from interviews.services.turn.renewal import lease_end
from interviews.services.turn.run import advance, run_graph
from interviews.services.turn.storing import answer_hash, store_answer


def settle(session: LoadedSession) -> bool:
    """Let a loaded session's deadlines take effect before it is read; True if that changed something.

    Reading calls no provider: an answer waits for the loop, and so does a question whose recording is to be heard.
    """
    turn = session.open_turn
    if turn is None or not is_overdue(session.session, turn):
        return False
    spoken = "" if turn.draft.strip() else known_words(turn)
    return spoken is not None and close_expired(turn, spoken)


def settle_flow(session: LoadedSession) -> bool:
    """Bring the flow of a loaded session up to date: what an answer on its way in has to wait for."""
    turn = session.unfinished_turn
    if turn is None:
        return False
    if turn.flow == Turn.Flow.ANSWERED:
        return advance(session)
    return is_overdue(session.session, turn) and expire(turn)


def is_overdue(session: InterviewSession, turn: Turn) -> bool:
    """Tell whether the time of an open turn, or of its whole session, is over."""
    if not turn.is_open or session.is_over:
        return False
    now = timezone.now()
    late = turn.deadline is not None and turn.deadline + grace() < now
    return late or session.is_past_deadline(now=now, grace=grace())


def overdue_turns() -> TurnQuerySet:
    return Turn.objects.overdue(now=timezone.now(), grace=grace()).select_related("session")


def interrupted_turns(patience: timedelta) -> TurnQuerySet:
    """Return answered turns that nobody carries on; younger ones are left to the request that took the answer."""
    left_behind = Q(answer__created_at__lte=timezone.now() - patience)
    return _waiting(Turn.Flow.ANSWERED).filter(left_behind)


def unrated_turns() -> TurnQuerySet:
    """Return closed turns whose rating is due."""
    return _waiting(Turn.Flow.CLOSED)


def _waiting(flow: str) -> TurnQuerySet:
    due = Turn.objects.awaiting_work(now=timezone.now())
    return due.filter(flow=flow).select_related("session").order_by("pk")


def carry_on_from(turn: Turn) -> bool:
    """Carry the session of an answered turn on; True if this call did the work."""
    return advance(fresh(turn.session))


def expire(turn: Turn) -> bool:
    """Take the draft as the answer of a question whose time is over, and carry on; an empty draft is no answer.

    If there is only a recording, what can be heard of it is the draft; while the ear is busy, it stays as it is.
    """
    spoken = "" if turn.draft.strip() else known_words(turn)
    is_closed = _close_by_ear(turn) if spoken is None else close_expired(turn, spoken)
    if is_closed:
        carry_on_from(turn)
    return is_closed


def _close_by_ear(turn: Turn) -> bool:
    """Hear the turn's recording under the session's lease, so that nobody else hears it meanwhile."""
    lease = claim(fresh(turn.session))
    if lease is None:
        return False
    with lease:
        try:
            return close_expired(turn, hear_last(turn))
        except Busy:
            return False


def is_being_heard(session: LoadedSession) -> bool:
    """Tell whether somebody hears what was said in the open turn of a loaded session, whose time is over."""
    turn = session.open_turn
    until = session.session.lease_until
    held = until is not None and until >= timezone.now()
    return held and turn is not None and is_overdue(session.session, turn)


def close_expired(turn: Turn, spoken: str) -> bool:
    """Store the draft, or else `spoken`, as the turn's answer; False if it is not open any more."""
    with transaction.atomic():
        InterviewSession.objects.select_for_update().filter(pk=turn.session_id).first()
        current = Turn.objects.open().filter(pk=turn.pk).first()
        return current is not None and store_answer(current, draft_answer(current, spoken))


def _last_recording(turn: Turn) -> Recording | None:
    return turn.recordings.filter(size__gt=0).order_by("-pk").first()


def known_words(turn: Turn) -> str | None:
    """Return what was said in the turn's last recording if that is known, or None if it is still to be heard."""
    recording = _last_recording(turn)
    if recording is None:
        return ""
    return None if recording.transcript is None else str(recording.transcript["text"])


def hear_last(turn: Turn) -> str:
    """Return what was said in the turn's last recording. Raises `Busy`; what cannot be heard at all is empty."""
    recording = _last_recording(turn)
    if recording is None:
        return ""
    try:
        return str(hear(recording)["text"])
    except (NotAudio, TooLarge, SpeechMissing, FileNotFoundError, IsADirectoryError):
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
    current = next(t for t in session.turns if t.pk == turn.pk)
    with attempt, metered_work(session.session):
        evaluation = run_graph(answer_state(session, current))["evaluation"]
    rated = store_late_rating(attempt, evaluation)
    return rated is not None and rated.evaluation == Turn.Evaluation.SCORED


def _take(turn: Turn) -> RatingAttempt | None:
    """Take the next attempt by compare-and-swap, for as long as a lease lasts."""
    mine = Turn.objects.rated_by(turn.attempts).filter(pk=turn.pk)
    taken = mine.update(attempts=F("attempts") + 1, next_attempt_at=lease_end())
    return RatingAttempt(turn.pk, turn.attempts + 1) if taken else None


def idle_since() -> datetime:
    return timezone.now() - timedelta(days=settings.SESSION_IDLE_DAYS)


def idle_sessions() -> InterviewSessionQuerySet:
    """Return begun sessions whose candidate has not been here for `SESSION_IDLE_DAYS`."""
    unfinished = InterviewSession.objects.unfinished().filter(started_at__isnull=False)
    return unfinished.filter(last_seen_at__lt=idle_since())


def abandon(session: InterviewSession) -> bool:
    """Close an idle session; False if its candidate has come back."""
    with transaction.atomic():
        locked = InterviewSession.objects.select_for_update().get(pk=session.pk)
        if locked.is_over or locked.last_seen_at >= idle_since():
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
