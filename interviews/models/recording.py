"""What a candidate said aloud in a turn, and what was heard."""

from __future__ import annotations

import contextlib
import os
import uuid
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone

from accounts.models import User
from interviews.models.rights import readable_screenings


def new_path() -> str:
    """Return a fresh place for a recording below `RECORDINGS_DIR`."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}"


class RecordingQuerySet(models.QuerySet["Recording"]):
    """Vocabulary of recordings; the lookup is the authorisation."""

    def at(self, *, token: str, turn: int, key: str) -> RecordingQuerySet:
        """Return the recording of a session's turn under its key."""
        return self.filter(turn__session__token=token, turn__number=turn, key=key, size__gt=0)

    def visible_to(self, user: User) -> RecordingQuerySet:
        """Return the recordings that `user` may hear: their own, and those of screenings they may read."""
        own = Q(turn__session__candidate=user)
        return self.filter(own | readable_screenings(user, "turn__session__interview__"))


class Recording(models.Model):
    """One recording of a spoken answer, appended chunk by chunk; `transcript` is what the machine heard."""

    turn = models.ForeignKey("interviews.Turn", on_delete=models.CASCADE, related_name="recordings")
    key = models.CharField(max_length=64)
    media_type = models.CharField(max_length=80, blank=True)
    path = models.CharField(max_length=40, unique=True, default=new_path, editable=False)
    chunks = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField("bytes", default=0)
    transcript = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = RecordingQuerySet.as_manager()

    class Meta:
        ordering = ["turn_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["turn", "key"], name="recording_key_unique_in_turn"),
            models.CheckConstraint(condition=~Q(key=""), name="recording_has_key"),
        ]

    def __str__(self) -> str:
        return f"recording {self.key} of turn {self.turn_id}"

    @property
    def file(self) -> Any:
        """The private file that holds the sound; never below a public URL."""
        return settings.RECORDINGS_DIR / self.path

    def forget_file(self) -> None:
        """Remove the sound; what cannot be removed now is swept later."""
        with contextlib.suppress(OSError):
            os.unlink(self.file)  # noqa: PTH108 - never follows a link

    def grow(self, *, chunks: int, size: int) -> bool:
        """Note how much is durable; False where somebody else has appended in the meantime."""
        same = Recording.objects.filter(pk=self.pk, chunks=self.chunks)
        if not same.update(chunks=chunks, size=size, media_type=self.media_type, transcript=None):
            return False
        self.chunks, self.size, self.transcript = chunks, size, None
        return True

    def keep_transcript(self, transcript: dict[str, Any]) -> None:
        """Store what the machine heard."""
        self.transcript = transcript
        self.save(update_fields=["transcript"])


@receiver(post_delete, sender=Recording)
def forget_sound(instance: Recording, **_about: Any) -> None:
    """Remove the sound of a deleted recording. A signal, as rows also go by cascade and from the admin."""
    transaction.on_commit(instance.forget_file)
