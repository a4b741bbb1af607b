"""Reminders of a practice plan: one mail in the evening of a day without practice, and a link that stops them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as postbox
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Mail, User
from accounts.outbox import send_due_mail
from accounts.testing import make_user
from interviews import services
from interviews.models import Answer, AuditEvent, Interview, PracticePlan, PracticeReminder
from interviews.services.reminders import plans_to_remind, remind, stop_token
from interviews.testing import answer, make_plan, make_recruiter, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]
EVENING = datetime(2030, 1, 10, 18, 30, tzinfo=UTC)
SITE = "https://interview.example.org"


class Clock:
    """The time that it is in a test."""

    def __init__(self) -> None:
        self.time = EVENING

    def now(self) -> datetime:
        return self.time


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock.now)
    return clock


def make_reminded(owner: User | None = None, *, days: int = 9, wants: bool = True) -> PracticePlan:
    return make_plan(owner, days=days, wants_reminder=wants)


def practise_now(person: User, **fields: str) -> None:
    session = make_session(person, num_questions=1, follow_ups_per_question=0)
    Interview.objects.filter(pk=session.interview_id).update(**fields)
    answer(session, "k1")
    Answer.objects.update(created_at=timezone.now())


def send(clock: Clock) -> int:
    """Send what is due; mail takes its times from the real clock."""
    Mail.objects.update(next_attempt_at=clock.time)
    return send_due_mail()


def rounds(count: int = 3) -> int:
    """Let the loop look for plans so often; returns how many reminders were queued."""
    return sum(remind(plan) for _ in range(count) for plan in plans_to_remind())


def test_one_mail_is_queued_in_the_evening_however_often_the_loop_looks(clock: Clock) -> None:
    plan = make_reminded()

    assert rounds() == 1
    assert send(clock) == 1

    [message] = postbox.outbox
    assert message.to == [plan.owner.email]
    assert message.subject == "9 days until your interview: today’s practice waits"
    assert "“Software engineer” is on 19 January" in str(message.body)
    assert "3 questions" in str(message.body)
    assert f"{SITE}{reverse('dashboard')}" in str(message.body)


def test_the_loop_does_it() -> None:
    make_reminded()

    assert services.catch_up()["reminded"] == 1
    assert services.catch_up()["reminded"] == 0
    assert Mail.objects.count() == 1


def test_no_day_is_reminded_of_twice_even_by_a_plan_that_was_made_anew(clock: Clock) -> None:
    plan = make_reminded()
    stale = PracticePlan.objects.get()
    assert remind(plan)

    assert not remind(stale)
    services.stop_plan(plan=plan)
    make_reminded(plan.owner)
    assert rounds() == 0

    clock.time += timedelta(days=1)
    assert rounds() == 1
    assert Mail.objects.count() == PracticeReminder.objects.count() == 2


@pytest.mark.parametrize(
    ("zone", "hour", "is_time"),
    [
        ("UTC", 17, False),
        ("UTC", 18, True),
        ("UTC", 21, True),
        ("UTC", 22, False),
        ("America/New_York", 18, False),
        ("America/New_York", 23, True),
        ("Pacific/Auckland", 5, True),
        ("No/Such_Zone", 18, True),
    ],
)
def test_it_comes_in_the_evening_of_its_reader(
    clock: Clock, zone: str, hour: int, is_time: bool
) -> None:
    owner = make_user()
    User.objects.filter(pk=owner.pk).update(time_zone=zone)
    make_reminded(User.objects.get(pk=owner.pk))
    clock.time = EVENING.replace(hour=hour)

    assert plans_to_remind().exists() is is_time


def test_who_practised_today_is_not_reminded_and_not_looked_at_again() -> None:
    plan = make_reminded()
    practise_now(plan.owner)

    assert rounds() == 0

    assert not plans_to_remind().exists()
    assert not Mail.objects.exists()


@pytest.mark.parametrize("other", [{"position": "Nurse"}, {"language": "de"}])
def test_practice_of_another_kind_counts_too(other: dict[str, str]) -> None:
    plan = make_reminded()
    practise_now(plan.owner, **other)

    assert rounds() == 0

    assert not Mail.objects.exists()


def test_a_screening_and_another_persons_practice_do_not_count() -> None:
    plan = make_reminded()
    practise_now(make_user())
    screening = make_screening(make_recruiter(), plan.owner, follow_ups_per_question=0)
    services.start_interview(interview=screening.interview, user=plan.owner)
    answer(screening)
    Answer.objects.update(created_at=timezone.now())

    assert rounds() == 1


@pytest.mark.parametrize(("hours", "reminders"), [(13, 0), (20, 1)])
def test_the_day_is_that_of_the_reader(clock: Clock, hours: int, reminders: int) -> None:
    owner = make_user()
    User.objects.filter(pk=owner.pk).update(time_zone="Pacific/Auckland")
    owner.refresh_from_db()
    make_reminded(owner)
    clock.time = datetime(
        2030, 1, 10, 6, 30, tzinfo=UTC
    )  # 19:30 there, where the day began at 11:00 UTC
    practise_now(owner, position="Nurse")
    Answer.objects.update(created_at=clock.time - timedelta(hours=hours))

    assert rounds() == reminders


def test_the_mail_says_what_is_practised_for(clock: Clock) -> None:
    make_plan(position="Head nurse", wants_reminder=True)
    rounds()
    send(clock)

    [message] = postbox.outbox
    assert "your interview for “Head nurse” is on 19 January" in str(message.body)


def test_who_practised_yesterday_is(clock: Clock) -> None:
    plan = make_reminded()
    practise_now(plan.owner)
    clock.time += timedelta(days=1)

    assert rounds() == 1


@pytest.mark.parametrize(("days", "reminders"), [(2, 1), (1, 1), (0, 0)])
def test_nothing_comes_on_the_day_itself_or_after_it(
    clock: Clock, days: int, reminders: int
) -> None:
    make_reminded(days=days)

    assert rounds() == reminders
    clock.time += timedelta(days=days + 1)
    assert rounds() == 0


def test_who_did_not_ask_for_it_or_may_not_sign_in_gets_none() -> None:
    make_reminded(wants=False)
    disabled = make_reminded()
    disabled.owner.disable()

    assert rounds() == 0


@pytest.mark.parametrize("why", ["stopped", "unwanted", "practised", "late"])
def test_a_mail_that_waited_too_long_is_dropped(clock: Clock, why: str) -> None:
    plan = make_reminded()
    assert rounds() == 1
    if why == "stopped":
        services.stop_plan(plan=plan)
    elif why == "unwanted":
        plan.stop_reminding()
    elif why == "practised":
        practise_now(plan.owner)
    else:
        clock.time += timedelta(hours=6)

    assert send(clock) == 0

    assert Mail.objects.get().state == "dropped"


def test_old_decisions_are_forgotten(clock: Clock) -> None:
    make_reminded()
    rounds()
    PracticeReminder.forget_old()
    assert PracticeReminder.objects.exists()

    clock.time += timedelta(days=8)
    PracticeReminder.forget_old()

    assert not PracticeReminder.objects.exists()


def test_links_begin_with_the_address_of_the_installation_if_it_is_set(
    clock: Clock, settings: Settings
) -> None:
    settings.SITE_URL = "https://practise.example.com"
    make_reminded()
    rounds()
    send(clock)

    assert SITE not in str(postbox.outbox[0].body)
    assert "https://practise.example.com/dashboard/" in str(postbox.outbox[0].body)


def test_the_link_in_a_mail_stops_them_without_signing_in_once_it_is_confirmed(
    clock: Clock,
) -> None:
    plan = make_reminded()
    rounds()
    send(clock)
    link = next(word for word in str(postbox.outbox[0].body).split() if "/reminders/" in word)
    path = link.removeprefix(SITE)

    asked = Client().get(path)
    plan.refresh_from_db()
    assert plan.wants_reminder
    assert "Stop the reminders?" in asked.content.decode()

    stopped = Client().post(path)

    plan.refresh_from_db()
    assert not plan.wants_reminder
    assert "No more reminders" in stopped.content.decode()
    assert AuditEvent.objects.filter(action="practice_plan.reminders_stopped").count() == 1
    clock.time += timedelta(days=1)
    assert rounds() == 0


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_forged_link_stops_nothing(method: str) -> None:
    plan, other = make_reminded(), make_reminded()
    services.stop_plan(plan=PracticePlan.objects.get(pk=other.pk))
    forged = stop_token(plan).replace(":", "x:", 1)

    for token in (str(plan.pk), forged, stop_token(other)):
        path = reverse("stop-reminders", kwargs={"token": token})
        assert getattr(Client(), method)(path).status_code == 404
    plan.refresh_from_db()
    assert plan.wants_reminder
