"""A ticket for the socket: single use, short-lived, for one person and one session."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

LIFETIME = timedelta(seconds=30)


class SocketTicket(models.Model):
    """The right to open one session's socket once; only the digest of its secret is stored."""

    session = models.ForeignKey(
        "interviews.InterviewSession", on_delete=models.CASCADE, related_name="tickets"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="socket_tickets"
    )
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="ticket_digest_is_unique"),
        ]

    def __str__(self) -> str:
        return f"ticket {self.pk}"

    @staticmethod
    def forget_old() -> None:
        """Delete the tickets that nobody can use any more."""
        SocketTicket.objects.filter(expires_at__lt=timezone.now()).delete()
