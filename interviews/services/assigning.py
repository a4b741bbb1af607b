"""Assigns a published interview to a registered candidate."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from interviews.errors import Conflict
from interviews.models import AuditEvent, Interview, InterviewSession


def assign_interview(*, interview: Interview, candidate: User, actor: User) -> InterviewSession:
    """Give a candidate a session that waits for them; assigning twice gives the same session.

    Raises `Conflict` for an interview that is not published, or a candidate who cannot sign in.
    """
    if interview.is_practice or interview.status != Interview.Status.PUBLISHED:
        raise Conflict("Publish the interview first; then it can be assigned.")
    if not candidate.is_active:
        raise Conflict("This candidate's account is disabled.")
    with transaction.atomic():
        session, is_new = InterviewSession.objects.get_or_create(
            interview=interview, candidate=candidate
        )
        if is_new:
            AuditEvent.objects.record(
                "session.assigned", session, actor=actor, detail=f"user {candidate.pk}"
            )
    return session
