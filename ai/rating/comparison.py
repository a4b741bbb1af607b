"""Holds an answer against one reference answer: seven figures that a person can check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ai.embedding import Vectors, embed
from ai.rating.coefficients import DIRECTIONS
from ai.rating.matching import Matches, Topic, match, narrowest, own_words, without
from ai.rating.polarity import conflict
from ai.rating.runs import Run, Runs, mean_of
from ai.rating.words import names, recall
from ai.text import clauses, content_stems, sentences, words

FEATURES = tuple(DIRECTIONS)
SHORT, LONG = 8, 24
UNLIKE, ALIKE = 0.3, 0.5
CLASHING = 0.5
LIKELY = -1.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """What speaks for an answer and against it, by one reference; all shares are 0-1.

    `features` are the figures of `FEATURES`, in that order:
    `coverage` the best match in the answer for each clause of the reference, by length, and `whole` that of the texts as
    wholes (an answer's is the mean of its clauses', so that none is cut at 256 tokens), both as cosines with the question's direction removed (question demoting: Sultan et al., NAACL 2016);
    `words` the share of the reference's words that return, `rare_words` the same beyond the question's words and by
    rarity; `clash` is `opposed` in a matter of few words: in long ones it says nothing about the grade; `missing_names` that of its numbers and
    letters which the answer leaves out; `long` whether this is a matter of up to 8 words (0) or of
    24 and more (1), because in a narrow matter being similar proves less.
    `opposed` is the share of the reference's sentences whose best match says the opposite: a clause alone may lose its "not".
    """

    features: Vectors
    opposed: float
    found: list[Run]
    clearness: float

    def __getitem__(self, name: str) -> float:
        return float(self.features[FEATURES.index(name)])


def compare(reference: str, runs: Runs, topic: Topic) -> Comparison:
    """Compare one reference with the stretches of an answer."""
    points = [clause.text for clause in clauses(reference)] or [reference]
    matches = match(points, runs, topic)
    weights = np.array([len(point) for point in points], np.float32)
    weights /= weights.sum()
    singles = [run for run in runs.runs if run.first == run.last]
    clashes = _clashes(points, singles, runs)
    opposed = _opposed(reference, runs)
    figures = _of_wholes(reference, singles, runs, topic)
    figures["coverage"] = float(matches.residual.max(axis=1) @ weights)
    figures["clash"] = opposed * (1 - figures["long"])
    found, clearness = _evidence(matches, weights, clashes)
    return Comparison(
        np.array([figures[name] for name in FEATURES], np.float32), opposed, found, clearness
    )


def _of_wholes(
    reference: str, singles: Sequence[Run], runs: Runs, topic: Topic
) -> dict[str, float]:
    said = " ".join(run.span.text for run in singles)
    stems = set[str]().union(*(run.stems for run in singles))
    pair = np.vstack(
        [embed([reference], remember=True), mean_of(singles, runs.vectors[: len(singles)])]
    )
    first, second = without(pair, topic.direction)
    wanted = names(reference)
    length = max(len(words(reference)), len(words(said)))
    return {
        "whole": float(first @ second),
        "words": recall(dict.fromkeys(content_stems(reference), 1.0), stems),
        "rare_words": recall(own_words(reference, topic), stems),
        "missing_names": len(wanted - names(said)) / max(1, len(wanted)),
        "long": min(1.0, max(0.0, (length - SHORT) / (LONG - SHORT))),
    }


def _opposed(reference: str, runs: Runs) -> float:
    whole = [sentence.text for sentence in sentences(reference)] or [reference]
    lengths = np.array([len(sentence) for sentence in whole], np.float32)
    return float(_clashes(whole, runs.runs, runs) @ lengths / lengths.sum())


def _clashes(points: Sequence[str], among: Sequence[Run], runs: Runs) -> Vectors:
    """Return for each stretch of the reference how far, 0-1, its best match among the first of the runs says the opposite."""
    cosines = embed(points, remember=True) @ runs.vectors[: len(among)].T
    best = cosines.argmax(axis=1)
    alike = np.clip((cosines.max(axis=1) - UNLIKE) / (ALIKE - UNLIKE), 0, 1)
    said = [
        conflict(point, among[at].span.text) if near else 0.0
        for point, at, near in zip(points, best.tolist(), alike.tolist(), strict=True)
    ]
    return np.asarray(alike * np.array(said, np.float32))


def _evidence(matches: Matches, weights: Vectors, clashes: Vectors) -> tuple[list[Run], float]:
    """Return the runs that bear out a clause, and how far all are from the border of likely and not, 0-1."""
    best = matches.odds.max(axis=1)
    runs = matches.runs.runs
    sound = np.flatnonzero((best >= LIKELY) & (clashes < CLASHING)).tolist()
    clearness = float(np.abs(2 / (1 + np.exp(LIKELY - best)) - 1) @ weights)
    return [runs[narrowest(matches.odds[row], runs)] for row in sound], clearness
