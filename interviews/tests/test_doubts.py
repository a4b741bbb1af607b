"""A total that is not sure is shown as the range it is in, wherever it is shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.testing import make_user
from interviews import services
from interviews.models import InterviewSession, Turn
from interviews.services.doubts import Figure, figure_of_mean
from interviews.services.lookups import fresh
from interviews.testing import answer, make_recruiter, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]
SURE, UNSURE = Figure(50, 50, 50, True), Figure(50, 25, 75, False)
SPAN: dict[str, Any] = {"lowest_level": 2.0, "level": 3.0, "highest_level": 4.0}


def make_finished(*unsure: int, questions: int = 2, **fields: Any) -> InterviewSession:
    """Finish a practice; the answers to the questions of these numbers could be level 2 to 4."""
    session = make_session(num_questions=questions, follow_ups_per_question=0, **fields)
    for _question in range(questions):
        answer(session, "k1 k2 k3")
    doubt(session, *unsure)
    return fresh(session).session


def doubt(session: InterviewSession, *numbers: int) -> None:
    turns = Turn.objects.filter(session=session, number__in=numbers)
    turns.update(**SPAN, is_sure=False)


def page_of(user: User, name: str, *args: str) -> str:
    client = Client()
    client.force_login(user)
    return " ".join(client.get(reverse(name, args=args)).content.decode().split())


def results_of(session: InterviewSession, user: User | None = None) -> dict[str, Any]:
    user = user or session.candidate
    return services.interview_results(interview=session.interview, user=user)


@pytest.mark.parametrize(
    ("found", "low", "high", "sure"),
    [
        ([SURE], 50, 50, True),
        ([UNSURE], 25, 75, False),
        ([UNSURE, SURE, SURE], 42, 58, True),
        ([UNSURE, SURE], 38, 62, False),
    ],
)
def test_a_mean_is_in_doubt_if_more_than_a_third_of_it_is(
    found: list[Figure], low: int, high: int, sure: bool
) -> None:
    assert figure_of_mean(50, found) == Figure(50, low, high, sure)


EDGES = st.lists(st.integers(0, 100), min_size=3, max_size=3).map(sorted)


@given(st.lists(st.tuples(EDGES, st.booleans()), min_size=1, max_size=20))
def test_a_mean_lies_in_its_range(given_figures: list[tuple[list[int], bool]]) -> None:
    found = [Figure(best, low, high, sure) for (low, best, high), sure in given_figures]
    score = round(sum(one.score for one in found) / len(found))

    mean = figure_of_mean(score, found)

    assert 0 <= mean.low <= mean.score <= mean.high <= 100


def test_results_tell_ranges_and_no_verdict_on_what_is_not_sure() -> None:
    results = results_of(make_finished(1, 2))

    assert results["overall_range"] == [25, 75]
    assert (results["overall_sure"], results["overall_score"]) == (False, 50)
    assert results["recommendation"] is None
    assert results["summary"] == "The overall score is between 25 and 75 of 100; not sure."
    for item in [*results["questions"], *results["competencies"]]:
        assert (item["range"], item["sure"]) == ([25, 75], False)


def test_results_that_are_sure_tell_their_figure() -> None:
    results = results_of(make_finished(1, questions=3))

    assert (results["overall_sure"], results["overall_score"]) == (True, 83)
    assert results["overall_range"] == [75, 92]
    assert results["recommendation"] is not None
    assert "83 of 100" in results["summary"]
    assert [item["sure"] for item in results["questions"]] == [False, True, True]


def test_results_without_a_total_have_no_range() -> None:
    session = make_session(num_questions=2)

    results = results_of(session)

    assert (results["overall_score"], results["overall_range"]) == (None, None)
    assert results["overall_sure"] is False
    assert [(q["range"], q["sure"]) for q in results["questions"]] == [(None, False)] * 2


@pytest.mark.parametrize(
    ("page", "range_shown", "figure_shown"),
    [
        ("history", "between 25 and 75 of 100", "<strong>100 of 100"),
        ("dashboard", "between 25 and 75 of 100, which is not sure", "you reached 100 of 100"),
        ("results", "Between 25 and 75 of 100; not sure", '<span class="score-number">100</span>'),
    ],
)
def test_a_page_shows_a_range_or_a_figure(page: str, range_shown: str, figure_shown: str) -> None:
    unsure, sure = make_finished(1, 2), make_finished()

    told, other = (
        page_of(s.candidate, page, *([s.token] if page == "results" else []))
        for s in (unsure, sure)
    )

    assert range_shown in told
    assert "50 of 100" not in told
    assert '<span class="score-number">' not in told
    assert figure_shown in other
    assert "not sure" not in other


def test_a_screening_shows_its_reviewer_a_range_until_a_person_has_rated() -> None:
    owner = make_recruiter()
    session = make_screening(owner, make_user(), num_questions=1, follow_ups_per_question=0)
    services.start_interview(interview=session.interview, user=session.candidate)
    answer(session)
    doubt(session, 1)

    assert "Between 25 and 75 of 100; not sure" in page_of(owner, "review", session.token)
    turn = session.turns.get()
    services.override_rating(turn=turn, score=4, reason="Read it.", actor=owner)

    results = results_of(session, owner)
    assert (results["overall_score"], results["overall_range"]) == (75, [75, 75])
    assert results["overall_sure"] is True


def test_nobody_is_sent_a_step_further_or_praised_for_what_is_not_sure() -> None:
    unsure, sure = make_finished(1, 2), make_finished()
    Turn.objects.filter(session=unsure).update(level=4.8, highest_level=5.0)

    told, other = (page_of(s.candidate, "results", s.token) for s in (unsure, sure))

    assert "Practise new questions" in told
    assert "You told most about" not in told
    assert "Try it one step harder" in other
    assert "You told most about" in other
