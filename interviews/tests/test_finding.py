"""Who finds which rows, and what is done to those and no others."""

from __future__ import annotations

from datetime import timedelta
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.erasing import StillNeeded
from accounts.models import FORMER_USER, User
from accounts.testing import grant, make_superuser, make_user
from interviews.errors import NotFound
from interviews.models import (
    Answer,
    AuditEvent,
    Interview,
    InterviewSession,
    Recording,
    SocketTicket,
    Spending,
)
from interviews.models.rights import may_create_screenings, may_read_screenings
from interviews.services.erasing import erase_person
from interviews.services.lookups import candidates_session, fresh, opens_staff_pages
from interviews.services.turn.lease import RatingAttempt
from interviews.testing import RECRUITER
from interviews.tests.rows import MOMENT, NOW, UNRATED, make_row, make_turn

pytestmark = pytest.mark.django_db


def test_a_candidate_s_session_is_found_by_its_own_token() -> None:
    candidate = make_user()
    sessions = [make_row(candidate), make_row(candidate)]
    foreign = make_row()

    for session in sessions:
        assert candidates_session(candidate, session.token).session == session
        assert fresh(session).session == session
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


@pytest.mark.parametrize("may", ["visible_to", "managed_by", "deletable_by", "startable_by"])
def test_practice_is_its_owner_s_alone(may: str) -> None:
    owner, other = make_user(), make_user(rights=RECRUITER)
    practice = Interview.objects.create(owner=owner, position="Cook", mode="practice")
    Interview.objects.create(owner=owner, position="Cook", mode="screening")

    assert list(getattr(Interview.objects, may)(owner)) == [practice]
    assert not getattr(Interview.objects, may)(other).exists()


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

    first = AuditEvent.objects.record("it.happened", session, actor=actor, detail="x" * 501)
    AuditEvent.objects.record("it.passed", InterviewSession())

    passed, happened = AuditEvent.objects.visible_to(reader)
    assert first == happened
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


def test_an_attempt_at_one_rating_holds_no_other() -> None:
    turn, other = make_turn(**UNRATED, attempts=1), make_turn(**UNRATED, attempts=1)

    assert RatingAttempt(turn.pk, 1).renew(NOW)

    turn.refresh_from_db()
    other.refresh_from_db()
    assert (turn.next_attempt_at, other.next_attempt_at) == (NOW, None)


@pytest.mark.parametrize(
    ("fields", "is_needed"),
    [
        ({"mode": "screening", "status": "completed"}, True),
        ({"mode": "practice", "status": "completed"}, False),
        ({"mode": "screening", "status": "active"}, False),
        (
            {"mode": "screening", "status": "abandoned", "started_at": None, "finished_at": NOW},
            False,
        ),
    ],
)
def test_only_a_screening_that_was_begun_and_finished_keeps_its_candidate(
    fields: dict[str, Any], is_needed: bool
) -> None:
    person = make_row(**fields).candidate
    Interview.objects.filter(mode="screening").update(owner=make_user())

    if is_needed:
        with pytest.raises(StillNeeded):
            erase_person(person=person, actor=person)
    else:
        erase_person(person=person, actor=person)
    assert User.objects.filter(pk=person.pk).exists() is is_needed


def test_erasing_removes_and_counts_what_is_of_that_person_only(
    settings: Settings, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.RECORDINGS_DIR = tmp_path
    mine, other = (Recording.objects.create(turn=make_turn(), key="k") for _ in range(2))
    for recording in (mine, other):
        recording.file.parent.mkdir(exist_ok=True)
        recording.file.write_bytes(b"sound")
        Answer.objects.create(turn=recording.turn, session=recording.turn.session, key="k")
    person = mine.turn.session.candidate

    with django_capture_on_commit_callbacks(execute=True):
        erase_person(person=person, actor=person)

    assert (mine.file.exists(), other.file.exists()) == (False, True)
    told = AuditEvent.objects.get(action="person.erased").detail
    assert told == "sessions 1, answers 1, recordings 1"


def test_the_trail_forgets_who_was_erased_and_nobody_else() -> None:
    person, other = make_user("ada@example.org"), make_user("bob@example.org")
    turns = {who: make_turn(make_row(who)) for who in (person, other)}
    for who, turn in turns.items():
        AuditEvent.objects.record("rating.overridden", turn, actor=who, detail="odd")
        AuditEvent.objects.record("mail.changed", who, detail=who.email)
        make_row(who, mode="screening")
    Interview.objects.filter(mode="screening").update(request_key="k", request_sha256="x")

    erase_person(person=person, actor=make_superuser(), with_records=True)

    trail = AuditEvent.objects.exclude(action="person.erased")
    assert set(trail.values_list("actor_label", "target", "detail")) == {
        (FORMER_USER, f"turn {turns[person].pk}", ""),
        ("system", f"user {person.pk}", FORMER_USER),
        ("bob@example.org", f"turn {turns[other].pk}", "odd"),
        ("system", f"user {other.pk}", "bob@example.org"),
    }
    owned = Interview.objects.screening().values_list(
        "owner__email", "request_key", "request_sha256"
    )
    assert set(owned) == {(FORMER_USER, "", ""), ("bob@example.org", "k", "x")}
