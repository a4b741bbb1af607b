"""Helpers for tests and benchmarks of other apps: hand-made questions, and a model that costs nothing."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from ai.errors import BankTooSmall, ProviderUnavailable
from ai.planning import planned_from_bank
from ai.providers.base import HeardWord, Transcript
from ai.schemas import (
    AnsweredTurn,
    AskedTurn,
    BankItem,
    InterviewSpec,
    KeyPoint,
    PlannedQuestion,
    PointStateName,
    Provenance,
    ProviderEvaluation,
    ProviderPoint,
    ProviderRating,
    Report,
)


def make_key_point(number: int, text: str = "") -> KeyPoint:
    return {
        "id": f"k{number}",
        "text": text or f"Key point {number}",
        "follow_up": f"What about point {number}?",
    }


def make_planned_question(
    number: int = 1, *, competency: str = "Databases", points: Sequence[KeyPoint] = ()
) -> PlannedQuestion:
    return {
        "number": number,
        "bank_id": f"question-{number}",
        "text": f"Question {number}?",
        "competency": competency,
        "question_type": "technical",
        "difficulty": "medium",
        "reference_answer": "",
        "key_points": list(points) or [make_key_point(n) for n in (1, 2, 3)],
        "anchors": {"1": "Nothing", "3": "Some", "5": "All"},
        "terms": [],
        "time_limit_seconds": 180,
    }


def make_spec(**changes: object) -> InterviewSpec:
    spec: InterviewSpec = {
        "position": "Software engineer",
        "interview_type": "technical",
        "difficulty": "medium",
        "num_questions": 2,
        "mode": "practice",
        "language": "en",
        "job_description": "",
        "follow_ups_per_question": 1,
        "seed": "seed",
    }
    spec.update(changes)  # type: ignore[typeddict-item]
    return spec


@dataclass
class StubModel:
    """Covers a key point where the answer holds its id; takes `delay` seconds, fails while `is_down`."""

    name: str = "stub"
    delay: float = 0.0
    is_down: bool = False
    calls: list[str] = field(default_factory=list)
    languages: frozenset[str] = frozenset({"en", "de", "es", "fr"})

    writes_questions = False

    def plan_questions(
        self, spec: InterviewSpec, *, bank: Sequence[BankItem], seen: Collection[str]
    ) -> list[PlannedQuestion]:
        self._work("plan")
        if len(bank) < spec["num_questions"]:
            raise BankTooSmall(f"The bank holds {len(bank)} questions.")
        chosen = sorted(bank, key=lambda item: item["id"] in seen)[: spec["num_questions"]]
        return [planned_from_bank(number, item) for number, item in enumerate(chosen, start=1)]

    def evaluate(
        self,
        question: PlannedQuestion,
        *,
        asked: AskedTurn,
        answer: str,
        earlier: Sequence[AnsweredTurn],
        language: str,
    ) -> ProviderEvaluation:
        self._work(f"evaluate {asked['turn']}")
        ids = [point["id"] for point in question["key_points"]]
        covered = [point for point in ids if point in answer]
        level = 1 + round(4 * len(covered) / len(ids))
        rating: ProviderRating = {
            "criterion": question["competency"],
            "score": level,
            "quotes": covered,
            "rationale": f"Covered {len(covered)} of {len(ids)}.",
        }
        return {
            "ratings": [rating],
            "points": [_found(point, is_said=point in covered) for point in ids],
            "levels": {"best": float(level), "low": float(level), "high": float(level)},
            "sure": True,
            "covered": covered,
            "missing": [point for point in ids if point not in covered],
            "feedback": "Noted.",
            "flags": [],
            "confidence": 1.0,
            "provenance": _provenance(self.name),
        }

    def write_follow_up(
        self, question: PlannedQuestion, key_point: KeyPoint, *, language: str = "en"
    ) -> str:
        return key_point["follow_up"]

    def write_summary(
        self, spec: InterviewSpec, report: Report, turns: Sequence[AnsweredTurn]
    ) -> str:
        return "Done."

    def _work(self, call: str) -> None:
        self.calls.append(call)
        time.sleep(self.delay)
        if self.is_down:
            raise ProviderUnavailable("The stub is down.")


def _found(point: str, *, is_said: bool) -> ProviderPoint:
    state: PointStateName = "said" if is_said else "not_said"
    return {"point": point, "state": state, "sure": True, "quote": point if is_said else ""}


def _provenance(provider: str) -> Provenance:
    return {
        "provider": provider,
        "model": "stub-1",
        "prompt_version": "",
        "rubric_version": "stub-1",
        "input_tokens": 0,
        "output_tokens": 0,
        "latency_ms": 0,
    }


@dataclass
class StubEar:
    """Hears the words that a recording holds after its first bytes, as text; nothing heard where there are none.

    `speech` is when somebody speaks in each recording, in seconds.
    """

    name: str = "stub"
    delay: float = 0.0
    is_down: bool = False
    calls: list[str] = field(default_factory=list)
    speech: tuple[tuple[float, float], ...] = ()

    def listen(self, audio: bytes, *, language: str, phrases: Sequence[str]) -> Transcript:
        return self.finish(audio)

    def live(self, *, language: str, phrases: Sequence[str]) -> StubEar:
        self.calls.append(f"live {language} {','.join(phrases)}")
        return self

    def feed(self, recording: bytes) -> str:
        return _words_in(recording)

    def finish(self, recording: bytes) -> Transcript:
        self.calls.append("finish")
        time.sleep(self.delay)
        if self.is_down:
            raise ProviderUnavailable("The stub's ear is down.")
        text = _words_in(recording)
        words = tuple(HeardWord(word, 0.0, 0.1, 0.9) for word in text.split())
        sure = 0.9 if words else 0.0
        return Transcript(text, "en", len(recording) / 10, words, sure, self.speech)


WEBM = b"\x1aE\xdf\xa3"


def make_recording(words: str) -> bytes:
    """Return what `StubEar` hears as `words`, with the first bytes of a WebM file."""
    return WEBM + words.encode()


def _words_in(recording: bytes) -> str:
    return recording.removeprefix(WEBM).decode("utf-8", "ignore")


def make_bank_item(name: str = "q1") -> BankItem:
    return {
        "id": name,
        "position": "software-engineer",
        "position_names": ["Software engineer"],
        "question_type": "technical",
        "difficulty": "medium",
        "language": "en",
        "competency": "Databases",
        "text": f"What about {name}?",
        "adaptable": False,
        "reference_answer": "",
        "key_points": [make_key_point(n) for n in (1, 2, 3)],
        "anchors": {"1": "Nothing", "3": "Some", "5": "All"},
        "terms": [],
        "time_limit_seconds": 180,
    }
