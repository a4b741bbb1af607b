"""A loop shows that it is alive."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from interviews.models import Heartbeat
from interviews.services.heartbeat import beat, heartbeat_age

pytestmark = pytest.mark.django_db


def test_a_loop_that_never_ran_has_no_age() -> None:
    assert heartbeat_age() is None


def test_the_age_counts_from_the_last_beat() -> None:
    beat()
    Heartbeat.objects.update(beat_at=timezone.now() - timedelta(hours=1))

    age = heartbeat_age()

    assert age is not None
    assert age >= timedelta(hours=1)


def test_every_loop_has_one_row_that_names_its_process() -> None:
    beat()
    beat()
    beat("other")

    assert Heartbeat.objects.count() == 2
    assert Heartbeat.objects.get(name="catch_up").pid == os.getpid()


def test_a_clock_that_was_set_back_gives_no_negative_age() -> None:
    beat()
    Heartbeat.objects.update(beat_at=timezone.now() + timedelta(hours=1))

    age = heartbeat_age()

    assert age is not None
    assert age > timedelta(minutes=59)
