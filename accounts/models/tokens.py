"""Which tokens belong together."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone


class TokenFamily(models.Model):
    """All tokens that came from one sign-in through the API; they end together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="token_families"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "token families"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="token_family_expires_after_it_began",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="token_family_expiry")]

    def __str__(self) -> str:
        return f"tokens {self.pk}"

    def extend(self, until: datetime) -> bool:
        """Let it live as long as its newest token; False if it was revoked."""
        alive = TokenFamily.objects.filter(pk=self.pk, revoked_at__isnull=True)
        return bool(alive.update(expires_at=until))

    def revoke(self) -> None:
        TokenFamily.objects.filter(pk=self.pk, revoked_at__isnull=True).update(
            revoked_at=timezone.now()
        )
