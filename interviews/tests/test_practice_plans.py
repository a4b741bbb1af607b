"""Practice until the day of an interview: what comes back, today's interview, and setting the day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.testing import make_user
from ai.timetable import Attempt
from interviews import services
from interviews.errors import Conflict, InvalidInput
from interviews.models import (
    Answer,
    AuditEvent,
    BankQuestion,
    Interview,
    InterviewSession,
    PracticePlan,
    Turn,
)
from interviews.services.practice_plans import attempts_of, progress_of
from interviews.testing import answer, make_plan, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]
NOW = datetime(2030, 1, 10, 12, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be noon, so that no day ends during a test."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def practise(
    person: User, *answers: str, ago: int = 1, follow_ups: int = 0, **fields: str
) -> InterviewSession:
    """Practise one question with its follow-ups so many days ago; “k1 k2 k3” leaves nothing unsaid."""
    session = make_session(person, num_questions=1, follow_ups_per_question=follow_ups, **fields)
    for text in answers:
        answer(session, text)
    given = Answer.objects.filter(session=session)
    given.update(created_at=NOW - timedelta(days=ago))
    return session


def slug_of(session: InterviewSession) -> str:
    return session.interview.questions.get().bank_slug


def test_an_answer_with_points_unsaid_comes_back_the_day_after() -> None:
    plan = make_plan()
    weak, strong = practise(plan.owner, "k1"), practise(plan.owner, "k1 k2 k3")

    progress = progress_of(plan)

    assert [question.bank_slug for question in progress.today] == [slug_of(weak)]
    assert progress.day.new == 2
    assert slug_of(strong) not in progress.day.returning


def test_what_comes_back_later_is_told_with_its_day() -> None:
    plan = make_plan()
    weak = practise(plan.owner, "k1", ago=0)

    progress = progress_of(plan)

    assert progress.day.done == 1
    [later] = progress.later
    assert (later.on, later.question.bank_slug) == (TODAY + timedelta(days=1), slug_of(weak))


def test_a_follow_up_that_says_the_rest_leaves_nothing_unsaid() -> None:
    plan = make_plan()
    practise(plan.owner, "k1 k2", "k3", follow_ups=1)
    practise(plan.owner, "k1", "k2", follow_ups=1)

    assert sorted(attempt.has_gaps for attempt in attempts_of(plan)) == [False, True]


def test_a_skipped_question_comes_back_and_one_that_is_not_rated_yet_does_not() -> None:
    plan = make_plan()
    skipped, pending = practise(plan.owner, ago=0), practise(plan.owner, "k1")
    answer(skipped, "", skipped=True)
    Answer.objects.filter(session=skipped).update(created_at=NOW - timedelta(days=1))
    Turn.objects.filter(session=pending).update(evaluation="pending")

    assert {(one.question, one.has_gaps) for one in attempts_of(plan)} == {
        (slug_of(skipped), True),
        (slug_of(pending), False),
    }


def test_a_day_is_that_of_the_persons_time_zone() -> None:
    plan = make_plan(make_user())
    session = practise(plan.owner, "k1")
    Answer.objects.filter(session=session).update(created_at=datetime(2030, 1, 9, 20, tzinfo=UTC))
    plan.owner.time_zone = "Asia/Tokyo"

    assert [one.on for one in attempts_of(plan)] == [date(2030, 1, 10)]
    assert plan.today == date(2030, 1, 10)


def test_others_practice_screenings_and_other_positions_do_not_count() -> None:
    plan = make_plan(position="software ENGINEER")
    mine = practise(plan.owner, "k1")
    practise(plan.owner, "k1", position="Backend developer")
    practise(plan.owner, "k1", language="de")
    practise(make_user(), "k1")
    screening = make_screening(make_user(), plan.owner, follow_ups_per_question=0)
    services.start_interview(interview=screening.interview, user=plan.owner)
    answer(screening, "k1")

    attempts = attempts_of(plan)

    assert attempts == [Attempt(slug_of(mine), TODAY - timedelta(days=1), has_gaps=True)]


def test_todays_interview_asks_again_what_comes_back_and_fills_up_with_new_ones() -> None:
    plan = make_plan()
    weak = practise(plan.owner, "k1")
    strong = practise(plan.owner, "k1 k2 k3")

    interview = services.make_todays_interview(plan=plan)

    asked = [question.bank_slug for question in interview.questions.all()]
    assert asked[0] == slug_of(weak)
    assert len(set(asked)) == interview.num_questions == 3
    assert slug_of(strong) not in asked
    assert interview.is_practice
    assert interview.is_draft
    session = services.start_interview(interview=interview, user=plan.owner)
    assert [q.bank_slug for q in session.interview.questions.all()] == asked


def test_making_it_twice_makes_one_interview_also_once_it_has_begun() -> None:
    plan = make_plan()
    first = services.make_todays_interview(plan=plan)
    session = services.start_interview(interview=first, user=plan.owner)
    answer(session, "k1 k2 k3")
    Answer.objects.update(created_at=NOW)

    again = services.make_todays_interview(plan=plan)

    assert again == first
    assert Interview.objects.count() == 1


def test_what_is_left_of_the_day_is_made_anew_once_todays_interview_was_given_up() -> None:
    plan = make_plan()
    first = services.make_todays_interview(plan=plan)
    session = services.start_interview(interview=first, user=plan.owner)
    answer(session, "k1 k2 k3")
    Answer.objects.update(created_at=NOW)
    InterviewSession.objects.update(status="abandoned", finished_at=NOW)

    again = services.make_todays_interview(plan=plan)

    assert again != first
    assert again.questions.count() == again.num_questions == 2


def test_a_day_that_is_done_holds_no_more() -> None:
    plan = make_plan()
    for _ in range(3):
        practise(plan.owner, "k1", ago=0)

    with pytest.raises(Conflict, match="nothing left"):
        services.make_todays_interview(plan=plan)

    assert progress_of(plan).day.left == 0


def test_nothing_is_made_after_the_day() -> None:
    plan = make_plan()
    practise(plan.owner, "k1", ago=3)
    plan.interview_on = TODAY
    assert progress_of(plan).day.left == 3

    plan.interview_on = TODAY - timedelta(days=1)

    assert plan.is_over
    assert (progress_of(plan).day.left, progress_of(plan).later) == (0, [])
    with pytest.raises(Conflict):
        services.make_todays_interview(plan=plan)


def test_a_bank_that_runs_dry_asks_what_comes_back_and_none_at_all_is_told() -> None:
    plan = make_plan()
    practise(plan.owner, "k1")
    BankQuestion.objects.all().delete()

    assert services.make_todays_interview(plan=plan).questions.count() == 1
    with pytest.raises(InvalidInput) as caught:
        services.make_todays_interview(plan=make_plan())
    assert caught.value.field == "position"


@pytest.mark.parametrize("days", [0, 1, 365])
def test_the_day_is_today_or_later_and_at_most_a_year_away(days: int) -> None:
    assert make_plan(days=days).interview_on == TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "told"), [(-1, "Choose today or a later day"), (366, "within a year")]
)
def test_another_day_is_refused_with_the_remedy(days: int, told: str) -> None:
    with pytest.raises(InvalidInput, match=told) as caught:
        make_plan(days=days)

    assert caught.value.field == "interview_on"
    assert not PracticePlan.objects.exists()


def test_a_new_plan_takes_the_place_of_the_old_one_and_both_deeds_are_on_record() -> None:
    first = make_plan()

    second = make_plan(first.owner, days=3, position="Nurse")
    services.stop_plan(plan=second)

    assert second.position == "Nurse"
    assert not PracticePlan.objects.exists()
    deeds = AuditEvent.objects.filter(target=f"practiceplan {first.pk}").order_by("pk")
    assert list(deeds.values_list("action", flat=True)) == [
        "practice_plan.set",
        "practice_plan.set",
        "practice_plan.stopped",
    ]


def test_a_plan_goes_with_its_person() -> None:
    plan, other = make_plan(), make_plan()

    services.erase_person(person=plan.owner, actor=plan.owner)

    assert list(PracticePlan.objects.all()) == [other]
