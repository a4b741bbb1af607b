"""Rates an answer against reference answers, where a question has no key points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from ai.rating.coefficients import LONG, SHORT
from ai.rating.comparison import Asked, Comparison, Said, compare
from ai.rating.coverage import DOUBTFUL
from ai.rating.guards import HOPELESS, text_flags
from ai.rating.matching import ramp, sigmoid
from ai.rating.runs import usable
from ai.schemas import EvidenceSpan
from ai.text import Clause, clauses

FAR, NEAR = 0.2, 0.4
NEGATED_SHARE, OFF_TOPIC = 0.25, 0.2
CAPS = {"keyword_list": 0.35, "word_salad": 0.3}


@dataclass(frozen=True, slots=True)
class RatedText:
    """A rating of 0-1 with the words it rests on, what is odd about the text, and how sure it is (0-1)."""

    score: float
    evidence: list[EvidenceSpan]
    flags: list[str]
    confidence: float


@dataclass(frozen=True, slots=True)
class Model:
    """Two logistic models of the features of a comparison: one for matters of few words, one for those of many.

    In between their log-odds are mixed. Each maps features, and `offset`, to weights.
    """

    short: Mapping[str, float]
    long: Mapping[str, float]

    def odds(self, comparison: Comparison) -> float:
        share = comparison.length
        return (1 - share) * _odds(self.short, comparison) + share * _odds(self.long, comparison)


def _odds(weights: Mapping[str, float], comparison: Comparison) -> float:
    features = comparison.features | {"offset": 1.0}
    return sum(weight * features[name] for name, weight in weights.items())


@dataclass(frozen=True, slots=True)
class Compared:
    """An answer held against every reference; without a comparison, one of the flags says why."""

    flags: list[str]
    comparisons: list[Comparison]


MODEL = Model(SHORT, LONG)


def rate_text(question: str, references: list[str], answer: str) -> RatedText:
    """Rate `answer` to `question` against `references`, each of them a full answer; the nearest counts.

    `score` is 0-1: two logistic models of the features of a `Comparison`, fitted by `ai.rating.fit` on the SAF and
    Beetle answers. Lists of terms and shuffled words are capped; a blank text, an echo of the question, "I don't
    know" and a language other than English score 0. `flags` are those of `text_flags`, `negation` and `off_topic`.
    Each piece of `evidence` is verbatim: `answer[start:end] == quote`.
    Raises `ValueError` without a reference, and `ModelFileMissing`.
    """
    compared = compare_all(question, references, answer)
    if not compared.comparisons:
        return RatedText(0.0, [], compared.flags, 0.0 if "language" in compared.flags else 1.0)
    best = nearest(compared, MODEL)
    score = score_of(compared, MODEL)
    flags = [*compared.flags, *_odd(best, score)]
    doubt = 0.5 if DOUBTFUL.intersection(flags) else 1.0
    return RatedText(score, _evidence(best.found, answer), flags, best.clearness * doubt)


def compare_all(question: str, references: Sequence[str], answer: str) -> Compared:
    """Hold an answer against every reference. Raises `ValueError` without one, and `ModelFileMissing`."""
    given = [reference for reference in dict.fromkeys(references) if reference.strip()]
    if not given:
        raise ValueError("There is no reference to rate against.")
    flags = text_flags(question, answer, clauses(answer))
    parts = [] if HOPELESS.intersection(flags) else list(chain.from_iterable(usable(answer)))
    if not parts:
        return Compared(flags, [])
    said, asked = Said.of(answer, parts), Asked.of(question)
    return Compared(flags, [compare(reference, said, asked) for reference in given])


def nearest(compared: Compared, model: Model) -> Comparison:
    """Return the comparison that speaks best for the answer."""
    return max(compared.comparisons, key=model.odds)


def score_of(compared: Compared, model: Model) -> float:
    """Return the score, 0-1, by a model: little if nothing is near, and capped by the flags."""
    if not compared.comparisons:
        return 0.0
    best = nearest(compared, model)
    on_topic = ramp(best.features["recall"], FAR, NEAR)
    caps = [CAPS[flag] for flag in compared.flags if flag in CAPS]
    return min([sigmoid(model.odds(best)) * on_topic, *caps])


def _odd(best: Comparison, score: float) -> list[str]:
    negated = best.features["clash"] >= NEGATED_SHARE
    lost = score < OFF_TOPIC and not best.found
    return ["negation"] * negated + ["off_topic"] * lost


def _evidence(found: Sequence[Clause], answer: str) -> list[EvidenceSpan]:
    places = sorted({(stretch.start, stretch.end) for stretch in found})
    return [{"quote": answer[start:end], "start": start, "end": end} for start, end in places]
