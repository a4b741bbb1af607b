"""The interview as a LangGraph workflow: seven nodes, pure routers, one compiled graph, no checkpointer."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import wraps
from typing import Any, Literal, TypeVar, cast, get_args, get_type_hints

from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.runnables.config import set_config_context
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime, get_runtime
from typing_extensions import TypedDict

from ai import rules, scoring
from ai.once import Once
from ai.schemas import AnsweredTurn
from ai.state import LangGraphState, Stage, WorkflowContext

T = TypeVar("T")
PATIENCE = 20.0
Entrance = Literal["initialize_session", "process_audio", "evaluate_response", "complete_interview"]
ENTRANCES: dict[Stage, Entrance] = {
    "start": "initialize_session",
    "answer": "process_audio",
    "rate": "evaluate_response",
    "complete": "complete_interview",
}


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
    if rules.asks_follow_up(state):
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


def process_audio(state: LangGraphState) -> LangGraphState:
    """Pass the words of the answer on: a recording was heard before its answer was stored, so that nothing is lost."""
    return {"transcript": state["answer"]["text"]}


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
) -> Entrance:
    """Start a session, take an answer, catch up on a rating, or close an interview before its last question."""
    return ENTRANCES[state["stage"]]


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


def given_runtime(
    function: Callable[[LangGraphState, Runtime[WorkflowContext]], T],
) -> Callable[[LangGraphState], T]:
    """Return a node or a router that needs the context as a function of the state alone."""

    @wraps(function)
    def run(state: LangGraphState) -> T:
        return function(state, get_runtime(WorkflowContext))

    return run


class Part(Runnable[LangGraphState, Any]):
    """A node or a router, for threads and for the event loop, where it runs at once unless `on_loop` says how.

    A `RunnableLambda` would do the same with callbacks for tracers, which cost a tenth of a turn.
    """

    def __init__(
        self,
        function: Callable[[LangGraphState], Any],
        on_loop: Callable[[LangGraphState], Awaitable[Any]] | None = None,
    ) -> None:
        self.function, self.on_loop, self.name = function, on_loop, function.__name__

    def invoke(
        self, input: LangGraphState, config: RunnableConfig | None = None, **_given: Any
    ) -> Any:
        return self.function(input)

    async def ainvoke(
        self, input: LangGraphState, config: RunnableConfig | None = None, **_given: Any
    ) -> Any:
        return await self.on_loop(input) if self.on_loop else self.function(input)

    @property
    def ends(self) -> list[str]:
        """The nodes that a router may choose, by its annotation."""
        return list(get_args(get_type_hints(self.function)["return"]))


class RuntimeRouter(Part):
    """A router that needs the context: LangGraph sets it for nodes only."""

    def invoke(
        self, input: LangGraphState, config: RunnableConfig | None = None, **_given: Any
    ) -> Any:
        with set_config_context(config or {}) as context:
            return context.run(self.function, input)

    async def ainvoke(
        self, input: LangGraphState, config: RunnableConfig | None = None, **_given: Any
    ) -> Any:
        return self.invoke(input, config)


def in_pool(
    node: Callable[[LangGraphState, Runtime[WorkflowContext]], LangGraphState],
    *,
    calls_provider: Callable[[LangGraphState], bool] = lambda _state: True,
) -> Part:
    """Return a node that may call a provider; on the event loop it does so in the context's pool.

    If it will call none it runs at once, so that a full pool holds up no planned question. A rating that follows the
    next question waits for a place; anything somebody waits for is refused at once.
    """

    async def on_loop(state: LangGraphState) -> LangGraphState:
        runtime = get_runtime(WorkflowContext)
        pool = runtime.context.pool
        if pool is None:
            raise ValueError("A streamed run needs a pool for its provider calls.")
        if not calls_provider(state):
            return node(state, runtime)
        patience = PATIENCE if "next_question" in state else 0.0
        return await pool.run_within(patience, node, state, runtime)

    return Part(given_runtime(node), on_loop)


@Once
def compiled_graph() -> Any:
    """Return the one compiled graph of this process, for threads and the event loop; wiring happens here alone."""
    graph = StateGraph(LangGraphState, context_schema=WorkflowContext)
    graph.add_node(in_pool(generate_questions))
    graph.add_node(in_pool(present_question, calls_provider=rules.asks_follow_up))
    graph.add_node(Part(process_audio))
    graph.add_node(in_pool(evaluate_response))
    for rule in (initialize_session, determine_next_step, complete_interview):
        graph.add_node(Part(rule))
    routers = {
        START: Part(route_stage),
        "process_audio": RuntimeRouter(given_runtime(route_answered)),
        "evaluate_response": Part(route_evaluated),
        "determine_next_step": Part(route_next),
        "present_question": Part(route_presented),
    }
    for source, router in routers.items():
        graph.add_conditional_edges(source, router, router.ends)
    graph.add_edge("initialize_session", "generate_questions")
    graph.add_edge("generate_questions", "present_question")
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
        stream = compiled_graph().astream(state, context=self.context, stream_mode="updates")
        async for update in stream:
            for changes in update.values():
                yield cast("LangGraphState", changes or {})

    @staticmethod
    def draw_mermaid() -> str:
        """Return the graph as Mermaid text, as `docs/architecture.md` shows it."""
        return str(compiled_graph().get_graph().draw_mermaid())
