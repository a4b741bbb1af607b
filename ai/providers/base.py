"""One small protocol per job a provider can do."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
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
    """Plans questions, judges answers, words follow-ups and summaries. It never decides what happens next.

    `writes_questions` is False if it chooses them from the bank, and so reads no job description; `languages` are those
    whose answers it rates.
    """

    name: str
    writes_questions: bool
    languages: frozenset[str]

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

    def write_follow_up(
        self, question: PlannedQuestion, key_point: KeyPoint, *, language: str = "en"
    ) -> str:
        """Word a follow-up in `language` that asks for `key_point` without giving it away."""

    def write_summary(
        self, spec: InterviewSpec, report: Report, turns: Sequence[AnsweredTurn]
    ) -> str:
        """Describe a finished report in a few sentences; figures come from `report` alone."""


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One word, with its place in the recording in seconds and how sure the recogniser is, 0 to 1."""

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard. `language` is the code that was used or found, `confidence` the mean over the words.

    `speech` tells when somebody speaks, in seconds from the beginning and in order; it is empty if that is not known.
    """

    text: str
    language: str
    duration_seconds: float
    words: tuple[HeardWord, ...] = ()
    confidence: float = 0.0
    speech: tuple[tuple[float, float], ...] = ()

    @property
    def nothing_heard(self) -> bool:
        """Tell that nobody spoke: ask again, never score it."""
        return not self.text


class SpeechToText(Protocol):
    """Turns recorded speech into words."""

    name: str

    def listen(self, audio: bytes, *, language: str, phrases: Sequence[str]) -> Transcript:
        """Return what was said; `phrases` are terms to expect.

        Raises `AudioUnreadable`, `AudioTooLong`, `NoSpeechProvider`, and `ProviderUnavailable` on an outage.
        """

    def live(self, *, language: str, phrases: Sequence[str]) -> GrowingTranscript:
        """Begin the transcript of a recording that is still being made."""


class GrowingTranscript(Protocol):
    """The transcript of a recording while it is being made."""

    def feed(self, recording: bytes) -> str:
        """Take the recording so far, from its first byte, and return the text so far. Raises `AudioTooLong`."""

    def finish(self, recording: bytes) -> Transcript:
        """Take the whole recording and return its transcript; raises as `SpeechToText.listen`."""


class TextToSpeech(Protocol):
    """Reads a question aloud."""

    name: str
    media_type: str

    def speak(self, text: str, *, language: str) -> bytes:
        """Return `text` as sound of `media_type`. Raises `ProviderUnavailable`."""
