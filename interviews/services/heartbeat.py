"""Writes down that a background loop is alive, and tells how long ago it last was."""

from __future__ import annotations

import os
import socket
from datetime import timedelta

from django.utils import timezone

from interviews.models import Heartbeat

CATCH_UP = "catch_up"
_process_started_at = timezone.now()


def beat(name: str = CATCH_UP) -> None:
    """Note that the loop `name` of this process is alive now."""
    now = timezone.now()
    Heartbeat.objects.update_or_create(
        name=name,
        defaults={
            "beat_at": now,
            "started_at": min(_process_started_at, now),
            "host": socket.gethostname()[:255],
            "pid": os.getpid(),
        },
    )


def heartbeat_age(name: str = CATCH_UP) -> timedelta | None:
    """Return how long ago the loop `name` last showed that it is alive; None if it never has.

    A time to come was written before the clock was set back: as long as it stands, the loop has not shown itself since.
    """
    beat_at = Heartbeat.objects.filter(name=name).values_list("beat_at", flat=True).first()
    return None if beat_at is None else abs(timezone.now() - beat_at)
