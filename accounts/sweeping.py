"""Deletes what nobody can use any more: expired tokens and sessions, old access logs, old mail."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from accounts.models import Mail, TokenFamily

AT_ONCE = 500
ACCESS_LOG_KEPT = timedelta(days=30)
MAIL_KEPT = timedelta(days=30)
EVERY_SECONDS = 300.0
_next_at = 0.0


def sweep_expired(at_once: int = AT_ONCE) -> int:
    """Delete at most `at_once` rows of each kind, and return how many were deleted of all."""
    return sum(_delete_some(rows, at_once) for rows in _expired())


def sweep_now_and_then() -> int:
    """Sweep every few minutes, however often it is called: the loop calls it every few seconds."""
    global _next_at  # noqa: PLW0603 - of this process
    if time.monotonic() < _next_at:
        return 0
    swept = sweep_expired()
    _next_at = time.monotonic() + (0 if swept >= AT_ONCE else EVERY_SECONDS)
    return swept


def _expired() -> Iterator[QuerySet[Any]]:
    now = timezone.now()
    yield OutstandingToken.objects.filter(expires_at__lt=now)
    yield TokenFamily.objects.filter(expires_at__lt=now)
    yield Session.objects.filter(expire_date__lt=now)
    yield AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME)
    yield AccessLog.objects.filter(attempt_time__lt=now - ACCESS_LOG_KEPT)
    yield AccessFailureLog.objects.filter(attempt_time__lt=now - ACCESS_LOG_KEPT)
    yield Mail.objects.exclude(state=Mail.State.WAITING).filter(queued_at__lt=now - MAIL_KEPT)


def _delete_some(rows: QuerySet[Any], at_once: int) -> int:
    """Delete a batch by its keys: short statements, so that nobody waits long for the database."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:at_once])
    if keys:
        rows.model._default_manager.filter(pk__in=keys).delete()
    return len(keys)
