"""Of somebody who was erased, nothing that they wrote is left in any table, and nothing stands in the way of it."""

from __future__ import annotations

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.outbox import queue_mail
from accounts.testing import PASSWORD, make_api_client, make_superuser, make_user
from interviews import services
from interviews.models import AuditEvent, BankQuestion, Interview, InterviewSession
from interviews.services.erasing import erase_person
from interviews.testing import (
    answer,
    make_interview,
    make_plan,
    make_recruiter,
    make_screening,
    make_session,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]
CANARY = "zanzibar"


def tables_with(word: str) -> set[str]:
    """Return the tables in which a word stands, also where sessions of browsers encode it."""
    found = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        for row in model._base_manager.values()
        if word in str(row).lower()
    }
    kept = [session.get_decoded() for session in Session.objects.all()]
    return found | ({"django_session"} if word in str(kept).lower() else set())


def leave_traces(candidate: User, session: InterviewSession, root: User) -> None:
    """Do all that a candidate can do, and what others do about them."""
    web, stranger, admin = Client(), Client(), Client()
    web.force_login(candidate)
    admin.force_login(root)
    room = reverse("room", args=[session.token])
    answer(session, f"{CANARY} k1")
    turn = session.turns.open().get()
    web.post(reverse("draft", args=[session.token]), {"turn": turn.number, "text": CANARY})
    stranger.post(room, {"turn": turn.number, "key": "k", "response_text": CANARY})
    wrong = {"username": candidate.email, "password": f"{CANARY}-wrong"}
    Client().post(reverse("sign-in"), {**wrong, "password": PASSWORD})
    Client().post(reverse("sign-in"), wrong)
    change = reverse("admin:accounts_user_change", args=[candidate.pk])
    form = {
        "email": candidate.email,
        "full_name": f"New {CANARY}",
        "language": "en",
        "time_zone": "UTC",
        "is_active": "on",
    }
    assert admin.post(change, form).status_code == 302
    queue_mail(template="password_reset", to=candidate.email, site="http://testserver")
    make_plan(candidate, position=CANARY, wants_reminder=True)
    services.issue_ticket(user=candidate, token=session.token)


def test_no_word_of_an_erased_person_is_left_in_any_table() -> None:
    root, owner = make_superuser(), make_user()
    candidate = make_user(f"{CANARY}@example.org", full_name=CANARY.title())
    BankQuestion.objects.update(position="general")
    practice = make_session(candidate, position=f"{CANARY} keeper", num_questions=1)
    answer(practice, f"{CANARY} k1")
    session = make_screening(owner, candidate, num_questions=2, follow_ups_per_question=0)
    session = services.start_interview(interview=session.interview, user=candidate).session
    leave_traces(candidate, session, root)
    assert {"django_session", "interviews_turn", "interviews_answer"} <= tables_with(CANARY)
    assert AccessAttempt.objects.exists()

    reply = make_api_client(root).delete(f"/api/users/{candidate.pk}/?erase=1")

    assert reply.status_code == 204
    assert tables_with(CANARY) == set()
    assert AuditEvent.objects.filter(action="person.erased").exists()


def test_sessions_of_others_stay() -> None:
    candidate, other = make_user(), make_user()
    for person in (candidate, other):
        Client().force_login(person)
    web = Client()
    web.force_login(other)

    erase_person(person=candidate, actor=candidate)

    assert {s.get_decoded()["_auth_user_id"] for s in Session.objects.all()} == {str(other.pk)}


def test_two_owners_who_used_the_same_key_are_both_erased() -> None:
    root, owners = make_superuser(), [make_recruiter(), make_recruiter()]
    for owner in owners:
        interview = make_interview(owner, mode="screening")
        Interview.objects.filter(pk=interview.pk).update(request_key="1", request_sha256="x")

    statuses = [
        make_api_client(root).delete(f"/api/users/{owner.pk}/?erase=1").status_code
        for owner in owners
    ]

    assert statuses == [204, 204]
    assert set(Interview.objects.values_list("owner__email", "request_key")) == {
        ("former user", "")
    }


def test_who_is_gone_already_is_no_fault() -> None:
    candidate = make_user()
    same = User.objects.get(pk=candidate.pk)
    candidate.delete()

    erase_person(person=same, actor=same)

    assert not AuditEvent.objects.filter(action="person.erased").exists()
