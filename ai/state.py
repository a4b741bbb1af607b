"""What travels through the graph: plain JSON-safe data, built from rows for one run and thrown away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

from typing_extensions import TypedDict

from ai.pool import ProviderPool
from ai.schemas import (
    AnsweredTurn,
    AskedTurn,
    BankItem,
    Evaluation,
    GivenAnswer,
    InterviewSpec,
    NextStep,
    PlannedQuestion,
    QuestionScore,
    Report,
)
from ai.service import AIService

Stage = Literal["start", "answer", "rate", "complete"]


class LangGraphState(TypedDict, total=False):
    """Configuration, plan, history, scores and intermediate results of one run of the graph."""

    stage: Stage
    spec: InterviewSpec
    questions: list[PlannedQuestion]
    history: list[AnsweredTurn]
    asked: AskedTurn
    answer: GivenAnswer
    transcript: str
    evaluation: Evaluation
    scores: list[QuestionScore]
    next_step: NextStep
    follow_up_key_point: str
    next_question: AskedTurn | None
    report: Report


@dataclass(frozen=True, slots=True)
class WorkflowContext:
    """What a run needs beside its state: the services, and the bank that questions come from.

    With `next_question_first`, the next planned question comes before the rating where no follow-up can come of it.
    `pool` is where providers are called when the graph is streamed.
    """

    ai: AIService
    bank: Sequence[BankItem] = ()
    seen: Collection[str] = field(default_factory=frozenset)
    next_question_first: bool = False
    pool: ProviderPool | None = None
