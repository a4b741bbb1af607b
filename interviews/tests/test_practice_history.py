"""How practice went over time: by position, oldest first, in pictures, words and numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.testing import make_api_client, make_user
from interviews import services
from interviews.models import Interview, InterviewSession, Turn
from interviews.pages.charts import progress_over_time
from interviews.services.doubts import Figure
from interviews.services.practice_history import (
    MOST_OF_A_POSITION,
    MOST_POSITIONS,
    Course,
    Practice,
)
from interviews.testing import answer, make_recruiter, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]
START = datetime(2030, 1, 1, 12, tzinfo=UTC)
URL = "/api/interviews/practice-history"
ALL, ONE, NONE = "k1 k2 k3", "k1", "nothing"


def practise(
    person: User, text: str = ALL, *, position: str = "Software engineer", day: int = 0
) -> InterviewSession:
    """Finish an interview of one question; the stub gives level 5, 2 or 1 for all, one or no points."""
    session = make_session(person, num_questions=1, follow_ups_per_question=0)
    answer(session, text)
    Interview.objects.filter(pk=session.interview_id).update(position=position)
    finished = START + timedelta(days=day)
    InterviewSession.objects.filter(pk=session.pk).update(finished_at=finished)
    session.refresh_from_db()
    return session


def doubt(session: InterviewSession) -> None:
    span = {"lowest_level": 2.0, "level": 3.0, "highest_level": 4.0}
    Turn.objects.filter(session=session).update(**span, is_sure=False)


def courses_of(person: User) -> list[Course]:
    return services.practice_history(user=person).courses


def history(person: User, query: str = "") -> str:
    client = Client()
    client.force_login(person)
    return " ".join(client.get(reverse("history") + query).content.decode().split())


def make_course(*totals: Figure) -> Course:
    sessions = [
        InterviewSession(finished_at=START + timedelta(days=day)) for day in range(len(totals))
    ]
    practices = [Practice(session, total) for session, total in zip(sessions, totals, strict=True)]
    return Course("Nurse & midwife", len(totals), practices)


def test_practice_is_grouped_by_position_oldest_first() -> None:
    person = make_user()
    practise(person, NONE, position="nurse ", day=1)
    practise(person, ALL, position="Teacher", day=2)
    practise(person, ALL, position="Nurse", day=3)

    nurse, teacher = courses_of(person)

    assert [practice.total.score for practice in nurse.practices] == [0, 100]
    assert (nurse.position, nurse.count, teacher.position, teacher.count) == (
        "Nurse",
        2,
        "Teacher",
        1,
    )


def test_only_ones_own_finished_and_rated_practice_is_there() -> None:
    person, owner = make_user(), make_recruiter()
    practise(make_user())
    make_session(person)
    unrated = practise(person, position="Nurse")
    Turn.objects.filter(session=unrated).update(evaluation="not_scored")
    screening = make_screening(owner, person, num_questions=1, follow_ups_per_question=0)
    services.start_interview(interview=screening.interview, user=person)
    answer(screening)

    assert courses_of(person) == []
    assert "Your practice by position" not in history(person)


def test_the_latest_ten_of_a_position_are_shown_and_all_are_counted() -> None:
    person = make_user()
    for day in range(MOST_OF_A_POSITION + 2):
        practise(person, NONE if day < 3 else ALL, day=day)

    [course] = courses_of(person)

    assert [one.total.score for one in course.practices] == [0] + [100] * 9
    assert course.count == 12
    assert "The latest 10 of 12 interviews:" in history(person)


def test_the_positions_practised_last_come_first_and_older_ones_stay_in_the_list() -> None:
    person = make_user()
    for day in range(MOST_POSITIONS + 1):
        practise(person, position=f"Job {day}", day=day)

    names = [course.position for course in courses_of(person)]

    assert names == [f"Job {day}" for day in range(MOST_POSITIONS, 0, -1)]
    assert history(person).count("<strong>100 of 100</strong>") == 2 * MOST_POSITIONS + 1


def test_the_page_tells_the_progress_in_words_numbers_and_a_picture() -> None:
    person = make_user()
    first, last = practise(person, NONE, day=0), practise(person, ALL, day=4)

    page = history(person)

    assert "From 0 to 100 of 100." in page
    assert 'aria-label="Totals for Software engineer, oldest first: 1 Jan 0, 5 Jan 100."' in page
    assert page.index(first.token) < page.index(last.token)
    assert "not sure" not in page


def test_an_unsure_total_is_told_as_a_range_and_no_progress_is_claimed() -> None:
    person = make_user()
    practise(person, NONE, day=0)
    doubt(practise(person, ALL, day=4))

    page = history(person)

    assert "5 Jan between 25 and 75, not sure." in page
    assert page.count("between 25 and 75 of 100") == 2
    assert "you see the range instead of a figure" in page
    assert "From 0 to" not in page
    assert "50 of 100" not in page


def test_one_interview_makes_no_picture() -> None:
    person = make_user()
    practise(person)

    page = history(person)

    assert 'class="chart"' not in page
    assert "After two rated practice interviews" in page
    assert page.count("<strong>100 of 100</strong>") == 2


def test_a_sure_total_is_a_point_of_the_line_and_an_unsure_one_a_bar_beside_it() -> None:
    sure, unsure = Figure(40, 30, 50, True), Figure(50, 26, 75, False)

    drawn = str(progress_over_time(make_course(sure, unsure, Figure(80, 70, 90, True))))

    line, bar = drawn.split('class="series serie-1', maxsplit=2)[:2]
    assert line.count("line reactive") == bar.split("</g>")[0].count("line reactive") == 1
    assert drawn.count("<circle") == 4
    numbers = [part.split("<")[0] for part in drawn.split('class="value">')[1:]]
    assert numbers == ["40", "80", "26", "75"]
    assert "Nurse &amp; midwife" in drawn


def test_a_picture_of_unsure_totals_only_has_no_line() -> None:
    drawn = str(progress_over_time(make_course(*[Figure(50, 26, 75, False)] * 2)))

    assert drawn.count("<circle") == 4
    assert 'class="series serie-0 color-0" />' in drawn


def test_later_pages_of_the_list_have_totals_and_no_pictures() -> None:
    person = make_user()
    for day in range(21):
        practise(person, day=day)

    page = history(person, "?page=2")

    assert "<strong>100 of 100</strong>" in page
    assert "Your practice by position" not in page


def test_a_client_reads_the_same() -> None:
    person = make_user()
    first = practise(person, NONE, day=0)
    doubt(last := practise(person, ALL, day=4))

    [course] = make_api_client(person).get(URL).json()

    shared = {"difficulty": "medium"}
    assert course == {
        "position": "Software engineer",
        "count": 2,
        "practices": [
            {
                **shared,
                "session_token": first.token,
                "interview": first.interview_id,
                "finished_at": "2030-01-01T12:00:00Z",
                "score": 0,
                "range": [0, 0],
                "sure": True,
            },
            {
                **shared,
                "session_token": last.token,
                "interview": last.interview_id,
                "finished_at": "2030-01-05T12:00:00Z",
                "score": 50,
                "range": [25, 75],
                "sure": False,
            },
        ],
    }


def test_a_client_reads_nobody_elses() -> None:
    practise(make_user())

    assert make_api_client(make_user()).get(URL).json() == []
    assert make_api_client().get(URL).status_code == 401


def test_it_costs_the_same_however_many_positions_there_are() -> None:
    person, costs = make_user(), []
    for day in range(3):
        practise(person, position=f"Job {day}", day=day)
        with CaptureQueriesContext(connection) as captured:
            services.practice_history(user=person)
        costs.append(len(captured))

    assert len(set(costs)) == 1
