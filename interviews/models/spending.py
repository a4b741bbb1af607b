"""What calls to language models cost."""

from __future__ import annotations

from django.db import models
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User


class SpendingQuerySet(models.QuerySet["Spending"]):
    """Vocabulary of costs."""

    def visible_to(self, user: User) -> SpendingQuerySet:
        """Return the costs that `user` may read: all of them with the right to."""
        return self if user.has_perm("interviews.view_spending") else self.none()

    def today(self) -> SpendingQuerySet:
        begin = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return self.filter(created_at__gte=begin)

    def of_session(self, pk: int) -> SpendingQuerySet:
        return self.filter(session_id=pk)

    def micros(self) -> int:
        """Return the sum, in millionths of the price table's currency."""
        return self.aggregate(total=Sum("micros"))["total"] or 0


class Spending(models.Model):
    """One piece of work that language models were called for; never changed."""

    session = models.ForeignKey(
        "interviews.InterviewSession",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="spending",
    )
    calls = models.PositiveIntegerField()
    input_tokens = models.PositiveIntegerField()
    output_tokens = models.PositiveIntegerField()
    micros = models.PositiveBigIntegerField("cost in millionths")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = SpendingQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "spending"
        permissions = [("view_system", "Can view the System page and the reasons in /health")]
        constraints = [
            models.CheckConstraint(condition=models.Q(calls__gte=1), name="spending_has_calls")
        ]

    def __str__(self) -> str:
        return f"{self.calls} calls"
