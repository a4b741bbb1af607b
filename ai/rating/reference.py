"""Rates an answer against reference answers, where a question has no key points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ai.embedding import Vectors, embed
from ai.rating.coverage import DOUBTFUL, IMPOSSIBLE
from ai.rating.guards import HOPELESS, text_flags
from ai.rating.matching import (
    Matches,
    Topic,
    match,
    narrowest,
    own_words,
    recall_of,
    sigmoid,
    without,
)
from ai.rating.runs import Run, Runs, runs_of
from ai.schemas import EvidenceSpan
from ai.text import clauses

OFFSET, LENGTH, WHOLE, POINTS, RECALL, OPPOSED = -1.45, 0.5, 1.17, 1.36, 1.71, -1.69
LONG_REFERENCE = 30
FAR, NEAR = 0.05, 0.3
NEGATED_SHARE, OFF_TOPIC = 0.25, 0.2
LIKELY = -1.0
CAPS = {"keyword_list": 0.4, "word_salad": 0.3}


@dataclass(frozen=True, slots=True)
class RatedText:
    """A rating of 0-1 with the words it rests on, what is odd about the text, and how sure it is (0-1)."""

    score: float
    evidence: list[EvidenceSpan]
    flags: list[str]
    confidence: float


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One reference held against the answer; shares are 0-1 of the reference's clauses by length."""

    odds: float
    nearness: float
    opposed: float
    found: list[Run]
    clearness: float


def rate_text(question: str, references: list[str], answer: str) -> RatedText:
    """Rate `answer` to `question` against `references`, each of them a full answer; the nearest counts.

    `score` is 0-1. It joins the similarity of the whole texts and the best match for each clause of the
    reference, both with the question's direction removed (question demoting: Sultan et al., NAACL 2016), with the
    recall of its rarer words; clauses that say the opposite count against it. The weights were fitted on the SAF
    and Beetle answers. Lists of terms and shuffled words are capped; a blank text, an echo of the question,
    "I don't know" and a language other than English score 0. `flags` are those of `text_flags`, `negation`
    and `off_topic`. Each piece of `evidence` is verbatim: `answer[start:end] == quote`.
    Raises `ValueError` without a reference, and `ModelFileMissing`.
    """
    given = [reference for reference in references if reference.strip()]
    if not given:
        raise ValueError("There is no reference to rate against.")
    flags = text_flags(question, answer, clauses(answer))
    runs = None if HOPELESS.intersection(flags) else runs_of(answer)
    if runs is None or not runs.runs:
        return RatedText(0.0, [], flags, 0.0 if "language" in flags else 1.0)
    topic = Topic.of(question)
    compared = [_compare(reference, runs, topic) for reference in given]
    return _rated(max(compared, key=lambda one: one.odds), answer, flags)


def _rated(best: _Comparison, answer: str, flags: list[str]) -> RatedText:
    on_topic = min(1.0, max(0.0, (best.nearness - FAR) / (NEAR - FAR)))
    score = min(sigmoid(best.odds) * on_topic, *(CAPS.get(flag, 1.0) for flag in [*flags, ""]))
    found = {
        "negation": best.opposed >= NEGATED_SHARE,
        "off_topic": score < OFF_TOPIC and not best.found,
    }
    flags = flags + [name for name, is_so in found.items() if is_so]
    doubt = 0.5 if DOUBTFUL.intersection(flags) else 1.0
    return RatedText(score, _evidence(best.found, answer), flags, best.clearness * doubt)


def _evidence(found: Sequence[Run], answer: str) -> list[EvidenceSpan]:
    places = sorted({(run.span.start, run.span.end) for run in found})
    return [{"quote": answer[start:end], "start": start, "end": end} for start, end in places]


def _compare(reference: str, runs: Runs, topic: Topic) -> _Comparison:
    points = [clause.text for clause in clauses(reference)] or [reference]
    matches = match(points, runs, topic)
    weights = np.array([len(point) for point in points], np.float32)
    weights /= weights.sum()
    opposed = np.array([_is_opposed(matches, row) for row in range(len(points))])
    nearness = float(matches.residual.max(axis=1) @ weights)
    contrary = float(weights[opposed].sum())
    odds = _odds(reference, runs, topic) + POINTS * nearness + OPPOSED * contrary
    best = np.where(opposed, IMPOSSIBLE, matches.odds.max(axis=1))
    found = [
        runs.runs[narrowest(matches.odds[row], runs.runs)] for row in np.flatnonzero(best >= LIKELY)
    ]
    clearness = float(np.abs(2 / (1 + np.exp(LIKELY - best)) - 1) @ weights)
    return _Comparison(odds, nearness, contrary, found, clearness)


def _is_opposed(matches: Matches, row: int) -> bool:
    """Tell whether the clause that matches a point best says the opposite of it."""
    singles = sum(run.first == run.last for run in matches.runs.runs)
    at = int(matches.odds[row, :singles].argmax())
    one = Matches(
        [matches.wordings[row]],
        matches.runs,
        matches.residual[[row]],
        matches.recall[[row]],
        matches.odds[[row]],
    )
    return one.is_opposed(at)


def _odds(reference: str, runs: Runs, topic: Topic) -> float:
    """Return the part of the log-odds that rests on the texts as wholes."""
    said = " ".join(run.span.text for run in runs.runs if run.first == run.last)
    pair = without(np.vstack([embed([reference], remember=True), embed([said])]), topic.direction)
    known = set[str]().union(*(run.stems for run in runs.runs))
    recall = recall_of(own_words(reference, topic), known)
    length = min(1.0, len(reference.split()) / LONG_REFERENCE)
    return OFFSET + LENGTH * length + WHOLE * _dot(pair) + RECALL * recall


def _dot(pair: Vectors) -> float:
    return float(pair[0] @ pair[1])
