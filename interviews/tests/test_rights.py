"""Who may do what with a screening, and that practice is its candidate's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.testing import make_api_client, make_superuser, make_user
from ai.testing import StubEar, StubModel, make_recording
from interviews import services
from interviews.errors import NotFound
from interviews.models import AuditEvent, Interview, InterviewSession, Rating, Recording, Turn
from interviews.services.recordings import keep_recording
from interviews.testing import (
    ear_in_use,
    make_interview,
    make_recruiter,
    make_screening,
    make_session,
)
from interviews.tests.worlds import World, make_auditor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]


@pytest.fixture
def world(stub: StubModel) -> World:
    return World(stub)


def everybody(world: World) -> list[User]:
    """Return all but the candidate who practised."""
    return [person for person, _may_read in world.readers().values()]


def test_a_screening_is_read_by_its_owner_auditors_and_superusers(world: World) -> None:
    for role, (person, may_read) in world.readers().items():
        found = [
            Interview.objects.visible_to(person).filter(pk=world.screening.interview_id).exists(),
            InterviewSession.objects.visible_to(person).filter(pk=world.screening.pk).exists(),
        ]
        assert found == [may_read, may_read], role


def test_a_screening_is_managed_and_reviewed_by_its_owner_and_superusers(world: World) -> None:
    for role, (person, _may_read) in world.readers().items():
        may_act = role in {"owner", "superuser"}
        found = [
            Interview.objects.managed_by(person).filter(pk=world.screening.interview_id).exists(),
            Interview.objects.deletable_by(person).filter(pk=world.screening.interview_id).exists(),
            InterviewSession.objects.reviewable_by(person).filter(pk=world.screening.pk).exists(),
            Turn.objects.reviewable_by(person).filter(session=world.screening).exists(),
        ]
        assert found == [may_act] * 4, role


def test_a_right_is_needed_for_each_deed() -> None:
    owner = make_user()
    interview = make_interview(owner, mode="screening")
    for rights, may_change, may_delete in [
        (["view"], False, False),
        (["add"], False, False),
        (["change"], True, False),
        (["delete"], False, True),
    ]:
        codenames = [f"{deed}_interview" for deed in rights]
        owner.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        person = User.objects.get(pk=owner.pk)
        mine = Interview.objects.filter(pk=interview.pk)
        assert mine.visible_to(person).exists()
        assert mine.managed_by(person).exists() is may_change
        assert mine.deletable_by(person).exists() is may_delete


def test_nobody_else_finds_practice(world: World) -> None:
    for person in everybody(world):
        assert not Interview.objects.visible_to(person).practice().exists()
        assert not Interview.objects.managed_by(person).practice().exists()
        assert not Interview.objects.startable_by(person).practice().exists()
        sessions = InterviewSession.objects.filter(pk=world.practice.pk)
        assert not sessions.visible_to(person).exists()
        assert not sessions.reviewable_by(person).exists()
        assert not Turn.objects.filter(session=world.practice).reviewable_by(person).exists()


def test_nobody_sees_or_reviews_their_own_screening(world: World) -> None:
    for person in (make_auditor(), make_superuser()):
        mine = services.assign_interview(
            interview=world.screening.interview, candidate=person, actor=world.owner
        )
        services.start_interview(interview=mine.interview, user=person)
        assert not InterviewSession.objects.of_candidate(person).visible_to(person).exists()
        assert not InterviewSession.objects.of_candidate(person).reviewable_by(person).exists()
        assert not Turn.objects.filter(session=mine).reviewable_by(person).exists()


def test_practice_is_seen_by_its_candidate_and_reviewed_by_nobody(world: World) -> None:
    candidate = world.practice.candidate
    mine = InterviewSession.objects.filter(pk=world.practice.pk)

    assert mine.visible_to(candidate).exists()
    assert not mine.reviewable_by(candidate).exists()


@pytest.mark.parametrize("role", ["superuser", "staff", "recruiter", "auditor", "candidate"])
def test_the_services_refuse_to_review_practice(world: World, role: str) -> None:
    people: dict[str, Callable[[], User]] = {
        "superuser": make_superuser,
        "staff": lambda: make_user(staff=True),
        "recruiter": make_recruiter,
        "auditor": make_auditor,
        "candidate": lambda: world.practice.candidate,
    }
    person, turn = people[role](), world.practice.turns.get(number=1)

    with pytest.raises(NotFound):
        services.override_rating(turn=turn, score=3, reason="Read it.", actor=person)
    with pytest.raises(NotFound):
        services.retry_rating(turn=turn, actor=person)

    turn.refresh_from_db()
    assert (turn.evaluation, Rating.objects.count()) == ("not_scored", 0)
    assert not AuditEvent.objects.filter(action__startswith="rating.").exists()


@pytest.mark.parametrize("role", ["other recruiter", "auditor", "staff", "its candidate"])
def test_the_services_refuse_whoever_may_not_review_a_screening(world: World, role: str) -> None:
    person, turn = world.readers()[role][0], world.screening.turns.get(number=1)

    with pytest.raises(NotFound):
        services.override_rating(turn=turn, score=3, reason="Read it.", actor=person)
    with pytest.raises(NotFound):
        services.retry_rating(turn=turn, actor=person)

    assert not Rating.objects.exists()


def test_a_superuser_reaches_practice_by_no_page_and_no_call(world: World) -> None:
    root, session = make_superuser(), world.practice
    web, api = Client(), make_api_client(root)
    web.force_login(root)
    form = {"turn": 1, "score": 3, "reason": "Read it."}
    pk = session.interview_id
    codes = [
        web.get(reverse("review", args=[session.token])),
        web.post(reverse("review", args=[session.token]), form),
        web.get(reverse("screening", args=[pk])),
        web.get(reverse("results", args=[session.token])),
        web.get(reverse("room", args=[session.token])),
        web.get(reverse("interview", args=[pk])),
        api.get(f"/api/interviews/{pk}/"),
        api.patch(f"/api/interviews/{pk}/", {"title": "Mine"}),
        api.delete(f"/api/interviews/{pk}/"),
        api.get(f"/api/interviews/{pk}/results"),
        api.get(f"/api/interviews/session/{session.token}"),
    ]

    assert [response.status_code for response in codes] == [404] * len(codes)
    assert not Rating.objects.exists()


def test_recordings_are_heard_by_those_who_may_read_the_session() -> None:
    owner = make_recruiter()
    practice, screening = make_session(), make_screening(owner, make_user())
    services.start_interview(interview=screening.interview, user=screening.candidate)
    with ear_in_use(StubEar()):
        for session in (practice, screening):
            candidate, audio = session.candidate, make_recording("k1")
            keep_recording(user=candidate, token=session.token, turn=1, audio=audio)

    def heard(person: User) -> set[int]:
        return {one.turn.session_id for one in Recording.objects.visible_to(person)}

    assert heard(practice.candidate) == {practice.pk}
    assert heard(screening.candidate) == {screening.pk}
    for person in (owner, make_auditor(), make_superuser()):
        assert heard(person) == {screening.pk}
    for person in (make_recruiter(), make_user(staff=True), make_user()):
        assert heard(person) == set()


def test_the_trail_is_read_with_its_right() -> None:
    make_screening(make_user(), make_user())

    assert AuditEvent.objects.visible_to(make_auditor()).exists()
    assert not AuditEvent.objects.visible_to(make_recruiter()).exists()


def test_the_trail_says_nothing_of_what_somebody_practised() -> None:
    interview = make_interview(title="A job nobody must know of")

    services.delete_interview(interview=interview, actor=interview.owner)

    assert AuditEvent.objects.get().detail == ""


@pytest.mark.parametrize("way", ["POST", "PATCH"])
def test_a_screening_comes_from_the_api_only_with_the_right_to(way: str) -> None:
    body = {"position": "Software engineer", "num_questions": 2, "mode": "screening"}

    def ask(person: User) -> int:
        client = make_api_client(person)
        if way == "POST":
            return int(client.post("/api/interviews/", body).status_code)
        practice = make_interview(person)
        return int(client.patch(f"/api/interviews/{practice.pk}/", body).status_code)

    assert ask(make_user(staff=True)) == 400
    assert ask(make_auditor(staff=True)) == 400
    assert ask(make_user(rights=["interviews.change_interview"])) == 400
    assert ask(make_user(rights=["interviews.add_interview"])) in {200, 201}


def test_whose_right_ends_reads_no_more() -> None:
    owner = make_recruiter()
    interview = make_interview(owner, mode="screening")
    owner.user_permissions.clear()
    client = Client()
    client.force_login(owner)

    assert client.get(reverse("screenings")).status_code == 404
    assert client.get(reverse("screening", args=[interview.pk])).status_code == 404
    assert b"Screening</a>" not in client.get(reverse("dashboard")).content


@pytest.mark.parametrize("is_auditor", [True, False])
def test_an_auditor_is_offered_nothing_to_do(world: World, is_auditor: bool) -> None:
    web = Client()
    web.force_login(make_auditor() if is_auditor else world.owner)
    interview = world.screening.interview
    pages = [
        web.get(reverse("screenings")).content.decode(),
        web.get(reverse("screening", args=[interview.pk])).content.decode(),
        web.get(reverse("review", args=[world.screening.token])).content.decode(),
    ]
    offers = ["Set one up", "/assign/", 'class="overrule']

    assert [offer in page for offer, page in zip(offers, pages, strict=True)] == [
        not is_auditor
    ] * 3
    assert ("Archive now" in pages[1]) is not is_auditor


def test_an_auditor_with_no_screening_to_read_has_no_empty_page() -> None:
    web = Client()
    web.force_login(make_auditor())

    assert web.get(reverse("screenings")).status_code == 404
    assert b"Screening</a>" not in web.get(reverse("dashboard")).content
