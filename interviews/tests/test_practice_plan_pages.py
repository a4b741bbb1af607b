"""A practice plan on the pages and over REST: one's own, and nobody else's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.testing import make_api_client, make_superuser, make_user
from interviews import services
from interviews.models import Answer, Interview, PracticePlan
from interviews.testing import answer, make_interview, make_plan, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]
NOW = datetime(2030, 1, 10, 12, tzinfo=UTC)
URL = "/api/interviews/practice-plan/"
PLAN = {"position": "Software engineer", "interview_on": "2030-01-19"}


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be noon, so that no day ends during a test."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def web(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def dashboard(user: User) -> str:
    return " ".join(web(user).get(reverse("dashboard")).content.decode().split())


def practise(person: User, *, ago: int) -> None:
    session = make_session(person, num_questions=1, follow_ups_per_question=0)
    answer(session, "k1")
    given = Answer.objects.filter(session=session)
    given.update(created_at=NOW - timedelta(days=ago))


def form(**fields: str) -> dict[str, str]:
    return {**PLAN, "difficulty": "medium", "language": "en", **fields}


def test_the_form_sets_the_day_and_the_dashboard_counts_down() -> None:
    user = make_user()

    response = web(user).post(reverse("practice-plan"), form(wants_reminder="on"))

    assert response["Location"] == reverse("dashboard")
    plan = PracticePlan.objects.get(owner=user)
    assert (plan.interview_on, plan.wants_reminder) == (date(2030, 1, 19), True)
    assert plan.site == "http://testserver"
    told = dashboard(user)
    assert "Until your interview on 19 January: 9 days" in told
    assert "Today: 3 questions." in told


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("interview_on", "", "Choose the day of your interview."),
        ("interview_on", "soon", "Write the day as year-month-day"),
        ("interview_on", "2030-01-09", "This day is over. Choose today or a later day."),
        ("interview_on", "2031-01-11", "This is far away. Choose a day within a year."),
        ("position", "", "Name the position"),
        ("position", "x" * 121, "Shorten the position to 120 characters."),
    ],
)
def test_an_error_names_its_field_and_the_remedy(field: str, value: str, told: str) -> None:
    response = web(make_user()).post(reverse("practice-plan"), form(**{field: value}))

    assert response.status_code == 200
    [error] = response.context["form"].errors[field]
    assert told in error
    assert f'id="id_{field}_error"' in response.content.decode()
    assert not PracticePlan.objects.exists()


def test_the_form_begins_with_the_plan_or_with_what_was_practised_last() -> None:
    user = make_user()
    make_interview(user, position="Nurse", difficulty="hard")
    page = web(user).get(reverse("practice-plan"))
    assert page.context["form"].initial["position"] == "Nurse"

    make_plan(user, position="Cook")

    page = web(user).get(reverse("practice-plan"))
    assert page.context["form"].initial["position"] == "Cook"
    assert 'value="2030-01-19"' in page.content.decode()


def test_one_button_leads_to_todays_interview() -> None:
    user = make_user()
    make_plan(user)
    practise(user, ago=1)
    assert "Start today’s practice" in dashboard(user)

    response = web(user).post(reverse("practise-today"))

    interview = Interview.objects.first()
    assert interview is not None
    assert response["Location"] == reverse("interview", kwargs={"pk": interview.pk})
    assert interview.questions.count() == 3
    assert "Go on with today’s practice" in dashboard(user)


def test_the_dashboard_says_what_comes_back_and_when() -> None:
    user = make_user()
    make_plan(user)
    for ago in (0, 0, 0):
        practise(user, ago=ago)

    told = dashboard(user)

    assert "Today’s practice is done." in told
    assert told.count("11 January") == 3
    assert "Start today’s practice" not in told
    response = web(user).post(reverse("practise-today"), follow=True)
    assert "nothing left to practise" in response.content.decode()


def test_a_plan_is_stopped_by_its_person() -> None:
    user = make_user()
    make_plan(user)

    web(user).post(reverse("stop-plan"))

    assert not PracticePlan.objects.exists()
    assert "Plan practice until an interview" in dashboard(user)


def test_a_plan_whose_day_is_over_is_not_shown() -> None:
    user = make_user()
    plan = make_plan(user)
    PracticePlan.objects.filter(pk=plan.pk).update(interview_on=date(2030, 1, 9))

    assert "Until your interview" not in dashboard(user)


@pytest.mark.parametrize("name", ["practise-today", "stop-plan"])
@pytest.mark.parametrize("make_other", [make_user, make_superuser])
def test_nobody_reaches_another_persons_plan(name: str, make_other: Any) -> None:
    make_plan()
    other = make_other()

    assert web(other).post(reverse(name)).status_code == 404
    assert web(other).get(reverse(name)).status_code == 405
    assert "Until your interview" not in dashboard(other)
    assert PracticePlan.objects.count() == 1


def test_the_dashboard_costs_the_same_however_much_was_practised(
    django_assert_max_num_queries: Any,
) -> None:
    user = make_user()
    make_plan(user)
    client = web(user)
    for ago in range(5):
        practise(user, ago=ago)

    with django_assert_max_num_queries(14):
        client.get(reverse("dashboard"))


def test_a_client_sets_reads_and_stops_its_own_plan() -> None:
    user = make_user()
    practise(user, ago=0)
    practise(user, ago=1)
    client = make_api_client(user)

    made = client.put(URL, PLAN)

    assert (made.status_code, made["Location"]) == (201, URL.rstrip("/"))
    read = client.get(URL)
    assert read.json() == made.json()
    assert read.json() == {
        **PLAN,
        "difficulty": "medium",
        "language": "en",
        "wants_reminder": False,
        "created_at": read.json()["created_at"],
        "days_left": 9,
        "today": {"coming_back": 1, "new": 1, "answered": 1},
        "coming_back": [
            {
                "on": "2030-01-11",
                "text": read.json()["coming_back"][0]["text"],
                "competency": read.json()["coming_back"][0]["competency"],
            }
        ],
    }
    assert client.delete(URL).status_code == 204
    assert client.get(URL).status_code == client.delete(URL).status_code == 404


def test_a_second_put_replaces_the_whole_plan() -> None:
    client = make_api_client(make_user())
    client.put(URL, {**PLAN, "difficulty": "hard", "wants_reminder": True})

    again = client.put(URL, {**PLAN, "position": "Nurse"})

    assert again.status_code == 200
    told = {name: again.json()[name] for name in ("position", "difficulty", "wants_reminder")}
    assert told == {"position": "Nurse", "difficulty": "medium", "wants_reminder": False}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("interview_on", "2030-01-09"),
        ("interview_on", "2031-01-11"),
        ("interview_on", None),
        ("interview_on", "soon"),
        ("position", " "),
        ("position", "x" * 121),
        ("difficulty", "x"),
        ("language", "xx"),
        ("wants_reminder", "yes"),
        ("owner", 1),
    ],
)
def test_a_bad_value_is_refused_at_its_member(field: str, value: object) -> None:
    response = make_api_client(make_user()).put(URL, {**PLAN, field: value})

    assert response.status_code == 400
    assert set(response.json()["errors"]) == {field}
    assert not PracticePlan.objects.exists()


@pytest.mark.parametrize("make_other", [make_user, make_superuser])
def test_a_client_finds_no_plan_of_another_person(make_other: Any) -> None:
    plan = make_plan()
    client = make_api_client(make_other())

    assert client.get(URL).status_code == client.delete(URL).status_code == 404
    assert client.put(URL, PLAN).status_code == 201
    assert PracticePlan.objects.get(pk=plan.pk).owner == plan.owner


def test_who_is_not_signed_in_is_told_so() -> None:
    assert make_api_client().get(URL).status_code == 401
    assert make_api_client().put(URL, PLAN).status_code == 401


def test_the_interview_of_today_is_started_like_any_other_practice() -> None:
    user = make_user()
    plan = make_plan(user)
    interview = services.make_todays_interview(plan=plan)

    started = make_api_client(user).post(f"/api/interviews/{interview.pk}/start")

    assert started.json()["progress"]["total"] == 3
    other = make_api_client(make_user())
    assert other.post(f"/api/interviews/{interview.pk}/start").status_code == 404
