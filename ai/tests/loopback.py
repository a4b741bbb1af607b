"""A language model over a real SDK and a server on this machine, impatient so that tests stay quick."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ai.calling import Caller, Completer, Limits, MemoryStore, Store
from ai.calling.caller import Clock
from ai.providers.gemini import Gemini
from ai.providers.genai import GenAI
from ai.providers.langchain import LangChain
from ai.providers.language_model import LanguageModel
from ai.schemas import AskedTurn, PlannedQuestion
from ai.service import AIService
from lab.loopback.http import Answerer, LoopbackModel, model_server
from lab.loopback.replies import good_reply

QUICK = Limits(timeout=1.0, budget=1.25, shortest=0.05, jitter=(0.005, 0.01))
ADAPTERS: dict[str, Callable[[str], Completer]] = {
    "gemini": lambda url: Gemini(model="gemini-main", api_key="key", endpoint=url),
    "genai": lambda url: GenAI(model="gemini-main", api_key="key", endpoint=url),
    "langchain": lambda url: LangChain(model="openai:main", api_key="key", endpoint=f"{url}/v1"),
}
WORDS = "I would look at the query plan first and then add an index."


@dataclass(frozen=True, slots=True)
class Line:
    """A model at the other end of the line, and the service that talks to it."""

    model: LoopbackModel
    service: AIService
    caller: Caller
    url: str


@contextmanager
def line(
    adapter: str = "gemini",
    *,
    answer: Answerer = good_reply,
    limits: Limits = QUICK,
    store: Store | None = None,
    clock: Clock | None = None,
    **behaviour: Any,
) -> Iterator[Line]:
    model = LoopbackModel(answer=answer, **{"stall": 2.5, **behaviour})
    with model_server(model) as url:
        caller = Caller([ADAPTERS[adapter](url)], store or MemoryStore(), limits, clock or Clock())
        yield Line(model, AIService(LanguageModel(caller, adapter)), caller, url)


def asked(question: PlannedQuestion, *, point: str = "") -> AskedTurn:
    return {
        "turn": 1,
        "question_number": question["number"],
        "text": question["text"] if not point else f"And {point}?",
        "is_follow_up": bool(point),
        "key_point_id": point,
    }
