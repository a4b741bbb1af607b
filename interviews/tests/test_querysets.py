"""What the querysets find, on both sides of each of their edges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.testing import grant, make_user
from interviews.errors import NotFound
from interviews.models import (
    AuditEvent,
    Interview,
    InterviewSession,
    Question,
    Recording,
    SocketTicket,
    Spending,
    Turn,
)
from interviews.models.rights import may_create_screenings, may_read_screenings
from interviews.services.lookups import candidates_session, fresh, opens_staff_pages

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
GRACE, MOMENT = timedelta(seconds=5), timedelta(microseconds=1)


def make_row(candidate: User | None = None, **fields: Any) -> InterviewSession:
    """Store a session under way in an interview of its own, without any service."""
    candidate = candidate or make_user()
    values = {"status": "active", "started_at": NOW, **fields}
    if values["status"] in {"completed", "expired"}:
        values["finished_at"] = NOW
    mode = values.pop("mode", "practice")
    interview = Interview.objects.create(owner=candidate, position="Cook", mode=mode)
    return InterviewSession.objects.create(interview=interview, candidate=candidate, **values)


def make_turn(session: InterviewSession | None = None, number: int = 1, **fields: Any) -> Turn:
    """Store a turn about a question of its own; an open one unless `fields` say otherwise."""
    session = session or make_row()
    question = Question.objects.create(
        interview=session.interview, number=number, question_type="technical", difficulty="easy"
    )
    return Turn.objects.create(session=session, question=question, number=number, **fields)


CLOSED: dict[str, Any] = {"flow": "closed", "evaluation": "scored"}
UNRATED: dict[str, Any] = {"flow": "closed", "evaluation": "pending"}


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
    make_turn(session, 1, **CLOSED)
    make_turn(session, 2, **CLOSED)
    behind = make_turn(session, 3, **CLOSED)
    Turn.objects.create(
        session=session, question=behind.question, number=4, is_follow_up=True, key_point_id="k1"
    )
    make_turn(other, 1, **CLOSED)

    found = InterviewSession.objects.with_progress()

    told = {attrgetter("pk", "answered", "has_open_turn")(one) for one in found}
    assert told == {(session.pk, 2, True), (other.pk, 1, False)}


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


def test_a_candidate_s_session_is_found_by_its_own_token() -> None:
    candidate = make_user()
    sessions = [make_row(candidate), make_row(candidate)]
    foreign = make_row()

    for session in sessions:
        assert candidates_session(candidate, session.token) == session
        assert fresh(session) == session
    with pytest.raises(NotFound):
        candidates_session(candidate, foreign.token)
    InterviewSession.objects.filter(pk=foreign.pk).delete()
    with pytest.raises(NotFound):
        fresh(foreign)


@pytest.mark.parametrize(
    ("right", "may_read", "may_create"),
    [
        ("view", True, False),
        ("add", True, True),
        ("change", True, False),
        ("delete", True, False),
        ("", False, False),
    ],
)
def test_any_right_to_screenings_lets_read_and_one_lets_create(
    right: str, may_read: bool, may_create: bool
) -> None:
    rights = [f"interviews.{right}_interview"] if right else []
    person = make_user(rights=rights)

    assert may_read_screenings(person) is may_read
    assert may_create_screenings(person) is may_create
    assert opens_staff_pages(person) is may_create


def test_staff_pages_open_for_whoever_has_something_to_read_there() -> None:
    make_row(mode="screening")

    assert opens_staff_pages(make_user(rights=["interviews.view_interview"]))
    assert not opens_staff_pages(make_user())


def test_interviews_are_counted_by_mode_and_by_what_became_of_their_sessions() -> None:
    practice, screening = make_row(), make_row(mode="screening", status="completed")
    InterviewSession.objects.create(interview=screening.interview, candidate=make_user())

    assert list(Interview.objects.practice()) == [practice.interview]
    assert list(Interview.objects.screening()) == [screening.interview]
    names = ("pk", "sessions_total", "sessions_completed")
    counts = {attrgetter(*names)(one) for one in Interview.objects.with_counts()}
    assert counts == {(screening.interview_id, 2, 1), (practice.interview_id, 1, 0)}


def test_an_assigned_screening_is_startable_by_its_candidate_alone() -> None:
    row = make_row(mode="screening")
    Interview.objects.update(owner=make_user())
    other = make_row()

    assert list(Interview.objects.assigned_to(row.candidate)) == [row.interview]
    assert list(Interview.objects.startable_by(row.candidate)) == [row.interview]
    assert list(Interview.objects.startable_by(other.candidate)) == [other.interview]
    assert not Interview.objects.assigned_to(other.candidate).exists()


def test_an_interview_names_itself_and_its_length() -> None:
    interview = Interview(position="Cook", num_questions=4, follow_ups_per_question=3)

    assert interview.name == "Cook, mixed"
    assert Interview(title="Ours", position="Cook").name == "Ours"
    assert interview.estimated_minutes == 18


def test_a_recording_is_found_under_its_session_turn_and_key_once_it_has_sound() -> None:
    turn = make_turn()
    place: dict[str, Any] = {"token": turn.session.token, "turn": 1, "key": "k"}
    recording = Recording.objects.create(turn=turn, key="k", size=1)
    Recording.objects.create(turn=make_turn(), key="k", size=1)

    assert list(Recording.objects.at(**place)) == [recording]
    assert not Recording.objects.at(**{**place, "turn": 2}).exists()
    assert not Recording.objects.at(**{**place, "key": "other"}).exists()
    Recording.objects.update(size=0)
    assert not Recording.objects.at(**place).exists()


def test_a_recording_grows_from_what_was_read_of_it() -> None:
    recording = Recording.objects.create(turn=make_turn(), key="k", transcript={"text": "a"})
    other = Recording.objects.create(turn=make_turn(), key="k")
    stale = Recording.objects.get(pk=recording.pk)
    recording.media_type = "audio/webm"

    assert recording.grow(chunks=2, size=10)
    assert not stale.grow(chunks=1, size=4)

    stored = Recording.objects.get(pk=recording.pk)
    for one in (recording, stored):
        assert (one.chunks, one.size, one.transcript) == (2, 10, None)
    assert stored.media_type == "audio/webm"
    assert Recording.objects.get(pk=other.pk).chunks == 0


def test_spending_is_summed_by_day_and_session_for_those_with_the_right() -> None:
    session = make_row()
    begin = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = [(session, begin, 1), (None, begin - MOMENT, 2), (None, begin + MOMENT, 4)]
    for of, at, micros in rows:
        counts = {"calls": 1, "input_tokens": 1, "output_tokens": 1, "micros": micros}
        Spending.objects.create(session=of, created_at=at, **counts)

    assert Spending.objects.micros() == 7
    assert Spending.objects.today().micros() == 5
    assert Spending.objects.of_session(session.pk).micros() == 1
    assert Spending.objects.none().micros() == 0
    reader = grant(make_user(), "interviews.view_spending")
    assert Spending.objects.visible_to(reader).micros() == 7
    assert Spending.objects.visible_to(make_user()).micros() == 0


def test_the_trail_names_who_did_what_to_what_and_is_read_with_its_right() -> None:
    actor, session = make_user("ada@example.org"), make_row()
    reader = grant(make_user(), "interviews.view_auditevent")

    AuditEvent.objects.record("it.happened", session, actor=actor, detail="x" * 501)
    AuditEvent.objects.record("it.passed", InterviewSession())

    passed, happened = AuditEvent.objects.visible_to(reader)
    assert (happened.actor, happened.actor_label, happened.action) == (
        actor,
        "ada@example.org",
        "it.happened",
    )
    assert (happened.target, len(happened.detail)) == (f"interviewsession {session.pk}", 500)
    assert (passed.actor, passed.actor_label, passed.target) == (None, "system", "interviewsession")
    assert not AuditEvent.objects.visible_to(actor).exists()


def test_only_tickets_that_ran_out_are_forgotten() -> None:
    session = make_row()
    for digest, seconds in (("old", -60), ("new", 60)):
        SocketTicket.objects.create(
            session=session,
            user=session.candidate,
            digest=digest,
            expires_at=timezone.now() + timedelta(seconds=seconds),
        )

    SocketTicket.forget_old()

    assert [ticket.digest for ticket in SocketTicket.objects.all()] == ["new"]
