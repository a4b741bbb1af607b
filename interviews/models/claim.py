"""What a candidate says they said, beside what the machine read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class PointClaim(models.Model):
    """“I did say this”, or a tick where nothing is rated: a candidate's own view of one key point; it changes no rating."""

    turn = models.ForeignKey("interviews.Turn", on_delete=models.CASCADE, related_name="claims")
    point = models.CharField(max_length=100)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["turn_id", "point"]
        constraints = [
            models.UniqueConstraint(fields=["turn", "point"], name="claim_once_per_turn_and_point"),
            models.CheckConstraint(condition=~Q(point=""), name="claim_names_a_point"),
        ]

    def __str__(self) -> str:
        return f"{self.point} of turn {self.turn_id}"
