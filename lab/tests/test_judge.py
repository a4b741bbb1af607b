"""The figures of the judge are what they say."""

from __future__ import annotations

from typing import Any

import pytest

from ai.rating import AnswerReading, PointReading, PointState
from ai.rating.levels import Chances
from lab import judge
from lab.judge import Figure, Read
from lab.worst import described, print_worst, worst_of


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


QUESTION = {"text": "Why backups?", "key_points": ["Data is kept twice", "Restoring is tried"]}


def test_the_worst_are_those_furthest_off_in_either_direction() -> None:
    near, low, high = (
        make_read("y", [(SAID, 0.9)], level=level, read=read, answer=str(level))
        for level, read in ((4, 4.5), (5, 2.0), (1, 3.0))
    )

    assert worst_of([near, high, low], 2) == [low, high]
    assert worst_of([near], 0) == []


def test_an_error_is_shown_with_its_points_as_we_and_people_read_them() -> None:
    one = make_read(
        "yd", [(ABSENT, 0.2), (OPPOSED, 0.1)], level=4, read=1.5, sure=False, answer="Tapes."
    )
    del one.states["k2"]

    first, question, answer, kept, tried = described(one, QUESTION)

    assert first == "-2.50  ours 1.50, unsure, people 4  (q, half)"
    assert (question, answer) == ("Question: Why backups?", "Answer: Tapes.")
    assert kept.split() == [
        *["ours", "not_said", "0.20", "people", "yes"],
        *["Data", "is", "kept", "twice"],
    ]
    assert "contradicted" in tried
    assert "not agreed" in tried


def test_a_follow_up_is_shown_with_what_was_asked() -> None:
    one = make_read("yy", [(SAID, 0.9), (SAID, 0.9)], answer="Yes.", asked="Do you try it?")

    assert "Asked: Do you try it?" in described(one, QUESTION)


@pytest.mark.parametrize("number", [0, 1])
def test_so_many_of_the_worst_are_printed(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    one = make_read("yy", [(SAID, 0.9), (SAID, 0.9)], answer="Yes.")

    print_worst([one, one], number, {"q": QUESTION})

    assert capsys.readouterr().out.count("Question: Why backups?") == number
