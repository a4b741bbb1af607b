"""What points come to over several answers."""

from __future__ import annotations

import pytest

from ai import scoring
from ai.points import (
    best_before,
    better,
    covered_and_missing,
    event_told_before,
    level_of_states,
)
from ai.rating.levels import LOWEST, NO_EVENT, Chances
from ai.schemas import AnsweredTurn, Evaluation, PointStateName
from ai.testing import make_key_point, make_planned_question
from ai.tests.loopback import asked

POINTS = [make_key_point(number) for number in (1, 2, 3)]
QUESTION = make_planned_question(points=POINTS)


def answered(*states: PointStateName, flags: tuple[str, ...] = (), score: int = 50) -> AnsweredTurn:
    evaluation: Evaluation = {
        **scoring.unanswered(QUESTION, ""),
        "score": score,
        "points": [
            {**scoring.not_said(f"k{number}"), "state": state}
            for number, state in enumerate(states, start=1)
        ],
        "flags": list(flags),
    }
    return {
        "asked": asked(QUESTION),
        "answer": {"text": "", "modality": "text"},
        "evaluation": evaluation,
    }


def old(*covered: str) -> AnsweredTurn:
    turn = answered()
    assert turn["evaluation"]
    turn["evaluation"]["covered"] = list(covered)
    return turn


def test_the_best_state_of_all_earlier_answers_counts() -> None:
    turns = [
        answered("partly", "not_said", "contradicted"),
        answered("said", "partly", "not_said"),
        answered("partly", "not_said", "not_said"),
    ]

    assert best_before(turns) == {"k1": "said", "k2": "partly"}
    assert best_before([]) == {}
    assert best_before([{**turns[0], "evaluation": None}]) == {}


def test_a_row_without_points_tells_what_was_covered() -> None:
    assert best_before([old("k2")]) == {"k2": "said"}


def test_what_was_said_before_stays_covered_unless_it_is_contradicted() -> None:
    before: dict[str, PointStateName] = {"k1": "said", "k2": "partly"}

    assert covered_and_missing(POINTS, {"k3": "said"}, before) == (["k1", "k3"], ["k2"])
    assert covered_and_missing(POINTS, {"k1": "contradicted", "k3": "said"}, before) == (
        ["k3"],
        ["k1", "k2"],
    )


def test_an_answer_that_says_nothing_covers_nothing_and_forgets_nothing() -> None:
    assert covered_and_missing(POINTS, {"k2": "partly"}, {"k1": "said"}) == ([], ["k2", "k3"])


def test_the_better_of_two_answers_counts_unless_the_later_contradicts() -> None:
    doubtful, opposite = Chances(0.4, 0, 0.1), Chances(0, 0, 0.9, is_essential=True)

    assert better("said", doubtful) == Chances(1, 0, 0)
    assert better(None, doubtful) == doubtful
    assert better("partly", Chances(0.9, 0, 0)) == Chances(0.9, 0, 0)
    assert better("said", opposite) == opposite


def test_the_level_counts_what_was_said_before_and_nothing_new_is_level_1() -> None:
    one = level_of_states(POINTS, {"k2": "said"}, {}).best
    two = level_of_states(POINTS, {"k2": "said"}, {"k1": "said"}).best

    assert LOWEST < one < two
    assert level_of_states(POINTS, {"k2": "contradicted"}, {"k1": "said"}).high == LOWEST


def test_a_story_without_an_event_is_capped() -> None:
    everything: dict[str, PointStateName] = {"k1": "said", "k2": "said", "k3": "said"}

    assert level_of_states(POINTS, everything, {}, without_event=True).high == NO_EVENT


@pytest.mark.parametrize(
    ("turn", "is_told"),
    [
        (answered("said"), True),
        (answered("said", flags=("no_event",)), False),
        (answered("not_said", score=0), False),
    ],
)
def test_an_event_was_told_before_if_a_rated_answer_did_not_lack_it(
    turn: AnsweredTurn, is_told: bool
) -> None:
    assert event_told_before([turn]) is is_told
    assert not event_told_before([])
