"""What is edited in the admin: planned anew or said plainly, and always in the trail."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.testing import PASSWORD, make_api_client, make_user
from interviews import services
from interviews.models import AuditEvent, BankQuestion, Interview, InterviewSession, Turn
from interviews.testing import answer, make_interview, make_screening
from interviews.tests.test_admin import NEW, bank_form

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root@example.org", PASSWORD, full_name="Root")


@pytest.fixture
def admin(root: User) -> Client:
    client = Client()
    client.force_login(root)
    return client


def trail() -> list[tuple[str, str, str]]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", "target", "detail"))


def edit(admin: Client, interview: Interview, **changes: Any) -> str:
    url = reverse("admin:interviews_interview_change", args=[interview.pk])
    number = interview.questions.count()
    form = {
        **NEW,
        "title": interview.title,
        "owner": interview.owner_id,
        "questions-TOTAL_FORMS": number,
        "questions-INITIAL_FORMS": number,
    }
    for at, question in enumerate(interview.questions.all()):
        form |= {f"questions-{at}-{name}": value for name, value in shown(question).items()}
        form |= {f"initial-{name}": value for name, value in form.items() if name.startswith("q")}
    return admin.post(url, {**form, **changes}, follow=True).content.decode()


def shown(question: Any) -> dict[str, Any]:
    values = {"id": question.pk, "interview": question.interview_id, "number": question.number}
    values |= {"bank_slug": question.bank_slug, **question.content()}
    return {n: json.dumps(v) if isinstance(v, list | dict) else v for n, v in values.items()}


def usable_bank() -> None:
    point = {
        "id": "k1",
        "text": "A point of it",
        "paraphrases": ["said so"],
        "follow_up": "And then?",
    }
    BankQuestion.objects.update(key_points=[point])


@pytest.mark.django_db(transaction=True)
def test_a_drafts_new_position_plans_anew_and_says_so(admin: Client, root: User) -> None:
    usable_bank()
    interview = make_interview(root, mode="screening")
    before = set(interview.questions.values_list("pk", flat=True))

    page = edit(admin, interview, position="Backend developer")

    assert "2 questions chosen" in page
    assert before.isdisjoint(interview.questions.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_drafts_new_title_leaves_its_questions_alone(admin: Client, root: User) -> None:
    usable_bank()
    interview = make_interview(root, mode="screening")
    before = set(interview.questions.values_list("pk", flat=True))

    page = edit(admin, interview, title="Another title")

    assert "questions chosen" not in page
    assert before == set(interview.questions.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_questions_edited_in_the_same_step_stay_and_that_is_said(admin: Client, root: User) -> None:
    usable_bank()
    interview = make_interview(root, mode="screening")

    page = edit(admin, interview, **{"position": "Nurse", "questions-0-text": "My own question?"})

    assert "were not chosen anew" in page
    assert "position" in page
    assert interview.questions.get(number=1).text == "My own question?"


@pytest.mark.django_db(transaction=True)
def test_a_plan_that_fails_is_told_and_the_old_questions_stay(admin: Client, root: User) -> None:
    usable_bank()
    interview = make_interview(root, mode="screening")

    page = edit(admin, interview, num_questions=20)

    assert "The bank holds 6 questions" in page
    assert "were not chosen anew" in page
    assert interview.questions.count() == 2


def test_a_patch_with_the_same_position_plans_nothing_and_with_another_one_does() -> None:
    staff = User.objects.create_superuser("staff@example.org", PASSWORD, full_name="Staff")
    interview = make_interview(staff, mode="screening")
    before = set(interview.questions.values_list("pk", flat=True))
    client, url = make_api_client(staff), f"/api/interviews/{interview.pk}/"

    client.patch(url, {"position": interview.position, "title": "T"})
    assert before == set(interview.questions.values_list("pk", flat=True))
    client.patch(url, {"position": "Backend developer"})
    assert before.isdisjoint(interview.questions.values_list("pk", flat=True))
    assert [detail for action, _, detail in trail() if action == "interview.edited"] == [
        "title",
        "position",
    ]


def test_edits_are_in_the_trail_by_the_names_of_their_fields(admin: Client, root: User) -> None:
    usable_bank()
    interview = make_interview(root, mode="screening")
    AuditEvent.objects.all().delete()

    edit(admin, interview, **{"title": "Secret title", "questions-1-competency": "Secret"})

    assert trail() == [
        (
            "interview.edited",
            f"interview {interview.pk}",
            "changed title; question changed competency",
        )
    ]


def test_nothing_changed_is_nothing_in_the_trail(admin: Client, root: User) -> None:
    usable_bank()
    interview = make_interview(root, mode="screening")
    AuditEvent.objects.all().delete()

    edit(admin, interview)

    assert trail() == []


def test_changes_of_people_and_questions_are_in_the_trail(admin: Client) -> None:
    person, question = make_user(), BankQuestion.objects.all()[0]
    form = {"email": person.email, "full_name": "New Name", "language": "de", "time_zone": "UTC"}

    admin.post(reverse("admin:accounts_user_change", args=[person.pk]), {**form, "is_active": "on"})
    admin.post(
        reverse("admin:interviews_bankquestion_change", args=[question.pk]),
        bank_form(question, text="Changed?"),
    )
    for model, action, row in [
        ("accounts_user", "disable", person),
        ("interviews_bankquestion", "switch_off", question),
    ]:
        chosen = {"action": action, "_selected_action": [row.pk]}
        admin.post(reverse(f"admin:{model}_changelist"), chosen)
    admin.post(
        reverse("admin:auth_user_password_change", args=[person.pk]),
        {
            "password1": "another-long-secret",
            "password2": "another-long-secret",
            "usable_password": "true",
        },
    )
    admin.post(reverse("admin:interviews_bankquestion_delete", args=[question.pk]), {"post": "yes"})

    events = trail()
    assert ("user.edited", f"user {person.pk}", "changed full_name, language") in events
    assert ("user.disable", f"user {person.pk}", "") in events
    assert ("user.edited", f"user {person.pk}", "changed password") in events
    assert any(e[0] == "bankquestion.edited" and "text" in e[2] for e in events)
    assert ("bankquestion.switch_off", f"bankquestion {question.pk}", "") in events
    assert ("bankquestion.deleted", f"bankquestion {question.pk}", "") in events
    assert "another-long-secret" not in str(events)
    assert "New Name" not in str(events)


def test_nobody_is_chosen_from_a_list_of_all(admin: Client, root: User) -> None:
    make_screening(root, make_user(full_name="Somebody Else"))

    page = admin.get(reverse("admin:interviews_interviewsession_add")).content.decode()

    assert "Somebody Else" not in page
    assert page.count("admin-autocomplete") >= 2


def autocomplete(admin: Client, field: str, term: str = "") -> list[str]:
    about = {"app_label": "interviews", "model_name": "interviewsession", "field_name": field}
    reply = admin.get(reverse("admin:autocomplete"), {**about, "term": term})
    return [row["text"] for row in reply.json()["results"]]


def test_only_candidates_and_published_screenings_are_offered(admin: Client, root: User) -> None:
    make_user("staff@example.org", staff=True, full_name="Sam Staff")
    published = make_screening(root, make_user(full_name="Cleo")).interview
    make_interview(root, mode="screening", title="A draft")
    make_interview(root, title="A practice")

    assert autocomplete(admin, "candidate") == ["Cleo"]
    assert autocomplete(admin, "interview") == [str(published)]


def listed(admin: Client, **query: Any) -> set[int]:
    reply = admin.get(reverse("admin:interviews_interviewsession_changelist"), query)
    return {session.pk for session in reply.context["cl"].queryset}


def begun(root: User, **fields: Any) -> InterviewSession:
    """Return a screening session that its candidate has started."""
    session = make_screening(root, make_user(), **fields)
    return services.start_interview(interview=session.interview, user=session.candidate).session


def test_sessions_are_filtered_by_what_they_need(admin: Client, root: User) -> None:
    person, pending, failed, done = (begun(root) for _ in range(4))
    for session in (person, pending, failed, done):
        answer(session)
    Turn.objects.filter(session=person, number=1).update(needs_person=True)
    Turn.objects.filter(session=pending, number=1).update(
        evaluation="pending", next_attempt_at=timezone.now()
    )
    Turn.objects.filter(session=failed, number=1).update(evaluation="not_scored")

    assert listed(admin, need="person") == {person.pk}
    assert listed(admin, need="pending") == {pending.pk}
    assert listed(admin, need="not_scored") == {failed.pk}
    assert listed(admin) == {person.pk, pending.pk, failed.pk, done.pk}


def test_sessions_are_filtered_by_interview_without_listing_all(admin: Client, root: User) -> None:
    sessions = [begun(root, title=f"Interview {number}") for number in range(14)]
    oldest = sessions[0]

    page = admin.get(reverse("admin:interviews_interviewsession_changelist")).content.decode()
    own = admin.get(
        reverse("admin:interviews_interviewsession_changelist"), {"interview": oldest.interview_id}
    )
    interviews = admin.get(reverse("admin:interviews_interview_changelist")).content.decode()

    assert page.count("?interview=") == 10
    assert f'?interview={oldest.interview_id}"' not in page
    assert "Interview 0" in own.content.decode()
    assert listed(admin, interview=oldest.interview_id) == {oldest.pk}
    assert listed(admin, interview="x") == set()
    assert f'interviewsession/?interview={oldest.interview_id}"' in interviews


def test_the_filters_cost_no_query_for_each_interview(admin: Client, root: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            admin.get(reverse("admin:interviews_interviewsession_changelist"))
        return len(queries)

    begun(root)
    one = cost()
    for _ in range(5):
        begun(root)

    assert cost() == one
    assert InterviewSession.objects.count() == 6
