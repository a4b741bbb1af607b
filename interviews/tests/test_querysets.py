"""What the querysets find, on both sides of each of their edges."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter
from typing import Any

import pytest

from accounts.testing import make_user
from interviews.models import (
    InterviewSession,
    Turn,
)
from interviews.tests.rows import CLOSED, GRACE, MOMENT, NOW, UNRATED, make_row, make_turn

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("session", "turn", "is_overdue"),
    [
        ({}, {"deadline": NOW - GRACE}, False),
        ({}, {"deadline": NOW - GRACE - MOMENT}, True),
        ({"deadline": NOW - GRACE}, {}, False),
        ({"deadline": NOW - GRACE - MOMENT}, {}, True),
        ({}, {}, False),
        ({"status": "completed"}, {"deadline": NOW - GRACE - MOMENT}, False),
        ({}, {"deadline": NOW - GRACE - MOMENT, **CLOSED}, False),
    ],
)
def test_an_open_turn_is_overdue_once_its_time_and_the_grace_are_over(
    session: dict[str, Any], turn: dict[str, Any], is_overdue: bool
) -> None:
    make_turn(make_row(**session), **turn)

    assert Turn.objects.overdue(now=NOW, grace=GRACE).exists() is is_overdue


@pytest.mark.parametrize(
    ("session", "turn", "is_awaiting"),
    [
        ({}, UNRATED, True),
        ({}, {**UNRATED, "next_attempt_at": NOW}, True),
        ({}, {**UNRATED, "next_attempt_at": NOW + MOMENT}, False),
        ({}, {"flow": "answered", "evaluation": "pending", "next_attempt_at": NOW + MOMENT}, True),
        ({"lease_until": NOW - MOMENT}, UNRATED, True),
        ({"lease_until": NOW}, UNRATED, False),
        ({}, CLOSED, False),
        ({}, {}, False),
    ],
)
def test_a_turn_awaits_work_from_its_time_on_while_nobody_holds_its_session(
    session: dict[str, Any], turn: dict[str, Any], is_awaiting: bool
) -> None:
    make_turn(make_row(**session), **turn)

    assert Turn.objects.awaiting_work(now=NOW).exists() is is_awaiting


@pytest.mark.parametrize(
    ("turn", "is_due"),
    [
        (UNRATED, True),
        ({**UNRATED, "next_attempt_at": NOW}, True),
        ({**UNRATED, "next_attempt_at": NOW + MOMENT}, False),
        ({"flow": "answered", "evaluation": "pending"}, False),
        (CLOSED, False),
    ],
)
def test_a_rating_is_due_from_its_time_on(turn: dict[str, Any], is_due: bool) -> None:
    assert Turn(**turn).is_rating_due(NOW) is is_due


@pytest.mark.parametrize(
    ("turn", "attempt", "may_store"),
    [
        ({**UNRATED, "attempts": 2}, 2, True),
        ({**UNRATED, "attempts": 2}, 1, False),
        ({**UNRATED, "attempts": 2}, 3, False),
        ({**CLOSED, "attempts": 2}, 2, False),
        ({"flow": "answered", "evaluation": "pending", "attempts": 2}, 2, False),
    ],
)
def test_only_the_latest_attempt_at_a_closed_unrated_turn_may_store_its_rating(
    turn: dict[str, Any], attempt: int, may_store: bool
) -> None:
    make_turn(**turn)

    assert Turn.objects.rated_by(attempt).exists() is may_store


def test_a_draft_is_saved_over_the_one_it_was_made_from_only() -> None:
    turn = make_turn()
    other = make_turn()
    loaded_twice = Turn.objects.get(pk=turn.pk)

    assert turn.save_draft("first")
    assert not loaded_twice.save_draft("second")

    turn.refresh_from_db()
    other.refresh_from_db()
    assert (turn.draft, other.draft) == ("first", "")
    assert turn.draft_saved_at is not None


def test_a_draft_of_a_closed_turn_is_not_saved() -> None:
    assert not make_turn(**CLOSED).save_draft("late")


@pytest.mark.parametrize("status", ["pending", "active", "completed", "expired", "abandoned"])
def test_a_session_is_unfinished_until_it_ends(status: str) -> None:
    session = make_row(status=status, finished_at=NOW)
    other = make_row(last_seen_at=NOW)
    goes_on = status in {"pending", "active"}

    assert InterviewSession.objects.unfinished().filter(pk=session.pk).exists() is goes_on
    assert session.is_over is not goes_on
    assert InterviewSession.objects.touch(session.pk) is goes_on
    assert InterviewSession.objects.get(pk=other.pk).last_seen_at == NOW


@pytest.mark.parametrize(
    ("fields", "turns", "is_found"),
    [
        ({"status": "completed"}, [CLOSED], True),
        ({"status": "expired"}, [CLOSED], True),
        ({"status": "active"}, [CLOSED], False),
        ({"status": "completed", "described_at": NOW}, [CLOSED], False),
        ({"status": "completed"}, [CLOSED, UNRATED], False),
        ({"status": "completed"}, [], True),
    ],
)
def test_a_finished_session_is_described_once_all_its_own_turns_are_rated(
    fields: dict[str, Any], turns: list[dict[str, Any]], is_found: bool
) -> None:
    session = make_row(**fields)
    make_turn(make_row(), **UNRATED)
    for number, turn in enumerate(turns, start=1):
        make_turn(session, number, **turn)

    found = InterviewSession.objects.undescribed()

    assert found.filter(pk=session.pk).exists() is is_found


def test_what_was_described_is_described_again() -> None:
    described, new = make_row(described_at=NOW), make_row()

    assert InterviewSession.objects.filter(pk__in=[described.pk, new.pk]).describe_again() == 1

    described.refresh_from_db()
    assert described.described_at is None


def test_progress_counts_the_questions_behind_the_candidate() -> None:
    session, other = make_row(), make_row()
    guest = InterviewSession.objects.create(
        interview=session.interview, candidate=make_user(), status="active", started_at=NOW
    )
    first, second, third = (make_turn(session, number, **CLOSED) for number in (1, 2, 3))
    follow_up = {"is_follow_up": True, "key_point_id": "k1"}
    Turn.objects.create(session=session, question=second.question, number=4, **follow_up, **CLOSED)
    Turn.objects.create(session=session, question=third.question, number=5, **follow_up)
    Turn.objects.create(session=guest, question=first.question, number=1)
    make_turn(other, 1, **CLOSED)

    found = InterviewSession.objects.with_progress()

    told = {attrgetter("pk", "answered", "has_open_turn")(one) for one in found}
    assert told == {(session.pk, 2, True), (guest.pk, 0, True), (other.pk, 1, False)}


@pytest.mark.parametrize(
    ("owner", "fence", "is_mine"), [("me", 3, True), ("me", 2, False), ("you", 3, False)]
)
def test_a_lease_is_renewed_and_released_by_its_owner_under_its_fence(
    owner: str, fence: int, is_mine: bool
) -> None:
    held: dict[str, Any] = {"lease_owner": "me", "fence": 3, "lease_until": NOW}
    session, other = make_row(**held), make_row(**held)
    sessions = InterviewSession.objects

    assert sessions.renew(session.pk, owner=owner, fence=fence, until=NOW + GRACE) is is_mine
    assert sessions.get(pk=session.pk).lease_until == (NOW + GRACE if is_mine else NOW)
    assert sessions.release(session.pk, owner=owner, fence=fence) is is_mine
    after = sessions.get(pk=session.pk)
    freed = ("", None, session.version + 1)
    assert ((after.lease_owner, after.lease_until, after.version) == freed) is is_mine
    assert sessions.get(pk=other.pk).lease_until == NOW


def test_a_claim_takes_one_session_and_raises_its_fence() -> None:
    session, other = make_row(), make_row()

    assert InterviewSession.objects.claim(session, owner="me", until=NOW)
    assert not InterviewSession.objects.claim(session, owner="you", until=NOW)

    session.refresh_from_db()
    other.refresh_from_db()
    assert (session.lease_owner, session.lease_until, session.fence) == ("me", NOW, 1)
    assert (other.lease_owner, other.lease_until, other.fence) == ("", None, 0)


@pytest.mark.parametrize(
    ("until", "is_free"), [(None, True), (NOW - MOMENT, True), (NOW, False), (NOW + MOMENT, False)]
)
def test_a_lease_is_free_once_its_last_moment_is_over(
    until: datetime | None, is_free: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_row(lease_until=until)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)

    assert InterviewSession.objects.claim(session, owner="me", until=NOW) is is_free


def test_a_lease_is_held_by_the_process_of_that_very_name() -> None:
    for owner in ("host-1:a", "host-1:b", "host-12:a", ""):
        make_row(lease_owner=owner)

    held = InterviewSession.objects.held_by("host-1")

    assert sorted(session.lease_owner for session in held) == ["host-1:a", "host-1:b"]


@pytest.mark.parametrize(
    ("deadline", "is_past"), [(None, False), (NOW - GRACE, False), (NOW - GRACE - MOMENT, True)]
)
def test_a_session_is_past_its_deadline_after_the_grace(
    deadline: datetime | None, is_past: bool
) -> None:
    assert InterviewSession(deadline=deadline).is_past_deadline(now=NOW, grace=GRACE) is is_past
