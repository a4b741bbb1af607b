"""The figures of the judge are what they say."""

from __future__ import annotations

from typing import Any

import pytest

from ai.rating import AnswerReading, PointReading, PointState
from ai.rating.levels import Chances
from lab import judge
from lab.judge import Figure, Read


def make_read(states: str, given: list[tuple[PointState, float]], **row: Any) -> Read:
    """Return an answer whose points people label y(es), n(o), p(artly) or d(enied), and what the reader says of each."""
    words = {"y": "yes", "n": "no", "p": "partly", "d": "denied"}
    labels = {f"k{number}": words[one] for number, one in enumerate(states, start=1)}
    points = [
        PointReading(state, chance, "", 0, 0, sure=True, chances=Chances(chance, 0, 0))
        for state, chance in given
    ]
    level = row.pop("read", 3.0)
    reading = AnswerReading(points, level, level, level, sure=row.pop("sure", True), told=[])
    return Read({"q": "q", "kind": "half", "level": 3, **row}, labels, reading)


SAID, ABSENT, OPPOSED = PointState.SAID, PointState.NOT_SAID, PointState.CONTRADICTED


def test_within_answer_auc_compares_points_of_one_answer_only() -> None:
    low = make_read("yn", [(SAID, 0.4), (ABSENT, 0.3)])
    high = make_read("yn", [(SAID, 0.8), (ABSENT, 0.9)])

    assert judge.within_answer_auc([low]) == 1
    assert judge.within_answer_auc([low, high]) == 0.5


def test_answers_without_both_kinds_of_points_count_for_nothing() -> None:
    both = make_read("yd", [(SAID, 0.4), (OPPOSED, 0.1)])

    assert judge.within_answer_auc([both, make_read("yp", [(SAID, 0.1), (SAID, 0.9)])]) == 1


def test_shares_are_of_the_points_with_the_label() -> None:
    read = [make_read("ddy", [(SAID, 0.9), (OPPOSED, 0.1), (OPPOSED, 0.2)])]

    assert judge.share_read_as(read, "denied", SAID) == 0.5
    assert judge.share_read_as(read, "yes", OPPOSED) == 1


def test_a_change_is_noticed_if_only_the_original_says_the_point() -> None:
    original = make_read("yy", [(SAID, 0.9), (SAID, 0.9)], kind="textbook")
    twin = make_read("dd", [(OPPOSED, 0.1), (SAID, 0.9)], kind="twin")

    assert judge.changes_noticed([original, twin]) == 0.5


def test_errors_that_are_marked_unsure() -> None:
    far = make_read("y", [(SAID, 0.9)], level=1, read=4.0, sure=False)
    near = make_read("y", [(SAID, 0.9)], level=4, read=4.0)

    assert judge.share_unsure([far, near]) == 0.5
    assert judge.share_unsure([far, near], at_least=1.5) == 1


@pytest.mark.parametrize(
    ("figure", "is_above"),
    [
        (Figure("r", 0.5, floor=0.4), True),
        (Figure("r", 0.3, floor=0.4), False),
        (Figure("error", 0.3, floor=0.4, is_least_best=True), True),
        (Figure("error", 0.5, floor=0.4, is_least_best=True), False),
        (Figure("r", 0.1), True),
    ],
    ids=["above", "below", "small enough", "too large", "no floor"],
)
def test_a_figure_is_held_against_its_floor(figure: Figure, is_above: bool) -> None:
    assert figure.is_above_floor is is_above
