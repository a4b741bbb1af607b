"""A private link by which somebody shows the results of their practice to a mentor."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User

LIFETIME = timedelta(days=14)


def new_nonce() -> str:
    """Return what makes a link another one than any before it for the same row (128 bits)."""
    return secrets.token_urlsafe(16)


def end_of_new_link() -> datetime:
    return timezone.now() + LIFETIME


class MentorLinkQuerySet(models.QuerySet["MentorLink"]):
    """Vocabulary of mentor links; the lookup is the authorisation."""

    def of_candidate(self, user: User) -> MentorLinkQuerySet:
        """Return the links to the practice of `user`; nobody else may list or withdraw them, whatever their rights."""
        return self.filter(session__candidate=user, session__interview__mode="practice")

    def open_at(self, now: datetime) -> MentorLinkQuerySet:
        """Return the links that show something: not withdrawn, not expired, and their candidate may still sign in."""
        practice = self.filter(
            session__interview__mode="practice", session__candidate__is_active=True
        )
        return practice.filter(withdrawn_at__isnull=True, expires_at__gt=now)


class MentorLink(models.Model):
    """Lets anybody who has the link read the results of one practice session, until it expires or is withdrawn.

    The link itself is derived from the row's id and nonce and is never stored.
    """

    session = models.ForeignKey(
        "interviews.InterviewSession", on_delete=models.CASCADE, related_name="mentor_links"
    )
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=end_of_new_link)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = MentorLinkQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(nonce=""), name="mentor_link_has_nonce"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="mentor_link_expires_after_made"
            ),
        ]

    def __str__(self) -> str:
        return f"mentor link {self.pk}"

    def withdraw(self) -> bool:
        """End the link at once; False if it was withdrawn before."""
        rows = MentorLink.objects.filter(pk=self.pk, withdrawn_at__isnull=True)
        return bool(rows.update(withdrawn_at=timezone.now()))
