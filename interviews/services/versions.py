"""The versions of an interview: one follows another, and a published one is followed by one draft at most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from interviews.errors import Conflict, NotFound
from interviews.models import Interview

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
    "feedback",
    "session_time_limit_minutes",
)
Precondition = Callable[[Interview], None]


def accept(_interview: Interview) -> None:
    """Accept an interview in whatever state it is."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody wants to change of an interview, and under which precondition."""

    interview: Interview
    actor: User
    changes: dict[str, Any]
    precondition: Precondition = field(default=accept)

    def check(self, target: Interview) -> None:
        """Lock the rows inside the caller's transaction, and check that they are still what was read.

        Raises `NotFound`, `Conflict`, and whatever the precondition raises.
        """
        read = (self.interview, target)
        locked = {one.pk: locked_interview(one.pk) for one in read if one.pk is not None}
        self.precondition(locked[self.interview.pk])
        if any(locked[one.pk].status != one.status for one in read if one.pk is not None):
            raise Conflict(_("This interview was published or archived in the meantime."))


def locked_interview(pk: int) -> Interview:
    found = Interview.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise NotFound(_("This interview was deleted in the meantime."))
    return found


def next_draft(interview: Interview) -> Interview:
    """Return the draft of the next version: the one there is, or a new one that is not saved.

    Raises `Conflict` if the next version is published.
    """
    following = interview.next_versions.exclude(status=Interview.Status.ARCHIVED).first()
    if following is None:
        copied = {name: getattr(interview, name) for name in FROZEN}
        return Interview(
            owner=interview.owner,
            version=newest_version(interview) + 1,
            previous_version=interview,
            **copied,
        )
    if not following.is_draft:
        told = _("Version %(version)s of this interview is published (id %(pk)s). Change that one.")
        values = {"version": following.version, "pk": following.pk}
        raise Conflict(told % values, kind="newer-version")
    return following


def newest_version(interview: Interview) -> int:
    """Return the highest number among an interview and all that followed it."""
    newest, pks = interview.version, [interview.pk]
    while pks:
        rows = Interview.objects.filter(previous_version__in=pks).values_list("pk", "version")
        pks = [pk for pk, _version in rows]
        newest = max([newest, *(version for _pk, version in rows)])
    return newest
