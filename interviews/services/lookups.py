"""Finds sessions through the person who asks, so that the lookup is the authorisation."""

from __future__ import annotations

from accounts.models import User
from interviews.errors import NotFound
from interviews.models import Interview, InterviewSession
from interviews.models.rights import may_create_screenings, readable_screenings
from interviews.services.loaded_session import LoadedSession, load_session


def candidates_session(user: User, token: str) -> LoadedSession:
    """Return the candidate's own session with all its turns. Raises `NotFound`."""
    found = load_session(InterviewSession.objects.of_candidate(user).filter(token=token))
    if found is None:
        raise NotFound("There is no such session.")
    return found


def fresh(session: InterviewSession | LoadedSession) -> LoadedSession:
    """Return the session as it is now, with all its turns. Raises `NotFound` if it was deleted."""
    found = load_session(InterviewSession.objects.filter(pk=session.pk))
    if found is None:
        raise NotFound("This session was deleted.")
    return found


def opens_staff_pages(user: User) -> bool:
    """Tell whether there is anything for `user` on the staff pages: to read, or to set up."""
    readable = Interview.objects.filter(readable_screenings(user))
    return may_create_screenings(user) or readable.exists()
