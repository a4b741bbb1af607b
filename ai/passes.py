"""Rates one answer several times side by side: a small LangGraph of its own that fans out and gathers."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import Send
from typing_extensions import TypedDict

from ai.once import Once
from ai.schemas import Evaluation


@dataclass(frozen=True, slots=True)
class Raters:
    """How often to rate, and what rates once, given the number of the pass."""

    count: int
    rate: Callable[[int], Evaluation]


class Sent(TypedDict):
    """Which pass this is, from 0."""

    number: int


class Passes(TypedDict):
    """What the passes found, in the order they were sent."""

    evaluations: Annotated[list[Evaluation], operator.add]


def fan_out(state: Passes, runtime: Runtime[Raters]) -> list[Send]:
    """Send one pass per rater; they run at the same time and know nothing of each other."""
    return [Send("rate_once", {"number": number}) for number in range(runtime.context.count)]


def rate_once(state: Sent, runtime: Runtime[Raters]) -> Passes:
    return {"evaluations": [runtime.context.rate(state["number"])]}


@Once
def compiled_passes() -> Any:
    graph = StateGraph(Passes, context_schema=Raters)
    graph.add_node(rate_once)
    graph.add_conditional_edges(START, fan_out, ["rate_once"])
    graph.add_edge("rate_once", END)
    return graph.compile()


def independent(rate: Callable[[int], Evaluation], *, count: int) -> list[Evaluation]:
    """Return what `count` independent passes of `rate` find, each told its number from 0; takes about as long as one."""
    if count == 1:
        return [rate(0)]
    found = compiled_passes().invoke({"evaluations": []}, context=Raters(count, rate))
    return list(found["evaluations"])
