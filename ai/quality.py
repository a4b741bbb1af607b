"""Measures how far the embedded rater agrees with people, and what fools it; figures only, nothing is printed."""

from __future__ import annotations

import random
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ai.embedding import Vectors
from ai.rating import rate_text
from ai.rating.fit import fit
from ai.rating.graded import BEETLE, SAF, Graded
from ai.rating.reference import Compared, compare_all, score_of
from ai.text import content_stems, stem, words

Bools = NDArray[np.bool_]
SCALE = 5
CORRECT_FROM, HIGH_FROM = 0.5, 0.8
TIMED_WORDS, TIMED_RUNS = 250, 10
SHORTEST_REFERENCE = 6
AUXILIARY = re.compile(
    r"\b(is|are|was|were|can|could|will|would|should|must|may|might|has|have|had|does|do|did)\b",
    re.IGNORECASE,
)
DENIAL = re.compile(r"\b(?:not|no|never)\s+|n['’]t\b", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure beside its goal, both rounded to three places; `at_least` says on which side good lies."""

    name: str
    figure: float
    goal: float
    at_least: bool

    @property
    def is_met(self) -> bool:
        return self.figure >= self.goal if self.at_least else self.figure <= self.goal


def at_least(name: str, figure: float, goal: float) -> Measure:
    return Measure(name, round(figure, 3), goal, at_least=True)


def at_most(name: str, figure: float, goal: float) -> Measure:
    return Measure(name, round(figure, 3), goal, at_least=False)


def measures(graded: Sequence[Graded]) -> Iterator[Measure]:
    """Yield every measure in turn; agreement is measured on questions that the fit has not seen.

    Raises `ModelFileMissing`.
    """
    compared = [compare_all(row.question, row.references, row.answer) for row in graded]
    scores = scores_on_unseen_questions(graded, compared)
    yield from agreement(graded, scores)
    yield from robustness(graded)
    yield speed([row for row in graded if row.source == SAF] or list(graded))


def scores_on_unseen_questions(
    graded: Sequence[Graded], compared: Sequence[Compared]
) -> list[float]:
    """Return the score of every answer, 0-1, by a model that is fitted without the answers to its question."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(graded):
        places[row.question].append(at)
    scores = [0.0] * len(graded)
    for question, own in places.items():
        others = [at for at, row in enumerate(graded) if row.question != question]
        model = fit([graded[at] for at in others], [compared[at] for at in others])
        for at in own:
            scores[at] = score_of(compared[at], model)
    return scores


def agreement(graded: Sequence[Graded], scores: Sequence[float]) -> Iterator[Measure]:
    """Yield the measures of agreement with people that the data sets among `graded` allow."""
    grades, given = np.array([row.grade for row in graded]), np.array(scores)
    sources, labels = (
        np.array([row.source for row in graded]),
        np.array([row.label for row in graded]),
    )
    if (long := sources == SAF).any():
        r = correlation(given[long], grades[long])
        yield at_least("long course answers: r", r, 0.60)
        yield at_most("long course answers: RMSE of 5", rmse(given[long], grades[long]), 0.95)
    if (school := sources == BEETLE).any():
        is_correct = labels[school] == "correct"
        figure = macro_f1(is_correct, given[school] >= CORRECT_FROM)
        yield at_least("school science: 2-way macro F1", figure, 0.76)
        contrary = given[labels == "contradictory"]
        yield at_most("contradictory: share rated 4 and more", share(contrary >= HIGH_FROM), 0.15)


def correlation(scores: Vectors, grades: Vectors) -> float:
    """Return Pearson's r; 0 where all scores or all grades are the same."""
    if not scores.std() or not grades.std():
        return 0.0
    return float(np.corrcoef(scores, grades)[0, 1])


def rmse(scores: Vectors, grades: Vectors) -> float:
    """Return the root of the mean squared error, in points of a scale of 0-5."""
    return float(SCALE * np.sqrt(np.mean((scores - grades) ** 2)))


def macro_f1(truth: Bools, guess: Bools) -> float:
    """Return the mean of the F1 of right and of wrong answers, 0-1."""
    return statistics.mean(_f1(truth == kind, guess == kind) for kind in (True, False))


def _f1(truth: Bools, guess: Bools) -> float:
    total = int(truth.sum() + guess.sum())
    return 2 * int((truth & guess).sum()) / total if total else 0.0


def share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return sum(map(bool, found)) / len(found) if found else 0.0


def robustness(graded: Sequence[Graded]) -> Iterator[Measure]:
    """Yield what references are worth once they are spoilt: the mean of 5, and the share that is flagged.

    One reference per question, and no reference of under six words.
    """
    pairs = list({row.question: (row.question, _longest(row)) for row in graded}.values())
    pairs = [pair for pair in pairs if len(words(pair[1])) >= SHORTEST_REFERENCE]
    yield at_most("reference shuffled: mean of 5", _mean(pairs, lambda _q, text: shuffled(text)), 2)
    yield at_most("keyword list: mean of 5", _mean(pairs, lambda _q, text: keywords(text)), 2)
    yield at_most("question repeated: mean of 5", _mean(pairs, lambda question, _t: question), 1)
    flagged = share("negation" in rate_text(q, [t], negated(t)).flags for q, t in pairs)
    yield at_least("negated: share flagged", flagged, 0.7)
    falsely = share("negation" in rate_text(q, [t], t).flags for q, t in pairs)
    yield at_most("reference itself: share flagged as negated", falsely, 0.05)


def _longest(row: Graded) -> str:
    return max(row.references, key=len)


def _mean(pairs: Sequence[tuple[str, str]], spoil: Callable[[str, str], str]) -> float:
    scores = [rate_text(q, [text], spoil(q, text)).score for q, text in pairs]
    return SCALE * statistics.fmean(scores) if scores else 0.0


def shuffled(text: str) -> str:
    """Return the words of a text in an arbitrary order, the same each time."""
    mixed = text.split()
    random.Random(len(text)).shuffle(mixed)  # noqa: S311 - no secret
    return " ".join(mixed)


def keywords(text: str) -> str:
    """Return the meaningful words of a text, each once, with commas between them."""
    meaningful = content_stems(text)
    return ", ".join(dict.fromkeys(word for word in words(text) if stem(word) in meaningful))


def negated(text: str) -> str:
    """Return the opposite of each sentence: a denial is taken out or, where there is none, put in."""
    return " ".join(_denied(sentence) for sentence in SENTENCE_END.split(text.strip()))


def _denied(sentence: str) -> str:
    without, count = DENIAL.subn("", sentence)
    if count:
        return without
    denied, count = AUXILIARY.subn(r"\1 not", sentence, count=1)
    return denied if count else f"It is not true that {sentence}"


def speed(graded: Sequence[Graded]) -> Measure:
    """Return the median time of an answer of 250 words, in milliseconds, once the model is warm."""
    said = " ".join(row.answer for row in graded).split()
    times = []
    for run in range(TIMED_RUNS + 1):
        row = graded[run % len(graded)]
        start = run * TIMED_WORDS % max(1, len(said) - TIMED_WORDS)
        rate_text(row.question, row.references, row.answer)
        answer = " ".join(said[start : start + TIMED_WORDS])
        begun = time.perf_counter()
        rate_text(row.question, row.references, answer)
        times.append((time.perf_counter() - begun) * 1000)
    return at_most("time per 250 words: ms", statistics.median(times[1:]), 80)
