"""Makes interviews: practice for oneself, screening for others."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from ai.errors import BankTooSmall
from interviews.errors import Conflict, InvalidInput
from interviews.models import AuditEvent, Interview, Question, Recording
from interviews.models.rights import may_create_screenings
from interviews.services.cleaning import clean_workflow_state_for_db
from interviews.services.engine import bank_context, no_connection_held
from interviews.services.recordings import remove_files
from interviews.services.spending import metered_work

FROZEN = (
    "title",
    "position",
    "interview_type",
    "difficulty",
    "num_questions",
    "mode",
    "language",
    "job_description",
    "follow_ups_per_question",
    "timed",
    "session_time_limit_minutes",
)
QUESTION_FIELDS = (
    "number",
    "bank_slug",
    "text",
    "competency",
    "question_type",
    "difficulty",
    "reference_answer",
    "key_points",
    "anchors",
    "terms",
    "time_limit_seconds",
)


def create_interview(*, owner: User, **fields: Any) -> Interview:
    """Make a draft interview. A screening one takes the right to add interviews.

    A screening interview gets its questions now, so that its owner can read and change them before they
    publish; practice questions are planned when the candidate starts. Raises `InvalidInput`.
    """
    _check_may_screen(owner, fields)
    interview = Interview(owner=owner, **fields)
    if interview.is_practice:
        interview.save()
        return interview
    planned = plan(interview)
    with transaction.atomic():
        interview.save()
        Question.objects.bulk_create(_planned_question(interview, values) for values in planned)
        AuditEvent.objects.record("interview.created", interview, actor=owner)
    return interview


def _check_may_screen(owner: User, fields: dict[str, Any]) -> None:
    if fields.get("mode") == Interview.Mode.SCREENING and not may_create_screenings(owner):
        raise InvalidInput(
            "mode", _("You have no right to set up screening interviews. Choose practice.")
        )


def plan(interview: Interview) -> list[dict[str, Any]]:
    """Plan questions for an interview from the bank. Raises `InvalidInput` where there are too few."""
    context = bank_context(interview)
    spec = interview.as_spec(seed=f"{interview.owner_id}:{timezone.now().isoformat()}")
    try:
        with metered_work(), no_connection_held():
            planned = context.ai.generate_interview_questions(spec, bank=context.bank)
    except BankTooSmall as error:
        raise InvalidInput("num_questions", str(error)) from error
    return [clean_workflow_state_for_db(question) for question in planned]


def _planned_question(interview: Interview, values: dict[str, Any]) -> Question:
    return Question(interview=interview, bank_slug=values.pop("bank_id"), **values)


def edit_interview(*, interview: Interview, actor: User, **changes: Any) -> Interview:
    """Change a draft in place; a published screening interview gets a new version, as a draft.

    Returns the interview that carries the change. Raises `InvalidInput`, and `Conflict` for a
    practice interview that has begun.
    """
    _check_may_screen(actor, changes)
    if not interview.is_draft and interview.is_practice:
        raise Conflict("This interview has begun and cannot be changed. Make a new one.")
    if interview.status == Interview.Status.ARCHIVED:
        raise Conflict("This interview is archived and cannot be changed.")
    changed = interview if interview.is_draft else _next_version(interview)
    for name, value in changes.items():
        setattr(changed, name, value)
    return _save_edit(
        changed, source=interview, replan=_needs_new_plan(changed, changes), actor=actor
    )


def plan_interview(*, interview: Interview, actor: User) -> None:
    """Choose the questions of a screening draft anew. Raises `InvalidInput`, and `Conflict` for any other interview."""
    if not interview.is_draft or interview.is_practice:
        raise Conflict("Only the draft of a screening interview can be planned anew.")
    _save_edit(interview, source=interview, replan=True, actor=actor)


def _needs_new_plan(interview: Interview, changes: dict[str, Any]) -> bool:
    shapes_plan = {"position", "interview_type", "difficulty", "num_questions", "language", "mode"}
    return not interview.is_practice and bool(shapes_plan.intersection(changes))


def _next_version(interview: Interview) -> Interview:
    copied = {name: getattr(interview, name) for name in FROZEN}
    return Interview(
        owner=interview.owner,
        version=interview.version + 1,
        previous_version=interview,
        **copied,
    )


def _save_edit(interview: Interview, *, source: Interview, replan: bool, actor: User) -> Interview:
    is_new = interview.pk is None
    questions = plan(interview) if replan else None
    if questions is None and is_new:
        questions = [question_values(question) for question in source.questions.all()]
    with transaction.atomic():
        interview.save()
        if questions is not None:
            interview.questions.all().delete()
            Question.objects.bulk_create(_any_question(interview, q) for q in questions)
        AuditEvent.objects.record("interview.edited", interview, actor=actor)
    return interview


def _any_question(interview: Interview, values: dict[str, Any]) -> Question:
    if "bank_id" in values:
        return _planned_question(interview, values)
    return Question(interview=interview, **values)


def question_values(question: Question) -> dict[str, Any]:
    return {name: getattr(question, name) for name in QUESTION_FIELDS}


def publish_interview(*, interview: Interview, actor: User) -> Interview:
    """Freeze a screening interview, so that everyone is asked the same. Raises `Conflict`."""
    if not interview.is_draft or interview.is_practice:
        raise Conflict("Only the draft of a screening interview can be published.")
    with transaction.atomic():
        locked = Interview.objects.select_for_update().get(pk=interview.pk)
        if not locked.is_draft:
            raise Conflict("This interview is published already.")
        if locked.questions.count() == 0:
            raise Conflict("This interview has no questions yet. Add some, then publish it.")
        freeze(locked)
        AuditEvent.objects.record("interview.published", locked, actor=actor)
    return locked


def freeze(interview: Interview) -> None:
    """Fix an interview's content under a hash, inside the caller's transaction."""
    questions = [question_values(question) for question in interview.questions.all()]
    content = {name: getattr(interview, name) for name in FROZEN} | {"questions": questions}
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
    interview.content_hash = hashlib.sha256(canonical.encode()).hexdigest()
    interview.status, interview.published_at = Interview.Status.PUBLISHED, timezone.now()
    interview.num_questions = len(questions)
    interview.save(update_fields=["content_hash", "status", "published_at", "num_questions"])


def archive_interview(*, interview: Interview, actor: User) -> Interview:
    """Close an interview to new starts; what was begun may be finished."""
    interview.status = Interview.Status.ARCHIVED
    interview.save(update_fields=["status"])
    AuditEvent.objects.record("interview.archived", interview, actor=actor)
    return interview


def delete_interview(*, interview: Interview, actor: User) -> None:
    """Delete an interview nobody else has a session in, with the owner's own session and its recordings.

    Raises `Conflict` where other people's sessions hang on it: archive it instead.
    """
    with transaction.atomic():
        locked = Interview.objects.select_for_update().get(pk=interview.pk)
        if locked.sessions.exclude(candidate=locked.owner).exists():
            raise Conflict("Candidates have sessions in this interview. Archive it instead.")
        named = "" if locked.is_practice else locked.name
        AuditEvent.objects.record("interview.deleted", locked, actor=actor, detail=named)
        recorded = Recording.objects.filter(turn__session__interview=locked)
        paths = list(recorded.values_list("path", flat=True))
        locked.sessions.all().delete()
        locked.delete()
        transaction.on_commit(partial(remove_files, paths))
