"""Rates an answer against reference answers, if a question has no key points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ai.rating.guards import HOPELESS, text_flags
from ai.rating.levels import HIGHEST, LOWEST
from ai.rating.reading import AnswerReading, PointState, read_answer
from ai.schemas import EvidenceSpan
from ai.text import clauses, sentences

SHORTEST_CLAIM, MOST_CLAIMS = 4, 12
CAP = 0.3


@dataclass(frozen=True, slots=True)
class RatedText:
    """A rating of 0-1 with the words it rests on, what is odd about the text, and how sure it is (0-1)."""

    score: float
    evidence: list[EvidenceSpan]
    flags: list[str]
    confidence: float


def rate_text(question: str, references: Sequence[str], answer: str) -> RatedText:
    """Rate `answer` to `question` against `references`, each of them a full answer; the nearest counts.

    The sentences of a reference are read for like key points, see `read_answer`; `score` is its level as 0-1. A blank
    text, an echo of the question, "I don't know" and a language other than English score 0, a list of terms at most
    0.3. `flags` are those of `text_flags`, and `negation` if the answer contradicts a reference. Each piece of
    `evidence` is verbatim: `answer[start:end] == quote`. Raises `ValueError` without a reference, and
    `ModelFileMissing`.
    """
    given = [reference for reference in dict.fromkeys(references) if reference.strip()]
    if not given:
        raise ValueError("There is no reference to rate against.")
    flags = text_flags(question, answer, clauses(answer))
    if HOPELESS.intersection(flags):
        return RatedText(0.0, [], flags, 0.0 if "language" in flags else 1.0)
    readings = [_read(question, reference, answer) for reference in given]
    best = max(readings, key=lambda reading: reading.level)
    score = (best.level - LOWEST) / (HIGHEST - LOWEST)
    if "keyword_list" in flags:
        score = min(score, CAP)
    opposed = any(point.state is PointState.CONTRADICTED for point in best.points)
    confidence = max(0.0, 1 - (best.high - best.low) / (HIGHEST - LOWEST))
    return RatedText(
        score, _evidence(best), [*flags, *(["negation"] if opposed else [])], confidence
    )


def _read(question: str, reference: str, answer: str) -> AnswerReading:
    return read_answer(question, claims(reference), answer, question_type="technical")


def claims(reference: str) -> list[str]:
    """Return what a reference answer claims: its sentences of four words and more, or all of it."""
    found = [sentence.text for sentence in sentences(reference)]
    return [text for text in found if len(text.split()) >= SHORTEST_CLAIM][:MOST_CLAIMS] or [
        reference
    ]


def _evidence(reading: AnswerReading) -> list[EvidenceSpan]:
    carried = (PointState.SAID, PointState.PARTLY)
    places = sorted({(p.start, p.end, p.quote) for p in reading.points if p.state in carried})
    return [{"quote": quote, "start": start, "end": end} for start, end, quote in places]
