"""Who did what to what."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models

from accounts.models import User


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Writes and reads the trail."""

    def visible_to(self, user: User) -> AuditEventQuerySet:
        """Return the events that `user` may read: all of them with the right to."""
        return self if user.has_perm("interviews.view_auditevent") else self.none()

    def record(
        self, action: str, target: models.Model, *, actor: User | None = None, detail: str = ""
    ) -> AuditEvent:
        (event,) = self.record_all(action, [target], actor=actor, detail=detail)
        return event

    def record_all(
        self,
        action: str,
        targets: Iterable[models.Model],
        *,
        actor: User | None = None,
        detail: str = "",
    ) -> list[AuditEvent]:
        """Record the same deed on each of several rows; one that is not stored stands for all of its kind."""
        return self.bulk_create(
            AuditEvent(
                actor=actor,
                actor_label=actor.email if actor else "system",
                action=action,
                target=f"{target._meta.model_name} {target.pk or ''}".strip(),
                detail=detail[:500],
            )
            for target in targets
        )


class AuditEvent(models.Model):
    """One deed that somebody may have to answer for; never changed, never deleted by the product."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    actor_label = models.CharField(max_length=254)
    action = models.CharField(max_length=40)
    target = models.CharField(max_length=80, db_index=True)
    detail = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(action=""), name="audit_event_has_action")
        ]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.action} {self.target}"
