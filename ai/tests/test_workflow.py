"""The graph itself: its nodes, its two paths, and that it keeps nothing."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ai import rules, workflow
from ai.schemas import AnsweredTurn, AskedTurn, Modality, NextStep, PlannedQuestion
from ai.service import AIService
from ai.state import LangGraphState, WorkflowContext
from ai.testing import StubModel, make_planned_question, make_spec
from ai.workflow import InterviewWorkflow, compiled_graph

ARCHITECTURE = Path(__file__).resolve().parents[2] / "docs" / "architecture.md"
NODES = {
    "initialize_session",
    "generate_questions",
    "present_question",
    "process_audio",
    "evaluate_response",
    "determine_next_step",
    "complete_interview",
}
QUESTIONS = [make_planned_question(n) for n in (1, 2)]


def make_workflow(model: StubModel | None = None, **context: object) -> InterviewWorkflow:
    service = AIService(model=model or StubModel())
    return InterviewWorkflow(WorkflowContext(ai=service, **context))  # type: ignore[arg-type]


def asked(turn: int, question: PlannedQuestion, key_point: str = "") -> AskedTurn:
    return {
        "turn": turn,
        "question_number": question["number"],
        "text": question["text"],
        "is_follow_up": bool(key_point),
        "key_point_id": key_point,
    }


def answer_state(
    text: str,
    *,
    turn: AskedTurn | None = None,
    history: tuple[AnsweredTurn, ...] = (),
    **spec: object,
) -> LangGraphState:
    return {
        "stage": "answer",
        "spec": make_spec(**spec),
        "questions": QUESTIONS,
        "history": list(history),
        "asked": turn or asked(1, QUESTIONS[0]),
        "answer": {"text": text, "modality": "text"},
    }


def past(turn: AskedTurn, text: str) -> AnsweredTurn:
    done = make_workflow().run(answer_state(text, turn=turn))
    return {"asked": turn, "answer": done["answer"], "evaluation": done["evaluation"]}


def nodes_of(state: LangGraphState) -> list[str]:
    return [step["node"] for step in make_workflow().trace(state)]


def test_the_graph_has_the_seven_nodes_and_no_checkpointer() -> None:
    graph = compiled_graph()

    assert set(graph.nodes) - {"__start__"} == NODES
    assert graph.checkpointer is None
    assert compiled_graph() is graph


def test_the_start_path_plans_and_presents_the_first_question() -> None:
    state: LangGraphState = {"stage": "start", "spec": make_spec(), "questions": QUESTIONS}

    assert nodes_of(state) == ["initialize_session", "generate_questions", "present_question"]
    first = make_workflow().run(state)["next_question"]
    assert first == asked(1, QUESTIONS[0])


def test_the_answer_path_asks_the_next_planned_question() -> None:
    state = answer_state("k1 k2 k3")

    assert nodes_of(state) == [
        "process_audio",
        "evaluate_response",
        "determine_next_step",
        "present_question",
    ]
    assert make_workflow().run(state)["next_question"] == asked(2, QUESTIONS[1])


def test_the_last_answer_completes_with_a_report() -> None:
    history = (past(asked(1, QUESTIONS[0]), "k1 k2 k3"),)
    state = answer_state("k1 k2 k3", turn=asked(2, QUESTIONS[1]), history=history)

    done = make_workflow().run(state)

    assert nodes_of(state)[-1] == "complete_interview"
    assert done["next_question"] is None
    assert done["report"]["overall_score"] == 100
    assert [score["question_number"] for score in done["scores"]] == [1, 2]


def test_a_follow_up_goes_for_the_first_missing_point_not_yet_asked_for() -> None:
    first = past(asked(1, QUESTIONS[0]), "k1")
    follow_up = asked(2, QUESTIONS[0], "k2")

    one = make_workflow().run(answer_state("k1"))
    two = make_workflow().run(
        answer_state("no idea", turn=follow_up, history=(first,), follow_ups_per_question=2)
    )

    assert one["next_question"] is not None
    assert one["next_question"]["key_point_id"] == "k2"
    assert two["next_question"] is not None
    assert two["next_question"]["key_point_id"] == "k3"


@pytest.mark.parametrize("budget", [0, 1, 2, 3])
def test_the_budget_of_follow_ups_is_kept(budget: int) -> None:
    turn, asked_count = asked(1, QUESTIONS[0]), 0
    history: tuple[AnsweredTurn, ...] = ()
    while True:
        state = answer_state("k1", turn=turn, history=history, follow_ups_per_question=budget)
        done = make_workflow().run(state)
        following = done["next_question"]
        if following is None or not following["is_follow_up"]:
            break
        history = (*history, past(turn, "k1"))
        turn, asked_count = following, asked_count + 1

    assert asked_count == min(budget, 2)


def test_an_outage_stops_nothing_and_asks_no_follow_up() -> None:
    done = make_workflow(StubModel(is_down=True)).run(answer_state("k1"))

    assert done["evaluation"]["status"] == "pending"
    assert done["next_question"] == asked(2, QUESTIONS[1])


def test_no_follow_up_is_due_without_a_rating() -> None:
    state = answer_state("k1")
    rated = make_workflow().run(state)["evaluation"]

    assert rules.follow_up_due({**state, "evaluation": rated}) == "k2"
    assert rules.follow_up_due({**state, "evaluation": {**rated, "status": "pending"}}) == ""
    assert rules.follow_up_due(state) == ""


@pytest.mark.parametrize(
    ("modality", "may_follow"),
    [("text", True), ("audio", True), ("draft", False), ("skipped", False)],
)
def test_a_follow_up_comes_only_of_an_answer_that_was_given(
    modality: Modality, may_follow: bool
) -> None:
    state: LangGraphState = {**answer_state("k1"), "answer": {"text": "k1", "modality": modality}}

    assert rules.may_follow_up(state) is may_follow


@pytest.mark.parametrize(("step", "calls"), [("follow_up", True), ("continue", False)])
def test_a_planned_question_needs_no_provider(step: NextStep, calls: bool) -> None:
    assert rules.asks_follow_up({"next_step": step}) is calls


def test_an_interview_can_be_closed_before_its_last_question() -> None:
    answered = make_workflow().run(answer_state("k1 k2 k3"))
    state: LangGraphState = {**answered, "stage": "complete"}

    assert nodes_of(state) == ["complete_interview"]
    assert make_workflow().run(state)["report"]["questions"][0]["score"] == 100


def test_catching_up_on_a_rating_asks_nothing() -> None:
    state: LangGraphState = {**answer_state("k1 k2 k3"), "stage": "rate"}

    assert nodes_of(state) == ["evaluate_response"]


def test_a_run_is_plain_json_and_leaves_its_input_alone() -> None:
    state = answer_state("k1")
    before = json.dumps(state, sort_keys=True)

    done = make_workflow().run(state)

    assert json.loads(json.dumps(done)) == done
    assert json.dumps(state, sort_keys=True) == before


def test_a_hundred_runs_at_once_do_not_mix() -> None:
    flow = make_workflow()

    def run(number: int) -> tuple[str, str]:
        done = flow.run(answer_state(f"k1 from {number}"))
        return done["transcript"], done["evaluation"]["ratings"][0]["evidence"][0]["quote"]

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(run, range(100)))

    assert results == [(f"k1 from {number}", "k1") for number in range(100)]


def test_a_trace_names_each_node_with_its_time() -> None:
    for step in make_workflow().trace(answer_state("k1")):
        assert step["node"] in NODES
        assert step["ms"] >= 0


@pytest.mark.parametrize("step", ["follow_up", "continue"])
def test_routers_are_pure(step: str) -> None:
    state: LangGraphState = {"next_step": step}  # type: ignore[typeddict-item]

    assert workflow.route_next(state) == "present_question"
    assert workflow.route_next({"next_step": "complete"}) == "complete_interview"


def test_the_architecture_shows_the_graph_as_it_is() -> None:
    shown = ARCHITECTURE.read_text(encoding="utf-8").split("```mermaid\n")[1].split("```")[0]

    assert shown.strip() == InterviewWorkflow.draw_mermaid().strip()
