"""When a follow-up is asked, and for what: only for what is surely missing and would change the level."""

from __future__ import annotations

import pytest

from ai import rules, scoring
from ai.rules import follow_up_due, gives_away
from ai.schemas import (
    AnsweredTurn,
    AskedTurn,
    Evaluation,
    KeyPoint,
    PlannedQuestion,
    PointFinding,
    PointStateName,
)
from ai.state import LangGraphState
from ai.testing import make_key_point, make_planned_question, make_spec

QUESTION = make_planned_question(points=[make_key_point(number) for number in (1, 2, 3, 4)])
SAID, PARTLY, NOT_SAID, CONTRADICTED = "said", "partly", "not_said", "contradicted"
UNSURE = "unsure"


def finding(point: str, state: str) -> PointFinding:
    """Return a finding whose words are the whole answer; `unsure` is not said, and not surely."""
    known: PointStateName = "not_said" if state == UNSURE else state  # type: ignore[assignment]
    found = scoring.not_said(point)
    return {**found, "state": known, "sure": state != UNSURE}


def evaluated(*states: str, level: float = 2.5, flags: tuple[str, ...] = ()) -> Evaluation:
    """Return a rating that found the points k1, k2 and so on in these states."""
    points = [finding(f"k{number}", state) for number, state in enumerate(states, start=1)]
    said = [one["point"] for one in points if one["state"] == SAID]
    return {
        **scoring.unanswered(QUESTION, ""),
        "levels": {"best": level, "low": level, "high": level},
        "score": round(scoring.level_to_score(level)),
        "points": points,
        "covered": said,
        "missing": [f"k{n}" for n in range(1, len(states) + 1) if f"k{n}" not in said],
        "flags": list(flags),
    }


def asked(turn: int, point: str = "") -> AskedTurn:
    return {
        "turn": turn,
        "question_number": 1,
        "text": QUESTION["text"],
        "is_follow_up": bool(point),
        "key_point_id": point,
    }


def past(evaluation: Evaluation, *, point: str = "", text: str = "Some words.") -> AnsweredTurn:
    return {
        "asked": asked(1, point),
        "answer": {"text": text, "modality": "text"},
        "evaluation": evaluation,
    }


def due(
    evaluation: Evaluation,
    *history: AnsweredTurn,
    question: PlannedQuestion = QUESTION,
    text: str = "Some words.",
    point: str = "",
    budget: int = 3,
) -> str:
    state: LangGraphState = {
        "stage": "answer",
        "spec": make_spec(follow_ups_per_question=budget),
        "questions": [question],
        "history": list(history),
        "asked": asked(2, point),
        "answer": {"text": text, "modality": "text"},
        "evaluation": evaluation,
    }
    return follow_up_due(state)


def test_the_first_point_that_is_surely_missing_is_asked_for() -> None:
    assert due(evaluated(SAID, NOT_SAID, SAID, NOT_SAID)) == "k2"


@pytest.mark.parametrize("state", [SAID, PARTLY, CONTRADICTED, UNSURE])
def test_a_point_that_was_said_touched_contradicted_or_is_unsure_is_not_asked_for(
    state: str,
) -> None:
    assert due(evaluated(SAID, state, NOT_SAID, SAID)) == "k3"
    assert due(evaluated(SAID, state, SAID, SAID)) == ""


def test_an_essential_point_is_asked_for_first() -> None:
    essential: KeyPoint = {**QUESTION["key_points"][3], "essential": True}
    question: PlannedQuestion = {
        **QUESTION,
        "key_points": [*QUESTION["key_points"][:3], essential],
    }

    assert due(evaluated(SAID, NOT_SAID, NOT_SAID, NOT_SAID), question=question) == "k4"
    assert due(evaluated(SAID, NOT_SAID, NOT_SAID, SAID), question=question) == "k2"


@pytest.mark.parametrize("state", [SAID, PARTLY, CONTRADICTED])
def test_what_an_earlier_answer_dealt_with_is_not_asked_for(state: str) -> None:
    before = past(evaluated(state, NOT_SAID, NOT_SAID, NOT_SAID))

    assert due(evaluated(NOT_SAID, SAID, NOT_SAID, NOT_SAID), before, point="k2") == "k3"


def test_no_point_is_asked_for_twice() -> None:
    first = past(evaluated(SAID, NOT_SAID, NOT_SAID, NOT_SAID))
    second = past(evaluated(NOT_SAID, NOT_SAID, NOT_SAID, NOT_SAID), point="k2")

    found = due(evaluated(NOT_SAID, NOT_SAID, NOT_SAID, NOT_SAID), first, second, point="k3")

    assert found == "k4"


@pytest.mark.parametrize(("level", "point"), [(5.0, ""), (4.6, ""), (4.4, "k4")])
def test_at_level_5_nothing_more_is_asked(level: float, point: str) -> None:
    assert due(evaluated(SAID, SAID, SAID, NOT_SAID, level=level)) == point


def test_a_point_that_cannot_change_the_level_is_not_asked_for() -> None:
    opposite = evaluated(CONTRADICTED, CONTRADICTED, CONTRADICTED, NOT_SAID, level=1.0)
    story = evaluated(SAID, SAID, SAID, NOT_SAID, level=2.0, flags=("no_event",))

    assert due(opposite) == ""
    assert due(story) == ""
    assert due({**story, "flags": []}) == "k4"


@pytest.mark.parametrize(
    ("text", "flags"), [("I don't know.", ()), ("Keine Ahnung.", ("dont_know",))]
)
def test_after_i_do_not_know_there_is_one_follow_up_at_most(
    text: str, flags: tuple[str, ...]
) -> None:
    nothing = evaluated(NOT_SAID, NOT_SAID, NOT_SAID, NOT_SAID, level=1.0, flags=flags)
    something = evaluated(NOT_SAID, SAID, NOT_SAID, NOT_SAID)

    assert due(nothing, text=text) == "k1"
    assert due(nothing, past(something), text=text, point="k1") == "k3"
    assert due(something, past(nothing, text=text), point="k1") == ""


def test_a_follow_up_that_gives_its_point_away_is_not_asked() -> None:
    told: KeyPoint = {
        **make_key_point(1, "The copies are encrypted"),
        "follow_up": "Are the copies encrypted?",
    }
    neutral: KeyPoint = {**make_key_point(2, "Restoring is tested"), "follow_up": "And what then?"}
    question = make_planned_question(points=[told, neutral])

    assert gives_away(told, question)
    assert not gives_away(neutral, question)
    assert due(evaluated(NOT_SAID, NOT_SAID), question=question) == "k2"


def test_words_of_the_question_give_nothing_away() -> None:
    point: KeyPoint = {
        **make_key_point(1, "A backup is restored as a drill"),
        "follow_up": "How do you know that a backup works?",
    }
    question: PlannedQuestion = {
        **make_planned_question(points=[point]),
        "text": "How would you back up data, and what makes a backup work?",
    }

    assert not gives_away(point, question)


def test_a_row_from_before_points_were_kept_tells_what_is_missing() -> None:
    old: Evaluation = {**evaluated(SAID, NOT_SAID, NOT_SAID, SAID), "points": [], "levels": None}
    before = past({**old, "covered": ["k2"]})

    assert due(old) == "k2"
    assert due(old, before, point="k1") == "k3"


@pytest.mark.parametrize("budget", [0, 1])
def test_the_budget_is_kept(budget: int) -> None:
    before = past(evaluated(SAID, NOT_SAID, NOT_SAID, NOT_SAID))
    now = evaluated(SAID, NOT_SAID, NOT_SAID, NOT_SAID)

    assert bool(due(now, budget=budget)) is bool(budget)
    assert due(now, before, point="k2", budget=budget) == ""


def test_what_is_not_rated_asks_for_nothing() -> None:
    assert due(scoring.unrated("pending", "")) == ""
    assert due(scoring.unrated("not_scored", "")) == ""


def test_the_bar_for_a_change_is_a_quarter_of_a_level() -> None:
    many = make_planned_question(points=[make_key_point(number) for number in range(1, 25)])
    states = [SAID] * 12 + [NOT_SAID] * 12

    assert rules.LEAST_GAIN == 0.25
    assert due(evaluated(*states), question=many) == ""
