"""Gives more time for the asking, or takes the timer away: in practice, before the time of a question is over."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from interviews.errors import Conflict, InvalidInput
from interviews.groups import announce
from interviews.models import AuditEvent, InterviewSession, Turn
from interviews.models.choices import TIME_FACTORS
from interviews.services.loaded_session import LoadedSession
from interviews.services.lookups import candidates_session
from interviews.services.turn.catch_up import is_overdue

ENDLESS = float("inf")


def give_more_time(*, user: User, token: str, factor: float | None) -> LoadedSession:
    """Let the open question and all that follow have `factor` times their planned time, and the whole interview, too.

    `factor` is one of `TIME_FACTORS`, or None for no timer. What has less already stands; asking for the same again changes
    nothing. Returns the session as it is then. Raises `NotFound`, `InvalidInput` for less than there is, and `Conflict`
    for a screening, and once the time or the session is over.
    """
    if factor is not None and factor not in TIME_FACTORS:
        raise InvalidInput("time_factor", _("Choose 1, 1.5 or 2, or null for no timer."))
    session = candidates_session(user, token)
    if not session.interview.is_practice:
        raise Conflict(_("The time of a screening is the same for everyone."))
    if session.is_over:
        raise Conflict(_("This interview is over."))
    if _change(session.session, factor):
        session = candidates_session(user, token)
        announce(session.session)
    return session


def _change(session: InterviewSession, factor: float | None) -> bool:
    """Change the times in one transaction that holds the session's row; False if they are so already."""
    with transaction.atomic():
        locked = InterviewSession.objects.select_for_update().get(pk=session.pk)
        before = locked.time_factor
        if before == factor:
            return False
        if before is None or (ENDLESS if factor is None else factor) < before:
            raise InvalidInput("time_factor", _("There is more time than that already."))
        turn = Turn.objects.open().select_related("question").filter(session=locked).first()
        if locked.is_over or (turn is not None and is_overdue(locked, turn)):
            raise Conflict(_("The time for this question is over."))
        if turn is not None and turn.deadline is not None:
            _prolong_turn(turn, before, factor)
        _prolong_session(locked, before, factor)
        told = "no timer" if factor is None else f"time factor {factor:g}"
        AuditEvent.objects.record("session.more_time", locked, actor=locked.candidate, detail=told)
    return True


def _prolong_turn(turn: Turn, before: float, factor: float | None) -> None:
    if turn.deadline is None or factor is None:
        turn.deadline = None
    else:
        more = turn.question.time_limit_seconds * (factor - before)
        turn.deadline, turn.time_factor = turn.deadline + timedelta(seconds=more), factor
    turn.save(update_fields=["deadline", "time_factor"])


def _prolong_session(session: InterviewSession, before: float, factor: float | None) -> None:
    minutes = session.interview.session_time_limit_minutes
    if session.deadline is None or minutes is None or factor is None:
        session.deadline = None
    else:
        session.deadline += timedelta(minutes=minutes * (factor - before))
    session.time_factor = factor
    session.save(update_fields=["deadline", "time_factor"])
