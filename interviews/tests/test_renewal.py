"""What is held is renewed while it is held, by one thread, and what fails stops nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from interviews.models import InterviewSession
from interviews.services.lookups import fresh
from interviews.services.turn.lease import Lease, claim
from interviews.services.turn.renewal import Renewal, renew_all, renewal
from interviews.tests.rows import make_row

pytestmark = pytest.mark.django_db(transaction=True)


def claimed() -> Lease:
    lease = claim(fresh(make_row()))
    assert lease is not None
    return lease


def let_leases_run_out() -> None:
    InterviewSession.objects.update(lease_until=timezone.now() - timedelta(seconds=1))


def test_one_thread_renews_for_all_while_something_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    own, one, two, threads = Renewal(), mock.Mock(), mock.Mock(), mock.Mock()
    monkeypatch.setattr("interviews.services.turn.renewal.threading", threads)

    own.begin(one)
    own.begin(two)

    threads.Thread.assert_called_once_with(target=own._run, name="renewal", daemon=True)
    threads.Thread().start.assert_called_once_with()
    threads.reset_mock()
    own.end(one)
    assert own.renew() is True
    own.end(two)
    assert own.renew() is False
    own.begin(one)
    threads.Thread().start.assert_called_once_with()


def test_what_is_held_is_renewed_every_third_of_a_lease(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TURN_LEASE_SECONDS = 12
    done: list[str | float] = []

    def renew(_until: datetime) -> bool:
        done.append("renewed")
        return len(done) < 9 or pytest.fail("It does not end.")

    def sleep(seconds: float) -> None:
        done.append(seconds)
        if done.count(seconds) == 3:
            own.end(held)

    own, held = Renewal(), mock.Mock(renew=renew)
    own._held.add(held)

    monkeypatch.setattr("interviews.services.turn.renewal.time", mock.Mock(sleep=sleep))

    own._run()

    assert done == [4, "renewed", 4, "renewed", 4]


def test_what_a_worker_holds_is_renewed_in_one_go() -> None:
    one, two = claimed(), claimed()
    let_leases_run_out()

    renew_all([one, two])

    assert InterviewSession.objects.filter(lease_until__gt=timezone.now()).count() == 2


def test_what_cannot_be_renewed_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    lease = claimed()
    let_leases_run_out()
    broken = mock.Mock(renew=mock.Mock(side_effect=RuntimeError("secret")))

    renew_all([broken, lease])

    assert "could not be renewed: RuntimeError" in caplog.text
    assert "secret" not in caplog.text
    assert InterviewSession.objects.filter(lease_until__gt=timezone.now()).exists()


def test_what_was_renewed_or_failed_alone_is_not_tried_again_at_once() -> None:
    one, two = mock.Mock(), mock.Mock()
    broken = mock.Mock(renew=mock.Mock(side_effect=RuntimeError))

    renew_all([one, two])
    renew_all([broken])

    assert [held.renew.call_count for held in (one, two, broken)] == [1, 1, 1]


@pytest.mark.parametrize("error", [None, RuntimeError])
def test_no_connection_is_kept_until_the_next_renewal(error: type[Exception] | None) -> None:
    connection.ensure_connection()

    renew_all([mock.Mock(renew=mock.Mock(side_effect=error))])

    assert connection.connection is None


def test_what_is_forgotten_is_renewed_no_more() -> None:
    own, held = Renewal(), mock.Mock()
    own._held.add(held)

    own.forget()

    assert not own.renew()


def test_only_what_is_still_held_is_renewed() -> None:
    held, released, forgotten = (claimed() for _number in range(3))
    own = Renewal()
    own._is_running = True
    for lease in (held, released, forgotten):
        own.begin(lease)
        renewal.end(lease)
    own.renew()
    own.end(released)
    del forgotten, lease
    let_leases_run_out()

    assert own.renew() is True

    renewed = InterviewSession.objects.get(lease_until__gt=timezone.now())
    assert renewed.pk == held.session_id
