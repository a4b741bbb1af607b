"""The sign of life of a background loop."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Heartbeat(models.Model):
    """When a named loop last showed that it is alive, and which process runs it."""

    name = models.CharField(max_length=40)
    beat_at = models.DateTimeField()
    started_at = models.DateTimeField()
    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="heartbeat_once_per_name"),
            models.CheckConstraint(condition=~Q(name=""), name="heartbeat_has_name"),
        ]

    def __str__(self) -> str:
        return self.name
