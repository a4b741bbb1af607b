"""Makes interviews: practice for oneself, screening for others."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from ai.errors import BankTooSmall
from interviews.errors import Conflict, InvalidInput
from interviews.models import AuditEvent, Interview, Question
from interviews.models.rights import may_create_screenings
from interviews.services.cleaning import clean_workflow_state_for_db
from interviews.services.engine import bank_context, no_connection_held
from interviews.services.spending import metered_work
from interviews.services.versions import (
    FROZEN,
    Edit,
    Precondition,
    accept,
    locked_interview,
    next_draft,
)

SHAPES_PLAN = frozenset(
    {"position", "interview_type", "difficulty", "num_questions", "language", "mode"}
)


def create_interview(*, owner: User, **fields: Any) -> Interview:
    """Make a draft interview. A screening one takes the right to add interviews.

    A screening interview gets its questions now, so that its owner can read and change them before they
    publish; practice questions are planned when the candidate starts. Raises `InvalidInput`.
    """
    _check_may_screen(owner, fields)
    interview = Interview(owner=owner, **fields)
    _check_feedback(interview)
    _check_extra_time(interview)
    if interview.is_practice:
        with transaction.atomic():
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


def _check_feedback(interview: Interview) -> None:
    if interview.tells_at_the_end and not interview.is_practice:
        raise InvalidInput(
            "feedback", _("Candidates of a screening see no feedback. Leave this out.")
        )


def _check_extra_time(interview: Interview) -> None:
    if interview.time_factor != 1 and not interview.is_practice:
        raise InvalidInput("time_factor", _("A screening has the same time for everyone. Send 1."))


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


def edit_interview(
    *, interview: Interview, actor: User, precondition: Precondition = accept, **changes: Any
) -> Interview:
    """Change a draft in place; a published screening interview gets a new version, as a draft.

    Its draft is changed if there is one already. Returns the interview that carries the change. `precondition` is
    called with the locked row before anything is stored, and may raise. Raises `InvalidInput`, and `Conflict` for a
    practice interview that has begun, an archived one, and one whose next version is published.
    """
    _check_may_screen(actor, changes)
    edit = Edit(interview, actor, changes, precondition)
    try:
        return _apply(edit)
    except IntegrityError:
        return _apply(edit)  # Somebody else has just made the next version: change theirs.


def _apply(edit: Edit) -> Interview:
    source = edit.interview
    if reason := _frozen_reason(source):
        raise Conflict(reason, kind="interview-frozen")
    target = source if source.is_draft else next_draft(source)
    changes = {n: value for n, value in edit.changes.items() if getattr(target, n) != value}
    if not changes:
        return target if target.pk else source
    for name, value in changes.items():
        setattr(target, name, value)
    _check_feedback(target)
    _check_extra_time(target)
    replan = _needs_new_plan(target, changes)
    return _save_edit(target, replace(edit, changes=changes), replan=replan)


def _frozen_reason(interview: Interview) -> str:
    if interview.is_practice and not interview.is_draft:
        return "This interview has begun and cannot be changed. Make a new one."
    if interview.status == Interview.Status.ARCHIVED:
        return "This interview is archived and cannot be changed."
    return ""


def plan_interview(*, interview: Interview, actor: User) -> None:
    """Choose the questions of a screening draft anew. Raises `InvalidInput`, and `Conflict` for any other interview."""
    if not interview.is_draft or interview.is_practice:
        raise Conflict("Only the draft of a screening interview can be planned anew.")
    _save_edit(interview, Edit(interview, actor, {}), replan=True)


def _needs_new_plan(interview: Interview, changes: dict[str, Any]) -> bool:
    return not interview.is_practice and not SHAPES_PLAN.isdisjoint(changes)


def _save_edit(target: Interview, edit: Edit, *, replan: bool) -> Interview:
    is_new = target.pk is None
    questions = plan(target) if replan else None
    if questions is None and is_new:
        questions = [question_values(question) for question in edit.interview.questions.all()]
    with transaction.atomic():
        edit.check(target)
        target.save(update_fields=None if is_new else list(edit.changes))
        if questions is not None or _is_planned_at_the_start(target, edit):
            target.questions.all().delete()
        if questions is not None:
            Question.objects.bulk_create(any_question(target, q) for q in questions)
        detail = ", ".join(edit.changes) or "questions"
        AuditEvent.objects.record("interview.edited", target, actor=edit.actor, detail=detail)
    return target


def _is_planned_at_the_start(target: Interview, edit: Edit) -> bool:
    """Tell whether practice that already has questions is to get others, since its plan would be another."""
    return target.is_practice and not SHAPES_PLAN.isdisjoint(edit.changes)


def any_question(interview: Interview, values: dict[str, Any]) -> Question:
    """Return a question of an interview, not saved, from what was planned or from the values of another."""
    if "bank_id" in values:
        return _planned_question(interview, values)
    return Question(interview=interview, **values)


def question_values(question: Question) -> dict[str, Any]:
    return {"number": question.number, "bank_slug": question.bank_slug, **question.content()}


def publish_interview(*, interview: Interview, actor: User) -> Interview:
    """Freeze a screening interview, so that everyone is asked the same. Raises `Conflict`."""
    if not interview.is_draft or interview.is_practice:
        raise Conflict("Only the draft of a screening interview can be published.")
    with transaction.atomic():
        locked = locked_interview(interview.pk)
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


def delete_interview(
    *, interview: Interview, actor: User, precondition: Precondition = accept
) -> None:
    """Delete an interview nobody else has a session in, with the owner's own session and its recordings.

    Raises `Conflict` where other people's sessions hang on it: archive it instead.
    """
    with transaction.atomic():
        locked = locked_interview(interview.pk)
        precondition(locked)
        if locked.sessions.exclude(candidate=locked.owner).exists():
            raise Conflict(
                "Candidates have sessions in this interview. Archive it instead.",
                kind="still-needed",
            )
        named = "" if locked.is_practice else locked.name
        AuditEvent.objects.record("interview.deleted", locked, actor=actor, detail=named)
        locked.sessions.all().delete()
        locked.delete()
