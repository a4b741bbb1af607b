"""How an answer was rated, by the machine or by a person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Rating(models.Model):
    """One criterion of one answer on the anchored scale 1 to 5, with verbatim evidence; never changed."""

    turn = models.ForeignKey("interviews.Turn", on_delete=models.CASCADE, related_name="ratings")
    criterion = models.CharField(max_length=80)
    rater = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Empty for the machine.",
    )
    by_person = models.BooleanField(default=False)
    score = models.PositiveSmallIntegerField()
    evidence = models.JSONField(default=list)
    rationale = models.TextField(blank=True)
    reason = models.CharField("reason for the override", max_length=500, blank=True)
    provenance = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["turn_id", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(score__range=(1, 5)), name="rating_score_is_1_to_5"),
            models.CheckConstraint(condition=~Q(criterion=""), name="rating_has_criterion"),
            models.CheckConstraint(
                condition=Q(by_person=False) | ~Q(reason=""), name="rating_by_person_has_reason"
            ),
            models.UniqueConstraint(
                fields=["turn", "criterion"],
                condition=Q(by_person=False),
                name="rating_once_per_criterion",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.score}"
