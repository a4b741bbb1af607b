"""The rules of an interview: limits, budgets and when to end. Code steers; a model never does."""

from __future__ import annotations

from typing import Final, Literal

from ai import scoring
from ai.points import NO_EVENT_FLAG, best_before, level_of_states
from ai.rating.guards import is_dont_know
from ai.schemas import AnsweredTurn, AskedTurn, Evaluation, KeyPoint, PlannedQuestion
from ai.scoring import HIGHEST
from ai.state import LangGraphState
from ai.text import content_stems

LEAST_GAIN = 0.25
SAID: Final[Literal["said"]] = "said"


def current_question(state: LangGraphState) -> PlannedQuestion:
    """Return the planned question that the present turn belongs to."""
    number = state["asked"]["question_number"]
    return next(q for q in state["questions"] if q["number"] == number)


def next_planned_question(state: LangGraphState) -> PlannedQuestion:
    """Return the first question of the plan that was not asked yet."""
    return state["questions"][_asked_so_far(state)]


def questions_left(state: LangGraphState) -> int:
    """Count the planned questions that were not asked yet."""
    return len(state["questions"]) - _asked_so_far(state)


def earlier_turns(state: LangGraphState) -> list[AnsweredTurn]:
    """Return the earlier turns of the present question."""
    number = state["asked"]["question_number"]
    return [turn for turn in state["history"] if turn["asked"]["question_number"] == number]


def follow_up_due(state: LangGraphState) -> str:
    """Return the id of the key point to follow up on, or an empty string.

    A follow-up is asked only within the interview's budget and only after an answer that was given and rated. It asks for a
    point that is surely missing: not said, touched or contradicted in any answer, and not asked for before; essential
    ones come first. None is asked at level 5, for a point that cannot change the level, by words that give the point
    away, or after "I don't know" and one more.
    """
    evaluation = state.get("evaluation")
    if not evaluation or evaluation["status"] != "scored" or not may_follow_up(state):
        return ""
    if _is_best(evaluation) or any(_gave_up(turn) for turn in earlier_turns(state)):
        return ""
    question = current_question(state)
    wanted = [p for p in question["key_points"] if _is_worth_asking(p, question, state, evaluation)]
    wanted.sort(key=lambda point: not point.get("essential", False))
    return wanted[0]["id"] if wanted else ""


def _is_worth_asking(
    point: KeyPoint, question: PlannedQuestion, state: LangGraphState, evaluation: Evaluation
) -> bool:
    turns = [*earlier_turns(state), _present(state)]
    return (
        point["id"] in _surely_missing(evaluation)
        and not any(_was_dealt_with(point["id"], turn) for turn in turns)
        and not gives_away(point, question)
        and _changes_level(point["id"], question, state, evaluation)
    )


def _surely_missing(evaluation: Evaluation) -> list[str]:
    """Return the points that were surely not said; rows from before points were kept tell only what was missing."""
    if not evaluation["points"]:
        return evaluation["missing"]
    return [
        one["point"] for one in evaluation["points"] if one["state"] == "not_said" and one["sure"]
    ]


def _was_dealt_with(point: str, turn: AnsweredTurn) -> bool:
    """Tell whether a turn asked for a point, or its answer did anything with it."""
    if turn["asked"]["key_point_id"] == point:
        return True
    found = turn["evaluation"]
    if found is None:
        return False
    states = {one["point"]: one["state"] for one in found["points"]}
    return point in found["covered"] or states.get(point, "not_said") != "not_said"


def _gave_up(turn: AnsweredTurn) -> bool:
    flags = turn["evaluation"]["flags"] if turn["evaluation"] else []
    return "dont_know" in flags or is_dont_know(turn["answer"]["text"])


def _is_best(evaluation: Evaluation) -> bool:
    levels = evaluation["levels"]
    if levels is not None:
        return round(levels["best"]) >= HIGHEST
    return evaluation["score"] == scoring.level_to_score(HIGHEST)


def _changes_level(
    point: str, question: PlannedQuestion, state: LangGraphState, evaluation: Evaluation
) -> bool:
    """Tell whether saying a point, too, would raise the level of all that was said by a quarter and more."""
    so_far = best_before([*earlier_turns(state), _present(state)])
    so_far |= {
        one["point"]: one["state"] for one in evaluation["points"] if one["state"] == "contradicted"
    }
    points, no_event = question["key_points"], NO_EVENT_FLAG in evaluation["flags"]
    now, then = (
        level_of_states(points, states, {}, without_event=no_event).best
        for states in (so_far, {**so_far, point: SAID})
    )
    return then - now >= LEAST_GAIN


def gives_away(point: KeyPoint, question: PlannedQuestion) -> bool:
    """Tell whether a follow-up holds more than half of the meaningful words that its point has beyond the question."""
    idea = content_stems(point["text"]) - content_stems(question["text"])
    told = idea & content_stems(point["follow_up"])
    return len(told) > len(idea) / 2


def may_follow_up(state: LangGraphState) -> bool:
    """Tell whether a follow-up can come of the present answer: it was given, and the budget is not used up."""
    used = sum(asked["is_follow_up"] for asked in _asked_of_it(state))
    return state["answer"]["modality"] not in {"skipped", "draft"} and used < _budget(state)


def asks_follow_up(state: LangGraphState) -> bool:
    """Tell whether a follow-up comes next, which a provider may have to word; a planned question is worded already."""
    return state.get("next_step") == "follow_up"


def _budget(state: LangGraphState) -> int:
    return state["spec"]["follow_ups_per_question"]


def _asked_of_it(state: LangGraphState) -> list[AskedTurn]:
    """Return what was asked of the present question, the present turn included."""
    return [*(turn["asked"] for turn in earlier_turns(state)), state["asked"]]


def _present(state: LangGraphState) -> AnsweredTurn:
    return {
        "asked": state["asked"],
        "answer": state["answer"],
        "evaluation": state.get("evaluation"),
    }


def _asked_so_far(state: LangGraphState) -> int:
    """Questions are asked in order, so the highest number asked says how many there were."""
    numbers = [turn["asked"]["question_number"] for turn in state["history"]]
    if "asked" in state:
        numbers.append(state["asked"]["question_number"])
    return max(numbers, default=0)
