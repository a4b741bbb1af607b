"""This installation: what on a disk bears its mark belongs to this database."""

from __future__ import annotations

import uuid

from django.db import models

ONLY = 1


class InstallationManager(models.Manager["Installation"]):
    """Finds the one row, or makes it."""

    def mark(self) -> str:
        """Return what tells this installation from others; it is in the database, so all its servers share it."""
        return self.get_or_create(pk=ONLY)[0].identity.hex


class Installation(models.Model):
    """The identity of an installation: one row, made when it is first needed."""

    number = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    identity = models.UUIDField(default=uuid.uuid4, editable=False)

    objects = InstallationManager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=models.Q(number=ONLY), name="installation_is_one")
        ]

    def __str__(self) -> str:
        return self.identity.hex
