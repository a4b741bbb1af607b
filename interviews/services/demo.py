"""The whole workflow for one response in one call, with a trace of every node; nothing is stored."""

from __future__ import annotations

from typing import Any

from ai.errors import BankTooSmall
from ai.masking import keep_private
from ai.schemas import InterviewSpec
from ai.state import LangGraphState, WorkflowContext
from ai.workflow import InterviewWorkflow, NodeTrace
from interviews.errors import InvalidInput
from interviews.services.cleaning import clean_answer
from interviews.services.engine import ai_service, bank_for, no_connection_held
from interviews.services.spending import metered_work
from interviews.services.states import Shape


def complete_workflow(*, spec: InterviewSpec, response_text: str) -> Shape:
    """Plan an interview, answer its first question with `response_text`, rate it and go on.

    Raises `InvalidInput` where the bank cannot fill the interview or the answer is too long.
    """
    keep_private(response_text)
    text = clean_answer(response_text)
    bank = bank_for(spec["position"], spec["language"])
    workflow = InterviewWorkflow(WorkflowContext(ai=ai_service(), bank=bank))
    state: LangGraphState = {"stage": "start", "spec": spec, "questions": []}
    try:
        with metered_work(), no_connection_held():
            state, trace = _start_and_answer(workflow, state, text)
            report = ai_service().summarize_interview(
                spec, questions=state["questions"], turns=_turns(state)
            )
    except BankTooSmall as error:
        raise InvalidInput("num_questions", str(error)) from error
    return _shape({**state, "report": report}, trace)


def _start_and_answer(
    workflow: InterviewWorkflow, state: LangGraphState, text: str
) -> tuple[LangGraphState, list[NodeTrace]]:
    begun, trace = _run(workflow, state)
    first = begun["next_question"]
    if first is None:
        raise InvalidInput("num_questions", "The interview has no questions.")
    answered: LangGraphState = {
        **begun,
        "stage": "answer",
        "asked": first,
        "answer": {"text": text, "modality": "text"},
    }
    final, more = _run(workflow, answered)
    closed, last = _closed(workflow, final)
    return closed, [*trace, *more, *last]


def _closed(
    workflow: InterviewWorkflow, state: LangGraphState
) -> tuple[LangGraphState, list[NodeTrace]]:
    """Close the interview after this one answer if there are questions left; the one that came next is still told."""
    following = state["next_question"]
    if following is None:
        return state, []
    closed, trace = _run(workflow, {**state, "stage": "complete"})
    return {**closed, "stage": state["stage"], "next_question": following}, trace


def _run(
    workflow: InterviewWorkflow, state: LangGraphState
) -> tuple[LangGraphState, list[NodeTrace]]:
    trace = list(workflow.trace(state))
    merged: Any = dict(state)
    for step in trace:
        merged.update(step["updates"])
    return merged, trace


def _turns(state: LangGraphState) -> list[Any]:
    turn = {name: state[name] for name in ("asked", "answer", "evaluation")}
    return [*state["history"], turn]


def _shape(state: LangGraphState, trace: list[NodeTrace]) -> Shape:
    return {
        "state": state,
        "trace": trace,
        "questions": [
            {name: question[name] for name in ("number", "text", "competency")}
            for question in state["questions"]
        ],
        "transcript": state["transcript"],
        "evaluation": state["evaluation"],
        "next_step": state["next_step"],
        "report": state["report"],
    }
