"""What a candidate answered anew to a question of a practice interview."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from interviews.models.turn import Turn


class AnotherAnswerQuerySet(models.QuerySet["AnotherAnswer"]):
    """Vocabulary of answers that were given anew."""

    def unrated(self) -> AnotherAnswerQuerySet:
        return self.filter(evaluation=Turn.Evaluation.PENDING)

    def take(self, pk: int, *, now: datetime, until: datetime) -> bool:
        """Take the right to rate one until then, by compare-and-swap; False if it is rated, or somebody rates it."""
        free = self.unrated().filter(Q(rated_until=None) | Q(rated_until__lt=now), pk=pk)
        return bool(free.update(rated_until=until))


class AnotherAnswer(models.Model):
    """“Say it again”: a later answer to a turn of a practice interview, which no result of it reads.

    Its words are written once, and so is what was found in them: until then its rating is pending.
    """

    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="another_answers")
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    evaluation = models.CharField(
        max_length=10, choices=Turn.Evaluation, default=Turn.Evaluation.PENDING
    )
    result = models.JSONField(null=True, blank=True)
    rated_until = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = AnotherAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["turn_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["turn", "sha256"], name="another_answer_words_once_per_turn"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="another_answer_has_words"),
            models.CheckConstraint(
                condition=Q(evaluation__in=["pending", "scored", "not_scored"]),
                name="another_answer_evaluation_is_known",
            ),
            models.CheckConstraint(
                condition=Q(evaluation="pending", result__isnull=True)
                | (~Q(evaluation="pending") & Q(result__isnull=False)),
                name="another_answer_has_result_once_rated",
            ),
        ]

    def __str__(self) -> str:
        return f"another answer to {self.turn_id}"

    @property
    def is_rated(self) -> bool:
        return self.evaluation != Turn.Evaluation.PENDING

    def is_being_rated(self, now: datetime) -> bool:
        return not self.is_rated and self.rated_until is not None and self.rated_until >= now
