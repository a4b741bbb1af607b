"""At most one worker carries a session on; a living one keeps its lease, a dead one's is soon free."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from ai.testing import StubModel
from interviews.errors import LeaseLost
from interviews.models import InterviewSession, Rating, Turn
from interviews.services import processes
from interviews.services.loaded_session import LoadedSession
from interviews.services.lookups import fresh
from interviews.services.turn.answer import Submission, record_answer
from interviews.services.turn.graph_input import answer_state
from interviews.services.turn.lease import Lease, RatingAttempt, claim, give_back_leases
from interviews.services.turn.outcome import record_flow, store_late_rating
from interviews.services.turn.renewal import lease_end, renewal
from interviews.services.turn.run import run_graph
from interviews.testing import answer, make_session
from interviews.tests.crash import die, in_child

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bank", "stub")]


@pytest.fixture(autouse=True)
def own_processes(settings: Settings, tmp_path: Path) -> None:
    """Keep apart from what other tests of this machine leave behind."""
    settings.VAR_DIR = tmp_path
    processes.process_name.cache_clear()


def ago(seconds: float = 1) -> object:
    return timezone.now() - timedelta(seconds=seconds)


def claimed(session: InterviewSession | LoadedSession) -> Lease:
    lease = claim(fresh(session))
    assert lease is not None
    return lease


def answered_session(**fields: Any) -> LoadedSession:
    session = make_session(**fields)
    record_answer(fresh(session), Submission(1, "k1 k2 k3", "key"))
    return fresh(session)


def claim_and_die(session: LoadedSession) -> Callable[[], None]:
    def work() -> None:
        claimed(session)
        die()

    return work


def test_a_lease_that_was_taken_since_cannot_be_claimed() -> None:
    session = fresh(make_session())
    stale = fresh(session)
    assert claim(session) is not None

    assert claim(stale) is None


def test_what_was_loaded_under_a_lease_that_ran_out_cannot_be_claimed_once_its_worker_is_done() -> (
    None
):
    session = answered_session()
    lease = claimed(session)
    InterviewSession.objects.update(lease_until=ago())
    stale = fresh(session)

    assert lease.release() is True

    assert claim(stale) is None
    assert claim(fresh(session)) is not None


def test_a_lost_lease_is_neither_renewed_nor_released() -> None:
    session = make_session()
    mine = claimed(session)
    InterviewSession.objects.update(lease_until=ago())
    theirs = claimed(session)

    assert mine.renew(lease_end()) is False
    assert mine.release() is False
    assert theirs.renew(lease_end()) is True


def test_a_lease_is_entered_as_itself_and_left_free() -> None:
    session = make_session()

    with claimed(session) as lease:
        assert not lease.is_released
        assert lease.renew(lease_end())

    assert lease.is_released
    assert claim(fresh(session)) is not None


def test_a_release_that_was_rolled_back_is_made_up_for() -> None:
    session = make_session()

    def work() -> None:
        with claimed(session) as lease, transaction.atomic():
            lease.release()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        work()

    assert claim(fresh(session)) is not None


def test_what_is_released_is_renewed_no_more() -> None:
    session = make_session()
    lease = claimed(session)
    assert renewal.renew()

    lease.release()

    assert not renewal.renew()


def test_the_next_question_is_not_stored_once_the_lease_is_lost() -> None:
    session = answered_session(follow_ups_per_question=0)
    turn = session.turns[0]
    lease = claim(session)
    assert lease is not None
    result = run_graph(answer_state(session, turn))
    InterviewSession.objects.update(lease_until=ago())
    claimed(session)

    with pytest.raises(LeaseLost):
        record_flow(session, turn, lease, result)

    stored = Turn.objects.get()
    assert (stored.flow, stored.attempts) == ("answered", 0)


def test_a_late_rating_is_dropped_once_another_attempt_was_made(stub: StubModel) -> None:
    session = make_session()
    stub.is_down = True
    answer(session)
    stub.is_down = False
    turn = fresh(session).turns[0]
    evaluation = run_graph(answer_state(fresh(session), turn))["evaluation"]
    Turn.objects.filter(pk=turn.pk).update(attempts=2)

    assert store_late_rating(RatingAttempt(turn.pk, 1), evaluation) is None
    assert not Rating.objects.exists()
    assert store_late_rating(RatingAttempt(turn.pk, 2), evaluation) is not None


def test_an_attempt_that_was_overtaken_is_not_renewed(stub: StubModel) -> None:
    session = make_session()
    stub.is_down = True
    answer(session)
    turn = Turn.objects.get(number=1)
    planned = turn.next_attempt_at

    assert RatingAttempt(turn.pk, 1).renew(lease_end()) is False
    assert Turn.objects.get(number=1).next_attempt_at == planned
    assert RatingAttempt(turn.pk, 0).renew(lease_end()) is True


def test_an_attempt_is_renewed_while_it_is_made() -> None:
    with RatingAttempt(1, 0) as attempt:
        assert (attempt.turn_id, attempt.number) == (1, 0)
        assert renewal.renew()

    assert not renewal.renew()


def test_a_killed_worker_s_lease_is_given_back_on_its_own_machine() -> None:
    session = answered_session()
    assert in_child(claim_and_die(session)) == -signal.SIGKILL
    assert claim(fresh(session)) is None

    assert give_back_leases() == 1

    assert claim(fresh(session)) is not None
    assert give_back_leases() == 0


def test_what_was_loaded_before_leases_were_given_back_cannot_be_claimed() -> None:
    session = answered_session()
    in_child(claim_and_die(session))
    InterviewSession.objects.update(lease_until=ago())
    stale = fresh(session)

    give_back_leases()

    assert claim(stale) is None


def test_a_living_worker_keeps_its_lease() -> None:
    session = answered_session()
    lease = claimed(session)

    assert give_back_leases() == 0

    assert lease.release() is True


def test_another_living_process_keeps_its_lease() -> None:
    lease = claimed(answered_session())

    def look() -> None:
        assert give_back_leases() == 0

    assert in_child(look) == 0
    assert lease.release() is True


def test_what_another_machine_holds_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    session = answered_session()

    def work() -> None:
        monkeypatch.setattr(processes, "_machine", lambda: "another")
        claimed(session)
        die()

    in_child(work)

    assert give_back_leases() == 0
    assert InterviewSession.objects.get().lease_owner.startswith("another-")


def test_what_a_container_with_files_of_its_own_holds_is_left_alone(
    settings: Settings, tmp_path: Path
) -> None:
    session = answered_session()

    def work() -> None:
        settings.VAR_DIR = tmp_path / "container"
        claimed(session)
        die()

    in_child(work)

    assert give_back_leases() == 0
    assert claim(fresh(session)) is None


def test_a_worker_without_a_folder_counts_as_alive(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    session = answered_session()

    def work() -> None:
        settings.VAR_DIR = tmp_path / "a file"
        claimed(session)
        die()

    assert in_child(work) == -signal.SIGKILL

    assert give_back_leases() == 0
    assert claim(fresh(session)) is None


def test_a_machine_has_one_name_until_it_is_started_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def name(boot: str) -> str:
        (tmp_path / "boot").write_text(boot)
        return processes._machine.__wrapped__()

    unknown = processes._machine.__wrapped__()
    monkeypatch.setattr(processes, "BOOT_ID", tmp_path / "boot")
    without = processes._machine.__wrapped__()

    assert name("1") == name("1")
    names = {unknown, without, name("1"), name("2")}
    assert len(names) == 4
    assert all(re.fullmatch("[0-9a-f]{12}", one) for one in names)


def test_nobody_else_looks_into_the_folder_of_processes(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path / "not" / "there yet"
    before = os.umask(0)

    try:
        name = processes.process_name()
    finally:
        os.umask(before)

    folder = settings.VAR_DIR / "processes"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [(one.name, one.stat().st_mode & 0o777) for one in folder.iterdir()] == [(name, 0o600)]


def test_a_child_has_a_name_and_a_lock_of_its_own() -> None:
    parent = processes.process_name()
    assert list(processes.dead_processes()) == []

    processes._begin_anew()
    child = processes.process_name()

    assert child != parent
    assert list(processes.dead_processes()) == [parent]
    assert list(processes.dead_processes()) == []
    processes._begin_anew()
    assert list(processes.dead_processes()) == [child]
