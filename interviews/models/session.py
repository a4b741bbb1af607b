"""One attempt at an interview."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from interviews.models.choices import TIME_FACTORS
from interviews.models.counting import number_of
from interviews.models.rights import managed_screenings, readable_screenings


def new_token() -> str:
    """Return a random, unguessable name for a session (256 bits)."""
    return secrets.token_urlsafe(32)


class InterviewSessionQuerySet(models.QuerySet["InterviewSession"]):
    """Vocabulary of sessions; the lookup is the authorisation."""

    def of_candidate(self, user: User) -> InterviewSessionQuerySet:
        return self.filter(candidate=user)

    def visible_to(self, user: User) -> InterviewSessionQuerySet:
        """Return the sessions whose scores `user` may see: their own practice, and others' screenings by right."""
        screenings = readable_screenings(user, "interview__") & ~Q(candidate=user)
        return self.filter(Q(candidate=user, interview__mode="practice") | screenings)

    def reviewable_by(self, user: User) -> InterviewSessionQuerySet:
        """Return the sessions whose ratings `user` may overrule or retry: never practice, never their own."""
        return self.filter(managed_screenings(user, "interview__") & ~Q(candidate=user))

    def unfinished(self) -> InterviewSessionQuerySet:
        return self.filter(status__in=["pending", "active"])

    def undescribed(self) -> InterviewSessionQuerySet:
        """Return finished sessions, all rated, that were not described since their last rating.

        In practice an answer that cannot be rated is left out, and waited for by nobody.
        """
        turns = apps.get_model("interviews", "Turn")._default_manager
        unrated = turns.filter(session=OuterRef("pk")).exclude(evaluation="scored")
        unrated = unrated.exclude(evaluation="not_scored", session__interview__mode="practice")
        done = self.filter(described_at__isnull=True, status__in=["completed", "expired"])
        return done.filter(~Exists(unrated))

    def describe_again(self) -> int:
        """Have these sessions described anew, since a rating has changed."""
        return self.filter(described_at__isnull=False).update(described_at=None)

    def with_progress(self) -> InterviewSessionQuerySet:
        """Count in `answered` the questions that are behind the candidate, as a room's progress does.

        A question with an open follow-up is not; `has_open_turn` tells whether anything waits for an answer.
        """
        turns = apps.get_model("interviews", "Turn")._default_manager
        asked = turns.filter(flow="asked")
        waiting = asked.filter(session=OuterRef("session"), question=OuterRef("question"))
        behind = turns.filter(~Exists(waiting), is_follow_up=False)
        return self.select_related("interview").annotate(
            answered=number_of(behind, "session"),
            has_open_turn=Exists(asked.filter(session=OuterRef("pk"))),
        )

    def touch(self, pk: int) -> bool:
        """Note that the candidate was here, which locks the row; False where the session is over."""
        return bool(self.unfinished().filter(pk=pk).update(last_seen_at=timezone.now()))

    def claim(self, session: InterviewSession, *, owner: str, until: datetime) -> bool:
        """Take the lease by compare-and-swap on the fence and version that `session` was loaded with.

        False while somebody else holds it, or has taken it (fence) or given it back (version) since the row was read:
        then the turns, which are read after it, may be stale. So a lease that was free is free still.
        """
        if session.lease_until is not None and session.lease_until >= timezone.now():
            return False
        untouched = self.filter(pk=session.pk, fence=session.fence, version=session.version)
        return bool(untouched.update(lease_owner=owner, lease_until=until, fence=session.fence + 1))

    def renew(self, pk: int, *, owner: str, fence: int, until: datetime) -> bool:
        """Hold on to the lease until then; False if it was lost in the meantime."""
        mine = self.filter(pk=pk, lease_owner=owner, fence=fence)
        return bool(mine.update(lease_until=until))

    def release(self, pk: int, *, owner: str, fence: int) -> bool:
        """Give the lease back; False where it was lost in the meantime, so that the work must be dropped."""
        return bool(self.filter(pk=pk, lease_owner=owner, fence=fence).give_back())

    def held_by(self, process: str) -> InterviewSessionQuerySet:
        """Return the sessions that a process of that name carries on."""
        return self.filter(lease_owner__startswith=f"{process}:")

    def give_back(self) -> int:
        """Free the leases of these sessions; whoever loaded one before that has to load it again."""
        return self.update(lease_owner="", lease_until=None, version=F("version") + 1)


class InterviewSession(models.Model):
    """One person's attempt at an interview, found by a random token.

    `time_factor` is how many times the planned time there is; None is no timer.
    """

    class Status(models.TextChoices):
        PENDING = "pending", "Waiting"
        ACTIVE = "active", "In progress"
        COMPLETED = "completed", "Completed"
        EXPIRED = "expired", "Time ran out"
        ABANDONED = "abandoned", "Not finished"

    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    interview = models.ForeignKey(
        "interviews.Interview", on_delete=models.RESTRICT, related_name="sessions"
    )
    candidate = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sessions"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    consented_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    deadline = models.DateTimeField(null=True, blank=True)
    time_factor = models.FloatField(null=True, blank=True, default=1.0)
    finished_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)
    lease_owner = models.CharField(max_length=64, blank=True, default="")
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveBigIntegerField(default=0)
    summary = models.TextField(blank=True, default="")
    summary_of = models.CharField(max_length=64, blank=True, default="", editable=False)
    described_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InterviewSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["interview", "candidate"], name="session_once_per_interview_and_candidate"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "active", "completed", "expired", "abandoned"]),
                name="session_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status="pending") | Q(started_at__isnull=False) | Q(status="abandoned"),
                name="session_under_way_has_start",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "active"]) | Q(finished_at__isnull=False),
                name="session_ended_has_end",
            ),
            models.CheckConstraint(
                condition=Q(time_factor__isnull=True) | Q(time_factor__in=TIME_FACTORS),
                name="session_time_factor_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "deadline"], name="session_status_deadline"),
            models.Index(
                fields=["status"],
                condition=Q(described_at__isnull=True),
                name="session_is_undescribed",
            ),
        ]

    def __str__(self) -> str:
        return f"session {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.status not in {self.Status.PENDING, self.Status.ACTIVE}

    @property
    def shows_evaluations(self) -> bool:
        """Whether its candidate may see by now how they were rated: in practice, and not before they want to."""
        if not self.interview.is_practice:
            return False
        return self.is_over or not self.interview.tells_at_the_end

    def is_past_deadline(self, *, now: datetime, grace: timedelta) -> bool:
        return self.deadline is not None and self.deadline + grace < now
