"""Opens a session, or resumes it at the same place."""

from __future__ import annotations

from accounts.models import User
from interviews.errors import Conflict, NotFound
from interviews.models import Interview, InterviewSession
from interviews.services.asking import start_clock
from interviews.services.loaded_session import LoadedSession
from interviews.services.lookups import fresh
from interviews.services.turn.catch_up import settle
from interviews.services.turn.start import open_session


def start_interview(*, interview: Interview, user: User) -> LoadedSession:
    """Open the candidate's session with its first question, or resume it where it stands.

    Starting is the candidate's consent to have their answers stored and rated; its time is recorded.
    Raises `Conflict` for an interview that is not open, `InvalidInput` where the bank cannot fill it,
    and `StillWorking` while another request opens the same session.
    """
    session = fresh(_session_of(interview, user))
    if session.status == InterviewSession.Status.PENDING:
        open_session(session)
        session = fresh(session)
    return resume(session)


def resume(session: LoadedSession) -> LoadedSession:
    """Bring a loaded session up to date, start the clock of what is shown, and return it."""
    if settle(session):
        session = fresh(session)
    start_clock(session)
    return session


def _session_of(interview: Interview, user: User) -> InterviewSession:
    session = InterviewSession.objects.filter(interview=interview, candidate=user).first()
    is_begun = session is not None and session.status != InterviewSession.Status.PENDING
    if interview.status == Interview.Status.ARCHIVED and not is_begun:
        raise Conflict("This interview is closed.", kind="interview-closed")
    if session is not None:
        return session
    if interview.is_practice:
        return InterviewSession.objects.get_or_create(interview=interview, candidate=user)[0]
    if Interview.objects.visible_to(user).filter(pk=interview.pk).exists():
        raise Conflict(
            "A screening interview is answered by those it is assigned to.", kind="interview-closed"
        )
    raise NotFound("This interview was not assigned to you.")
