"""The interview as a LangGraph workflow: seven nodes, pure routers, one compiled graph, no checkpointer."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import wraps
from typing import Any, Literal, TypeVar, cast

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from typing_extensions import TypedDict

from ai import rules, scoring
from ai.once import Once
from ai.schemas import AnsweredTurn
from ai.state import LangGraphState, WorkflowContext

T = TypeVar("T")
PATIENCE = 20.0


class NodeTrace(TypedDict):
    """What one node changed, and how long it took in milliseconds."""

    node: str
    updates: dict[str, Any]
    ms: float


def initialize_session(state: LangGraphState) -> LangGraphState:
    """Begin with an empty history and whatever questions are already frozen."""
    return {"questions": state.get("questions", []), "history": [], "scores": []}


def generate_questions(state: LangGraphState, runtime: Runtime[WorkflowContext]) -> LangGraphState:
    """Plan the questions, unless the interview was published with its own."""
    if state["questions"]:
        return {}
    context = runtime.context
    planned = context.ai.generate_interview_questions(
        state["spec"], bank=context.bank, seen=context.seen
    )
    return {"questions": planned}


def present_question(state: LangGraphState, runtime: Runtime[WorkflowContext]) -> LangGraphState:
    """Put the next question: a follow-up where one is due, else the next of the plan."""
    number = len(state["history"]) + (1 if state["stage"] == "start" else 2)
    point = state.get("follow_up_key_point", "")
    if state.get("next_step") == "follow_up":
        question = rules.current_question(state)
        language = state["spec"]["language"]
        text = runtime.context.ai.write_follow_up(question, point, language=language)
    else:
        question = rules.next_planned_question(state)
        text, point = question["text"], ""
    return {
        "next_question": {
            "turn": number,
            "question_number": question["number"],
            "text": text,
            "is_follow_up": bool(point),
            "key_point_id": point,
        }
    }


def process_audio(state: LangGraphState, runtime: Runtime[WorkflowContext]) -> LangGraphState:
    """Turn the answer into text; typed words pass through as they are."""
    context = runtime.context
    if not context.audio:
        return {"transcript": state["answer"]["text"]}
    heard = context.ai.transcribe_audio_data(
        context.audio,
        language=state["spec"]["language"],
        phrases=rules.current_question(state)["terms"],
    )
    return {"transcript": heard.text, "answer": {"text": heard.text, "modality": "audio"}}


def evaluate_response(state: LangGraphState, runtime: Runtime[WorkflowContext]) -> LangGraphState:
    """Rate the answer; an outage leaves the rating pending and stops nothing."""
    spec = state["spec"]
    evaluation = runtime.context.ai.for_mode(spec["mode"]).evaluate_response(
        rules.current_question(state),
        asked=state["asked"],
        answer=state["answer"],
        earlier=rules.earlier_turns(state),
        language=spec["language"],
    )
    return {"evaluation": evaluation}


def determine_next_step(state: LangGraphState) -> LangGraphState:
    """Decide by rule: a follow-up within the budget, the next question, or the end."""
    point = rules.follow_up_due(state)
    if point:
        return {"next_step": "follow_up", "follow_up_key_point": point}
    more = rules.questions_left(state)
    return {"next_step": "continue" if more else "complete", "follow_up_key_point": ""}


def complete_interview(state: LangGraphState) -> LangGraphState:
    """Close the interview and add up what is known so far."""
    turn: AnsweredTurn = {
        "asked": state["asked"],
        "answer": state["answer"],
        "evaluation": state["evaluation"],
    }
    report = scoring.build_report(
        state["questions"], [*state["history"], turn], mode=state["spec"]["mode"]
    )
    return {"next_question": None, "report": report, "scores": report["questions"]}


def route_stage(
    state: LangGraphState,
) -> Literal["initialize_session", "process_audio", "evaluate_response"]:
    """Start a session, take an answer, or catch up on a rating."""
    if state["stage"] == "start":
        return "initialize_session"
    return "process_audio" if state["stage"] == "answer" else "evaluate_response"


def route_answered(
    state: LangGraphState, runtime: Runtime[WorkflowContext]
) -> Literal["determine_next_step", "evaluate_response"]:
    """Go on first where that is wanted, more questions are left, and the rating cannot change which comes next."""
    first = runtime.context.next_question_first and rules.questions_left(state)
    return (
        "determine_next_step" if first and not rules.may_follow_up(state) else "evaluate_response"
    )


def route_evaluated(state: LangGraphState) -> Literal["determine_next_step", "__end__"]:
    """End after a rating that follows: it changes nothing about what was asked since."""
    follows = state["stage"] == "rate" or "next_step" in state
    return "__end__" if follows else "determine_next_step"


def route_next(state: LangGraphState) -> Literal["present_question", "complete_interview"]:
    """Go on asking, or finish."""
    return "complete_interview" if state["next_step"] == "complete" else "present_question"


def route_presented(state: LangGraphState) -> Literal["evaluate_response", "__end__"]:
    """Rate the answer after the next question where it was not rated before."""
    is_rated = state["stage"] == "start" or "evaluation" in state
    return "__end__" if is_rated else "evaluate_response"


def in_pool(node: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """Return a node that may call a provider as a coroutine that runs it in the context's pool.

    Where it will call none it runs at once, so that a full pool holds up no planned question. A rating that follows the
    next question waits for a place; anything somebody waits for is refused at once.
    """

    @wraps(node)
    async def run(state: LangGraphState, runtime: Runtime[WorkflowContext]) -> LangGraphState:
        pool = runtime.context.pool
        if pool is None:
            raise ValueError("A streamed run needs a pool for its provider calls.")
        if not rules.calls_provider(node.__name__, state, has_audio=bool(runtime.context.audio)):
            return cast("LangGraphState", node(state, runtime))
        patience = PATIENCE if "next_question" in state else 0.0
        return cast("LangGraphState", await pool.run_within(patience, node, state, runtime))

    return run


def as_it_is(function: Callable[..., T]) -> Callable[..., T]:
    """Return a node or a router as it is, for views that wait."""
    return function


def at_once(function: Callable[..., T]) -> Callable[..., Awaitable[T]]:
    """Return what only computes, a node or a router, as a coroutine, so that no executor is needed for it."""

    @wraps(function)
    async def run(*args: Any, **kwargs: Any) -> T:
        return function(*args, **kwargs)

    return run


@Once
def compiled_graph(*, streamed: bool = False) -> Any:
    """Return the one compiled graph; wiring happens here and nowhere else. `streamed` wraps the same nodes for asyncio."""
    graph = StateGraph(LangGraphState, context_schema=WorkflowContext)
    calls, plain = (in_pool, at_once) if streamed else (as_it_is, as_it_is)
    for node in (generate_questions, present_question, process_audio, evaluate_response):
        graph.add_node(node.__name__, calls(node))
    for rule in (initialize_session, determine_next_step, complete_interview):
        graph.add_node(rule.__name__, plain(rule))
    graph.add_conditional_edges(START, plain(route_stage))
    graph.add_edge("initialize_session", "generate_questions")
    graph.add_edge("generate_questions", "present_question")
    graph.add_conditional_edges("process_audio", plain(route_answered))
    graph.add_conditional_edges("evaluate_response", plain(route_evaluated))
    graph.add_conditional_edges("determine_next_step", plain(route_next))
    graph.add_conditional_edges("present_question", plain(route_presented))
    graph.add_edge("complete_interview", END)
    return graph.compile()


class InterviewWorkflow:
    """Runs the graph for one step of one interview. It keeps nothing between calls."""

    def __init__(self, context: WorkflowContext) -> None:
        self.context = context

    def run(self, state: LangGraphState) -> LangGraphState:
        """Run the graph from `state["stage"]` to its end and return the final state.

        Raises `ai.errors.BankTooSmall` and `ai.errors.ProviderUnavailable` while questions are planned.
        """
        return cast("LangGraphState", compiled_graph().invoke(state, context=self.context))

    def trace(self, state: LangGraphState) -> Iterator[NodeTrace]:
        """Run the graph and yield, node by node, what changed and how many milliseconds it took."""
        begun = time.perf_counter()
        for update in compiled_graph().stream(state, context=self.context, stream_mode="updates"):
            now = time.perf_counter()
            for node, changes in update.items():
                yield {"node": node, "updates": changes or {}, "ms": round((now - begun) * 1000, 2)}
            begun = now

    def stream(self, state: LangGraphState) -> Iterator[LangGraphState]:
        """Run the graph and yield what each node changed. Raises as `run` does."""
        for update in compiled_graph().stream(state, context=self.context, stream_mode="updates"):
            for changes in update.values():
                yield cast("LangGraphState", changes or {})

    async def updates(self, state: LangGraphState) -> AsyncIterator[LangGraphState]:
        """Stream the same nodes on the event loop and yield what each changed; providers run in the context's pool.

        Raises as `run` does, and `Busy` where the pool is full.
        """
        stream = compiled_graph(streamed=True).astream(
            state, context=self.context, stream_mode="updates"
        )
        async for update in stream:
            for changes in update.values():
                yield cast("LangGraphState", changes or {})

    @staticmethod
    def draw_mermaid() -> str:
        """Return the graph as Mermaid text, as the README shows it."""
        return str(compiled_graph().get_graph().draw_mermaid())
