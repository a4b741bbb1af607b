"""Moves an interview from one status to the next."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from interviews.errors import InvalidInput
from interviews.models import Interview
from interviews.services.setting_up import (
    archive_interview,
    edit_interview,
    publish_interview,
)
from interviews.services.versions import Precondition, accept, locked_interview


def change_interview(
    *, interview: Interview, actor: User, precondition: Precondition = accept, **changes: Any
) -> Interview:
    """Edit an interview, or move its status on if that is what differs; returns what carries the change.

    Raises as `edit_interview` and `change_status`, and `InvalidInput` for both in one.
    """
    status = changes.pop("status", "")
    if status == interview.status and not changes:
        return interview
    if status in {"", interview.status}:
        return edit_interview(
            interview=interview, actor=actor, precondition=precondition, **changes
        )
    if any(getattr(interview, name) != value for name, value in changes.items()):
        raise InvalidInput("status", _("Send a new status by itself, after the other changes."))
    with transaction.atomic():
        precondition(locked_interview(interview.pk))
        return change_status(interview=interview, actor=actor, status=status)


def change_status(*, interview: Interview, actor: User, status: str) -> Interview:
    """Publish or archive a screening interview. Raises `InvalidInput`, and `Conflict` if it cannot be published."""
    if problem := _problem(interview, status):
        raise InvalidInput("status", problem)
    if status == Interview.Status.PUBLISHED:
        return publish_interview(interview=interview, actor=actor)
    return archive_interview(interview=interview, actor=actor)


def _problem(interview: Interview, status: str) -> str:
    if interview.is_practice:
        return _("Practice has no status to set: start it, or delete it.")
    if status == Interview.Status.DRAFT:
        return _("It stays as it is. Change another member: you get a draft of its next version.")
    if interview.status == Interview.Status.ARCHIVED:
        return _("An archived interview stays archived. Make a new one.")
    return ""
