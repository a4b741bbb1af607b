"""Opens a session, or resumes it at the same place."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from ai.errors import BankTooSmall
from ai.schemas import PlannedQuestion
from ai.state import LangGraphState
from ai.workflow import InterviewWorkflow
from interviews.errors import Conflict, InvalidInput, LeaseLost, NotFound, StillWorking
from interviews.models import AuditEvent, Interview, InterviewSession, Question
from interviews.services.asking import ask, start_clock
from interviews.services.catching_up import settle
from interviews.services.cleaning import clean_workflow_state_for_db
from interviews.services.engine import no_connection_held, planning_context
from interviews.services.graph_state import start_state
from interviews.services.leases import Lease, claim
from interviews.services.lookups import fresh
from interviews.services.setting_up import freeze
from interviews.services.spending import metered_work


def start_interview(*, interview: Interview, user: User) -> InterviewSession:
    """Open the candidate's session with its first question, or resume it where it stands.

    Starting is the candidate's consent to have their answers stored and rated; its time is recorded.
    Raises `Conflict` for an interview that is not open, `InvalidInput` where the bank cannot fill it,
    and `StillWorking` while another request opens the same session.
    """
    session = fresh(_session_of(interview, user))
    if session.status == InterviewSession.Status.PENDING:
        _open(session)
        session = fresh(session)
    return resume(session)


def resume(session: InterviewSession) -> InterviewSession:
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


def _open(session: InterviewSession) -> None:
    lease = claim(session)
    if lease is None:
        raise StillWorking("Your interview is being prepared.")
    with lease:
        state, context = start_state(session), planning_context(session)
        try:
            with metered_work(session), no_connection_held():
                result = InterviewWorkflow(context).run(state)
        except BankTooSmall as error:
            raise InvalidInput("num_questions", str(error)) from error
        record_start(session, lease, result)


def record_start(session: InterviewSession, lease: Lease, result: LangGraphState) -> None:
    """Store the plan and the first question in one transaction. Raises `LeaseLost` for a stale worker."""
    first = result["next_question"]
    if first is None:
        raise InvalidInput("num_questions", "The interview has no questions.")
    with transaction.atomic():
        if not lease.release():
            raise LeaseLost("Another worker opened this session.")
        session.interview.question_list = store_questions(session.interview, result["questions"])
        ask(session, first)
        _activate(session)


def store_questions(interview: Interview, planned: list[PlannedQuestion]) -> list[Question]:
    """Store an interview's plan once, freeze it and return it; a plan that stands is left alone."""
    if not interview.questions.exists():
        Question.objects.bulk_create(_question(interview, question) for question in planned)
    if interview.is_draft and interview.is_practice:
        freeze(interview)
    return list(interview.questions.all())


def _question(interview: Interview, planned: PlannedQuestion) -> Question:
    values = clean_workflow_state_for_db(planned)
    return Question(interview=interview, bank_slug=values.pop("bank_id"), **values)


def _activate(session: InterviewSession) -> None:
    now = timezone.now()
    minutes = session.interview.minutes_for_all
    session.time_factor = session.interview.time_factor
    session.status = InterviewSession.Status.ACTIVE
    session.started_at = session.consented_at = session.last_seen_at = now
    session.deadline = now + timedelta(minutes=minutes) if minutes else None
    session.save(
        update_fields=[
            "status",
            "started_at",
            "consented_at",
            "last_seen_at",
            "time_factor",
            "deadline",
        ]
    )
    AuditEvent.objects.record("session.started", session, actor=session.candidate)
