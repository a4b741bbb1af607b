"""One small protocol per job a provider can do."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from ai.schemas import (
    AnsweredTurn,
    AskedTurn,
    BankItem,
    InterviewSpec,
    KeyPoint,
    PlannedQuestion,
    ProviderEvaluation,
    Report,
)


class InterviewModel(Protocol):
    """Plans questions, judges answers, words follow-ups and summaries. It never decides what happens next."""

    name: str

    def plan_questions(
        self, spec: InterviewSpec, *, bank: Sequence[BankItem], seen: Collection[str]
    ) -> list[PlannedQuestion]:
        """Plan `spec["num_questions"]` questions, avoiding the bank ids in `seen` while others are left.

        Raises `BankTooSmall` where the bank cannot fill the interview, `ProviderUnavailable` on an outage.
        """

    def evaluate(
        self,
        question: PlannedQuestion,
        *,
        asked: AskedTurn,
        answer: str,
        earlier: Sequence[AnsweredTurn],
        language: str,
    ) -> ProviderEvaluation:
        """Judge one answer; `earlier` holds the earlier turns of the same question.

        Raises `ProviderUnavailable` on an outage and `CannotRate` where no retry will help.
        """

    def write_follow_up(self, question: PlannedQuestion, key_point: KeyPoint) -> str:
        """Word a follow-up that asks for `key_point` without giving it away."""

    def write_summary(
        self, spec: InterviewSpec, report: Report, turns: Sequence[AnsweredTurn]
    ) -> str:
        """Describe a finished report in a few sentences; figures come from `report` alone."""


class SpeechToText(Protocol):
    """Turns recorded speech into words."""

    name: str

    def transcribe(self, audio: bytes, *, language: str, phrases: Sequence[str]) -> str:
        """Return what was said; raises `ProviderUnavailable` on an outage."""
