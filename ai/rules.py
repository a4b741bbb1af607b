"""The rules of an interview: limits, budgets and when to end. Code steers; a model never does."""

from __future__ import annotations

from ai.schemas import AnsweredTurn, AskedTurn, PlannedQuestion
from ai.state import LangGraphState


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

    A follow-up is asked only within the interview's budget, only after an answer that was given and
    rated, and only for a missing key point that was neither covered nor asked for before.
    """
    evaluation = state.get("evaluation")
    if not evaluation or evaluation["status"] != "scored" or not may_follow_up(state):
        return ""
    done = {asked["key_point_id"] for asked in _asked_of_it(state)}
    done |= {point for turn in earlier_turns(state) for point in _covered(turn)}
    return next((point for point in evaluation["missing"] if point not in done), "")


def may_follow_up(state: LangGraphState) -> bool:
    """Tell whether a follow-up can come of the present answer: it was given, and the budget is not used up."""
    used = sum(asked["is_follow_up"] for asked in _asked_of_it(state))
    return state["answer"]["modality"] not in {"skipped", "draft"} and used < _budget(state)


def calls_provider(node: str, state: LangGraphState, *, has_audio: bool) -> bool:
    """Tell whether a node will call a provider in this state; a planned question and typed words need none."""
    if node == "present_question":
        return state.get("next_step") == "follow_up"
    return has_audio if node == "process_audio" else True


def _covered(turn: AnsweredTurn) -> list[str]:
    return turn["evaluation"]["covered"] if turn["evaluation"] else []


def _budget(state: LangGraphState) -> int:
    return state["spec"]["follow_ups_per_question"]


def _asked_of_it(state: LangGraphState) -> list[AskedTurn]:
    """Return what was asked of the present question, the present turn included."""
    return [*(turn["asked"] for turn in earlier_turns(state)), state["asked"]]


def _asked_so_far(state: LangGraphState) -> int:
    """Questions are asked in order, so the highest number asked says how many there were."""
    numbers = [turn["asked"]["question_number"] for turn in state["history"]]
    if "asked" in state:
        numbers.append(state["asked"]["question_number"])
    return max(numbers, default=0)
