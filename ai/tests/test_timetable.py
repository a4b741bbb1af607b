"""The timetable until an interview: what comes back when, and how much a day holds."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai.timetable import QUESTIONS_A_DAY, Attempt, coming_back, next_returns, plan_day

START = date(2030, 1, 1)
UNTIL = START + timedelta(days=30)


def on(days: int) -> date:
    return START + timedelta(days=days)


def weak(days: int, question: str = "q") -> Attempt:
    return Attempt(question, on(days), has_gaps=True)


def strong(days: int, question: str = "q") -> Attempt:
    return Attempt(question, on(days), has_gaps=False)


ATTEMPTS = st.lists(
    st.builds(
        Attempt,
        question=st.sampled_from("abcdefgh"),
        on=st.integers(0, 20).map(on),
        has_gaps=st.booleans(),
    ),
    max_size=30,
)
DAYS = st.integers(0, 40).map(on)


@pytest.mark.parametrize(
    ("attempts", "comes_back"),
    [
        ([], None),
        ([strong(0)], None),
        ([weak(0)], 1),
        ([weak(0), strong(0)], 1),
        ([weak(0), strong(1)], 3),
        ([weak(0), strong(2)], 3),
        ([weak(0), strong(3)], 7),
        ([weak(0), strong(1), strong(3)], 7),
        ([weak(0), strong(1), strong(3), strong(7)], None),
        ([weak(0), strong(9)], None),
        ([weak(0), weak(1)], 2),
        ([weak(0), strong(7), weak(10)], 11),
        ([strong(0), weak(5)], 6),
    ],
)
def test_a_weak_question_comes_back_1_3_and_7_days_after(
    attempts: list[Attempt], comes_back: int | None
) -> None:
    expected = {} if comes_back is None else {"q": on(comes_back)}

    assert next_returns(attempts) == expected


def test_new_questions_fill_up_to_three() -> None:
    day = plan_day([weak(0, "a"), weak(0, "b")], day=on(1), until=UNTIL)

    assert (day.returning, day.new, day.done, day.left) == (("a", "b"), 1, 0, 3)


def test_what_was_answered_that_day_counts_and_is_not_asked_again() -> None:
    day = plan_day([weak(0, "a"), strong(1, "a"), weak(1, "b")], day=on(1), until=UNTIL)

    assert (day.returning, day.new, day.done) == ((), 1, 2)


def test_the_longest_due_comes_first_and_the_rest_moves_on() -> None:
    attempts = [weak(5, "a"), weak(3, "b"), weak(4, "c"), weak(1, "d"), weak(9, "e")]

    day = plan_day(attempts, day=on(9), until=UNTIL)

    assert (day.returning, day.done) == (("d", "b"), 1)
    later = coming_back(attempts, day=on(9), until=UNTIL)
    assert later == [(on(10), "a"), (on(10), "c"), (on(10), "e")]


def test_the_day_of_the_interview_is_the_last() -> None:
    assert plan_day([weak(0)], day=on(3), until=on(3)).left == QUESTIONS_A_DAY
    assert plan_day([weak(0)], day=on(4), until=on(3)).left == 0
    assert coming_back([weak(3)], day=on(3), until=on(3)) == []
    assert coming_back([weak(3)], day=on(3), until=on(4)) == [(on(4), "q")]


@given(ATTEMPTS, DAYS, DAYS)
def test_a_day_holds_three_at_most_and_nothing_after_the_interview(
    attempts: list[Attempt], day: date, until: date
) -> None:
    plan = plan_day(attempts, day=day, until=until)

    done_today = {one.question for one in attempts if one.on == day}
    assert plan.done == len(done_today)
    assert done_today.isdisjoint(plan.returning)
    assert len(set(plan.returning)) == len(plan.returning)
    assert plan.left == (max(0, QUESTIONS_A_DAY - plan.done) if day <= until else 0)


@given(ATTEMPTS, st.randoms(use_true_random=False))
def test_the_order_in_which_attempts_are_read_does_not_matter(
    attempts: list[Attempt], random: object
) -> None:
    shuffled = list(attempts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert next_returns(shuffled) == next_returns(attempts)


@given(ATTEMPTS)
def test_what_comes_back_was_weak_once_and_comes_after_its_last_answer(
    attempts: list[Attempt],
) -> None:
    for question, returns_on in next_returns(attempts).items():
        own = [one for one in attempts if one.question == question]
        weak_on = max(one.on for one in own if one.has_gaps)
        assert returns_on > max(one.on for one in own)
        assert (returns_on - weak_on).days in {1, 3, 7}


@given(ATTEMPTS, DAYS, DAYS)
def test_each_weak_question_is_there_today_or_comes_back_later_and_once(
    attempts: list[Attempt], day: date, until: date
) -> None:
    later = coming_back(attempts, day=day, until=until)
    today = plan_day(attempts, day=day, until=until).returning

    assert all(day < returns_on <= until for returns_on, _question in later)
    assert max(Counter(returns_on for returns_on, _question in later).values(), default=0) <= 3
    names = [*today, *(question for _on, question in later)]
    assert len(set(names)) == len(names)
    far = date(2040, 1, 1)
    everything = {name for _on, name in coming_back(attempts, day=day, until=far)}
    assert everything | set(plan_day(attempts, day=day, until=far).returning) == set(
        next_returns(attempts)
    )


@given(ATTEMPTS)
def test_answering_without_gaps_each_time_ends_it_after_three_answers(
    attempts: list[Attempt],
) -> None:
    known, day = list(attempts), on(21)
    for _day in range(200):
        returning = plan_day(known, day=day, until=date(2040, 1, 1)).returning
        known += [Attempt(question, day, has_gaps=False) for question in returning]
        day += timedelta(days=1)

    assert next_returns(known) == {}
    for question in {one.question for one in attempts}:
        assert sum(one.question == question for one in known[len(attempts) :]) <= 3
