"""By what right a socket is open, and what it has shown: checked for all sockets of a process together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db.models import Count, Q
from django.utils import timezone

from interviews.models import InterviewSession, Turn
from interviews.services.loaded_session import LoadedSession


@dataclass(frozen=True, slots=True)
class Right:
    """By what right a socket is open: a session's candidate, with their password, and how they came in.

    That is a browser's sign-in, or else a ticket at some moment.
    """

    session_id: int
    user_id: int
    password: str
    sign_in: str = ""
    ticket_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A session as it stands: what changes when there is something new to show."""

    version: int
    status: str
    deadline: datetime | None
    pending: int
    signed_out_at: datetime | None = field(default=None, compare=False)

    @classmethod
    def of(cls, session: LoadedSession) -> Seen:
        """Return what a client has seen who was shown this loaded session."""
        pending = sum(t.evaluation == Turn.Evaluation.PENDING for t in session.turns)
        return cls(session.session.version, session.status, session.deadline, pending)


def still_valid(rights: Collection[Right]) -> dict[Right, Seen]:
    """Return the rights that still hold, with what their sessions look like now; two queries for any number."""
    rows = InterviewSession.objects.filter(pk__in={r.session_id for r in rights})
    pending = Count("turns", filter=Q(turns__evaluation="pending"))
    active = rows.filter(candidate__is_active=True).annotate(pending=pending)
    who = ("pk", "candidate_id", "candidate__password")
    what = ("version", "status", "deadline", "pending", "candidate__signed_out_at")
    values = active.values_list(*who, *what)
    now = {(pk, user, password): Seen(*rest) for pk, user, password, *rest in values}
    signed_in = existing_sign_ins({right.sign_in for right in rights if right.sign_in})
    found = {
        right: seen
        for right in rights
        if (seen := now.get((right.session_id, right.user_id, right.password)))
    }
    return {right: seen for right, seen in found.items() if still_in(right, seen, signed_in)}


def still_in(right: Right, seen: Seen, signed_in: Collection[str]) -> bool:
    """Tell whether whoever opened a socket has not signed out since."""
    if right.ticket_at is not None:
        return seen.signed_out_at is None or seen.signed_out_at < right.ticket_at
    return right.sign_in in signed_in


def existing_sign_ins(keys: Collection[str]) -> set[str]:
    """Return the browser sessions that were not ended."""
    running = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return set(running.values_list("session_key", flat=True))
