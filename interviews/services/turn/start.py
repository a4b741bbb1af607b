"""Opens a session under a lease: its plan, and its first question."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from ai.errors import BankTooSmall
from ai.schemas import PlannedQuestion
from ai.state import LangGraphState
from ai.workflow import InterviewWorkflow
from interviews.errors import InvalidInput, LeaseLost, StillWorking
from interviews.models import AuditEvent, Interview, InterviewSession, Question
from interviews.services.asking import ask
from interviews.services.cleaning import clean_workflow_state_for_db
from interviews.services.engine import no_connection_held, planning_context
from interviews.services.loaded_session import LoadedSession
from interviews.services.setting_up import freeze
from interviews.services.spending import metered_work
from interviews.services.turn.graph_input import start_state
from interviews.services.turn.lease import Lease, claim


def open_session(session: LoadedSession) -> None:
    """Plan a session that waits, and ask its first question. Raises `InvalidInput`, and `StillWorking` while another does."""
    lease = claim(session)
    if lease is None:
        raise StillWorking("Your interview is being prepared.")
    with lease:
        state, context = start_state(session), planning_context(session.session)
        try:
            with metered_work(session.session), no_connection_held():
                result = InterviewWorkflow(context).run(state)
        except BankTooSmall as error:
            raise InvalidInput("num_questions", str(error)) from error
        record_start(session, lease, result)


def record_start(session: LoadedSession, lease: Lease, result: LangGraphState) -> None:
    """Store the plan and the first question in one transaction. Raises `LeaseLost` for a stale worker."""
    first = result["next_question"]
    if first is None:
        raise InvalidInput("num_questions", "The interview has no questions.")
    with transaction.atomic():
        if not lease.release():
            raise LeaseLost("Another worker opened this session.")
        questions = store_questions(session.interview, result["questions"])
        ask(replace(session, questions=questions), first)
        _activate(session.session)


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
