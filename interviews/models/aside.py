"""What a candidate said to us instead of answering."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

SECOND = 2


class Aside(models.Model):
    """A request, a report of a fault or the like, said in a turn that stays open, with our reply; written once."""

    class Kind(models.TextChoices):
        REPHRASE = "rephrase", "Asked what is meant"
        HELP = "help", "Asked for help"
        FAULT = "fault", "Reported a fault"
        DISTRESS = "distress", "Was not well"
        OTHER = "other", "Asked about the interview"

    turn = models.ForeignKey("interviews.Turn", on_delete=models.CASCADE, related_name="asides")
    session = models.ForeignKey(
        "interviews.InterviewSession", on_delete=models.CASCADE, related_name="asides"
    )
    key = models.CharField("idempotency key", max_length=128)
    text = models.TextField()
    modality = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=Kind)
    reply = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["turn_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "key"], name="aside_key_unique_in_session"),
            models.CheckConstraint(condition=~Q(key=""), name="aside_has_key"),
            models.CheckConstraint(condition=~Q(reply=""), name="aside_has_reply"),
            models.CheckConstraint(
                condition=Q(modality__in=["text", "audio"]), name="aside_modality_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["rephrase", "help", "fault", "distress", "other"]),
                name="aside_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"aside {self.pk} in {self.turn_id}"
