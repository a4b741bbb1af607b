"""What has expired is deleted, a batch at a time, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from accounts.families import first_token
from accounts.models import Mail, TokenFamily
from accounts.outbox import queue_mail
from accounts.sweeping import sweep_expired, sweep_now_and_then
from accounts.testing import make_user

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=400)


def make_one_of_each() -> None:
    user = make_user()
    first_token(user).blacklist()
    Client().force_login(user)
    AccessAttempt.objects.create(username="a@example.org", failures_since_start=1)
    sent = queue_mail(template="password_reset", to=user)
    sent.claim(lease=timedelta(0))
    sent.settle(Mail.State.SENT, "sent")


def counts() -> list[int]:
    kinds = (
        OutstandingToken,
        BlacklistedToken,
        TokenFamily,
        Session,
        AccessAttempt,
        AccessLog,
        Mail,
    )
    return [kind.objects.count() for kind in kinds]


def make_all_old() -> None:
    OutstandingToken.objects.update(expires_at=LONG_AGO)
    TokenFamily.objects.update(created_at=LONG_AGO - timedelta(days=1), expires_at=LONG_AGO)
    Session.objects.update(expire_date=LONG_AGO)
    AccessAttempt.objects.update(attempt_time=LONG_AGO)
    AccessLog.objects.update(attempt_time=LONG_AGO)
    Mail.objects.update(queued_at=LONG_AGO)


def test_what_has_expired_is_deleted_and_what_is_valid_stays() -> None:
    make_one_of_each()
    make_all_old()
    make_one_of_each()

    sweep_expired()

    assert counts() == [1] * 7


def test_a_sweep_deletes_a_batch_of_each_kind() -> None:
    for _ in range(3):
        queue_mail(template="password_reset", to=make_user())
    Mail.objects.update(queued_at=LONG_AGO, state=Mail.State.FAILED)

    assert [sweep_expired(at_once=2), sweep_expired(at_once=2)] == [2, 1]


def test_mail_that_still_waits_is_never_swept() -> None:
    queue_mail(template="password_reset", to=make_user())
    Mail.objects.update(queued_at=LONG_AGO)

    assert sweep_expired() == 0


def test_the_loop_looks_for_what_has_expired_only_now_and_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("accounts.sweeping._next_at", 0.0)
    found: list[int] = []

    for _ in range(2):
        queue_mail(template="password_reset", to=make_user())
        Mail.objects.update(queued_at=LONG_AGO, state=Mail.State.FAILED)
        found.append(sweep_now_and_then())

    assert found == [1, 0]
