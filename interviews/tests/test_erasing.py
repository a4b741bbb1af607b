"""Deleting an account: what others rely on is not lost, and what a person said goes when it must."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from accounts.erasing import StillNeeded
from accounts.models import FORMER_USER, Mail, User
from accounts.outbox import queue_mail
from accounts.testing import make_api_client, make_superuser, make_user
from ai.testing import StubEar, make_recording
from interviews import services
from interviews.models import (
    Answer,
    AuditEvent,
    Interview,
    InterviewSession,
    Rating,
    Recording,
    SocketTicket,
    Spending,
    Turn,
)
from interviews.services.recordings import keep_recording
from interviews.testing import answer, ear_in_use, make_screening, make_session

pytestmark = [pytest.mark.usefixtures("bank", "stub")]


def delete(actor: User, person: User, query: str = "") -> Any:
    me = actor == person
    url = "/api/users/me/" if me else f"/api/users/{person.pk}/"
    return make_api_client(actor).delete(url + query)


def make_finished_screening(owner: User, candidate: User) -> InterviewSession:
    session = make_screening(owner, candidate, num_questions=1, follow_ups_per_question=0)
    services.start_interview(interview=session.interview, user=candidate)
    answer(session, "what only Ada says k1")
    session.refresh_from_db()
    return session


@pytest.mark.django_db(transaction=True)
def test_a_person_who_only_practised_goes_with_their_practice() -> None:
    candidate = make_user()
    with ear_in_use(StubEar()):
        session = make_session(candidate)
        kept = keep_recording(
            user=candidate, token=session.token, turn=1, audio=make_recording("k1")
        )
    services.issue_ticket(user=candidate, token=session.token)
    assert kept.file.exists()

    assert delete(candidate, candidate).status_code == 204

    for model in (Interview, InterviewSession, Turn, Recording, SocketTicket, User):
        assert not model._default_manager.exists()
    assert not kept.file.exists()
    assert not list(settings.RECORDINGS_DIR.glob(kept.path))
    event = AuditEvent.objects.get(action="person.erased")
    assert event.detail == "sessions 1, answers 0, recordings 1"


@pytest.mark.django_db
@pytest.mark.parametrize("actor", ["self", "root"])
@pytest.mark.parametrize("why", ["finished", "rated", "owns"])
def test_who_is_still_needed_stays_and_is_told_why(why: str, actor: str) -> None:
    owner, candidate, root = make_user(), make_user(), make_superuser()
    session = make_finished_screening(owner, candidate)
    if why == "rated":
        services.override_rating(turn=session.turns.get(), score=2, reason="Read.", actor=owner)
        Interview.objects.update(owner=root)
    person = candidate if why == "finished" else owner
    before = [model._default_manager.count() for model in (User, Answer, Rating, AuditEvent)]

    response = delete(person if actor == "self" else root, person)

    told = {"finished": "finished a screening", "rated": "rated answers", "owns": "own screening"}
    assert response.status_code == 409
    assert told[why] in response.json()["detail"]
    assert before == [m._default_manager.count() for m in (User, Answer, Rating, AuditEvent)]


@pytest.mark.django_db
def test_a_screening_that_was_not_finished_holds_nobody() -> None:
    candidate = make_user()
    make_screening(make_user(), candidate)

    assert delete(candidate, candidate).status_code == 204


@pytest.mark.django_db
def test_erasing_takes_what_the_candidate_said() -> None:
    owner, candidate, root = make_user(), make_user("ada@example.org"), make_superuser()
    session = make_finished_screening(owner, candidate)
    services.override_rating(turn=session.turns.get(), score=2, reason="Ada is odd.", actor=owner)
    Spending.objects.create(session=session, calls=1, input_tokens=1, output_tokens=1, micros=1)

    assert delete(root, candidate, "?erase=1").status_code == 204

    assert not User.objects.filter(pk=candidate.pk).exists()
    assert not Answer.objects.exists()
    assert not Rating.objects.exists()
    assert Interview.objects.get().owner == owner
    assert Spending.objects.get().session is None
    event = AuditEvent.objects.get(action="person.erased")
    assert (event.actor, event.target) == (root, f"user {candidate.pk}")
    assert event.detail == "with records, sessions 1, answers 1, recordings 0"
    trail = str(list(AuditEvent.objects.values_list("actor_label", "target", "detail")))
    assert "ada" not in trail.lower()
    assert FORMER_USER in trail


@pytest.mark.django_db
def test_erasing_leaves_what_somebody_did_for_others() -> None:
    owner, candidate, root = make_user(), make_user(), make_superuser()
    session = make_finished_screening(owner, candidate)
    services.override_rating(turn=session.turns.get(), score=2, reason="Read it.", actor=owner)
    events = AuditEvent.objects.count()

    assert delete(root, owner, "?erase=1").status_code == 204

    interview, rating = Interview.objects.get(), Rating.objects.get(by_person=True)
    assert (str(interview.owner), rating.score, rating.rater) == (FORMER_USER, 2, None)
    assert Answer.objects.get().text.startswith("what only Ada says")
    assert AuditEvent.objects.count() == events + 1
    assert not AuditEvent.objects.filter(actor_label=owner.email).exists()
    page = Client()
    page.force_login(root)
    assert FORMER_USER in page.get(reverse("review", args=[session.token])).content.decode()


@pytest.mark.django_db
def test_nobody_becomes_the_former_user() -> None:
    owner, root = make_user(), make_superuser()
    make_screening(owner, make_user())
    delete(root, owner, "?erase=1")
    former = User.objects.former_user()

    client = make_api_client()
    taken = {"email": FORMER_USER, "full_name": "F", "password": "correct-horse-battery"}

    assert client.post("/api/auth/register/", taken).status_code == 400
    assert (former.is_active, former.has_usable_password()) == (False, False)
    assert delete(root, former, "?erase=1").status_code == 404
    emails = [one["email"] for one in make_api_client(root).get("/api/users/").json()["results"]]
    assert FORMER_USER not in emails


@pytest.mark.django_db
def test_the_admins_own_log_forgets_the_name_and_keeps_the_deed() -> None:
    root, clerk = make_superuser(), make_user(full_name="Clara Clerk")
    kind = ContentType.objects.get_for_model(User)
    entry = {"content_type": kind, "action_flag": DELETION, "change_message": ""}
    LogEntry.objects.create(user=root, object_id=str(clerk.pk), object_repr=str(clerk), **entry)
    LogEntry.objects.create(user=clerk, object_id="99", object_repr="else", **entry)

    delete(root, clerk)

    told = {(one.user.full_name, one.object_repr) for one in LogEntry.objects.all()}
    assert told == {("Root", FORMER_USER), (FORMER_USER, "else")}


@pytest.mark.django_db
def test_the_service_asks_who_wants_it() -> None:
    candidate, root = make_user(), make_superuser()

    for person, with_records in ((root, False), (candidate, True)):
        with pytest.raises(PermissionDenied):
            services.erase_person(person=person, actor=candidate, with_records=with_records)


@pytest.mark.django_db
def test_no_other_way_deletes_a_person_with_sessions() -> None:
    session = make_session()

    with pytest.raises(ProtectedError):
        session.candidate.delete()
    with pytest.raises(ProtectedError):
        User.objects.all().delete()


@pytest.mark.django_db
def test_the_admin_deletes_people_by_the_same_rules() -> None:
    root, candidate, other = make_superuser(), make_user(), make_user()
    make_finished_screening(make_user(), candidate)
    practised = make_session().candidate
    web = Client()
    web.force_login(root)
    url = reverse("admin:accounts_user_changelist")

    def delete_selected(*people: User) -> str:
        chosen = [one.pk for one in people]
        form = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
        return web.post(url, form, follow=True).content.decode()

    one = reverse("admin:accounts_user_delete", args=[candidate.pk])
    assert "still needed" in web.post(one, {"post": "yes"}, follow=True).content.decode()
    assert "still needed" in delete_selected(other, candidate)
    assert User.objects.filter(pk__in=[other.pk, candidate.pk]).count() == 2
    delete_selected(other, practised)
    assert not User.objects.filter(pk__in=[other.pk, practised.pk]).exists()
    assert AuditEvent.objects.filter(action="person.erased", actor=root).count() == 2


@pytest.mark.django_db
def test_a_refusal_of_the_service_is_an_error_of_its_own() -> None:
    owner = make_user()
    make_screening(owner, make_user())

    with pytest.raises(StillNeeded, match="own screening interviews"):
        services.erase_person(person=owner, actor=owner)


@pytest.mark.django_db(transaction=True)
def test_mail_to_a_deleted_person_goes_with_them() -> None:
    person, other = make_user(), make_user()
    for to in (person, person.email, other):
        queue_mail(template="password_reset", to=to, site="https://x.example")

    delete(person, person)

    assert [mail.to for mail in Mail.objects.all()] == [other.email]
