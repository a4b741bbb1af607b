"""Says how well each key point is covered by an answer, and by which of its words.

Every key point, in each of its wordings, is held against every stretch of the answer; the best stretch counts, so
that a long answer is not diluted by its digressions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ai.embedding import Vectors
from ai.rating.guards import HOPELESS, text_flags
from ai.rating.matching import Topic, match, narrowest, sigmoid
from ai.rating.runs import Run, Runs, runs_of
from ai.schemas import KeyPoint
from ai.text import Clause, clauses

SUPPORT, RIVALRY, RIVAL_LEAD = 2.0, 0.5, 4.0
EASIER_FOR_STORIES = 1.4
COVERED, LOST = 0.5, 0.1
IMPOSSIBLE = -30.0
DOUBTFUL = frozenset({"negation", "word_salad", "keyword_list", "addresses_rater", "repeated"})


@dataclass(frozen=True, slots=True)
class PointCoverage:
    """How well one key point is covered, 0-1, and by which words; `is_negated` if they say the opposite."""

    point_id: str
    coverage: float
    span: Clause | None
    is_negated: bool

    @property
    def is_covered(self) -> bool:
        return self.coverage >= COVERED


@dataclass(frozen=True, slots=True)
class Coverage:
    """An answer held against all key points of its question."""

    points: list[PointCoverage]
    flags: list[str]

    @property
    def covered(self) -> list[PointCoverage]:
        return [point for point in self.points if point.is_covered]

    @property
    def confidence(self) -> float:
        """0-1: how far the points are from the border of covered and missing; halved where a flag raises doubt."""
        if not self.points:
            return 0.0
        clear = sum(abs(point.coverage - COVERED) * 2 for point in self.points) / len(self.points)
        return clear / 2 if DOUBTFUL.intersection(self.flags) else clear


@dataclass(frozen=True, slots=True)
class Reading:
    """How an answer is to be read.

    A follow-up names the key point it asked for. With `is_story` the answer tells of something that happened, and is never
    as near to an abstract key point as an explanation is; the bar is lower then, and the rating less sure. Sentences that
    touch a stretch of `left_out` cover nothing.
    """

    asked_for: str = ""
    is_story: bool = False
    left_out: Sequence[Clause] = ()


PLAIN_READING = Reading()


def cover(
    question: str,
    key_points: Sequence[KeyPoint],
    answer: str,
    reading: Reading = PLAIN_READING,
) -> Coverage:
    """Hold `answer` against the key points of `question`.

    `flags` name what is odd: those of `text_flags`, `negation` where the answer seems to say the opposite of a
    key point (which then counts as missing), `off_topic` where nothing comes near any of them. More sentences
    at the end of an answer never lower a coverage. Raises `ModelFileMissing`.
    """
    flags = text_flags(question, answer, clauses(answer))
    runs = None if HOPELESS.intersection(flags) else runs_of(answer, reading.left_out)
    if runs is None or not runs.runs:
        return Coverage([_uncovered(point) for point in key_points], flags)
    topic = Topic.of(question)
    easier = EASIER_FOR_STORIES if reading.is_story else 0.0
    found = [_found(point, runs, topic, easier) for point in key_points]
    floor = [COVERED if point["id"] == reading.asked_for else 0.0 for point in key_points]
    odds = _weighed(found, floor, runs.runs)
    points = [_judged(one, row, runs.runs) for one, row in zip(found, odds, strict=True)]
    return Coverage(points, flags + _coverage_flags(points))


def _uncovered(point: KeyPoint) -> PointCoverage:
    return PointCoverage(point["id"], 0.0, None, is_negated=False)


def _coverage_flags(points: Sequence[PointCoverage]) -> list[str]:
    negated = any(point.is_negated for point in points)
    lost = not negated and all(point.coverage < LOST for point in points)
    return (["negation"] if negated else []) + (["off_topic"] if lost else [])


@dataclass(frozen=True, slots=True)
class _Found:
    """One key point by itself: how near every run is to it, and the log-odds that the run covers it.

    The two differ where a run says the opposite; `is_opposed` if a likely one does.
    """

    point_id: str
    near: Vectors
    odds: Vectors
    is_opposed: bool


def _found(point: KeyPoint, runs: Runs, topic: Topic, easier: float) -> _Found:
    matches = match([point["text"], *point["paraphrases"]], runs, topic)
    near = matches.odds.max(axis=0) + easier
    likely = np.flatnonzero(near >= -SUPPORT).tolist()
    opposed = [at for at in likely if matches.is_opposed(at)]
    odds = near.copy()
    odds[opposed] = IMPOSSIBLE
    return _Found(point["id"], near, odds, bool(opposed))


def _weighed(found: Sequence[_Found], floor: Sequence[float], runs: Sequence[Run]) -> Vectors:
    """Return the log-odds of each point (rows) and run (columns), weighed against the other points.

    A faint match in an answer that is otherwise on target is worth more than one in an answer that is not; but
    words that make one point support no other with themselves, and count less for it.
    """
    odds, near = (
        np.stack([one.odds for one in found]),
        np.stack([one.near for one in found]),
    )
    first, last = np.array([(run.first, run.last) for run in runs]).T
    overlap = (first[:, None] <= last) & (first <= last[:, None])
    elsewhere = np.stack([np.where(overlap, IMPOSSIBLE, row).max(axis=1) for row in odds])
    support = 1 / (1 + np.exp(-_best_other(elsewhere)))
    lead = np.clip(_best_other(near) - near, 0, RIVAL_LEAD)
    lifted = SUPPORT * np.maximum(support, np.array(floor)[:, None])
    return np.asarray(odds - RIVALRY * lead + lifted)


def _best_other(figures: Vectors) -> Vectors:
    """Return, for each row, the largest of the other rows' figures."""
    rows = range(len(figures))
    return np.stack(
        [np.delete(figures, row, axis=0).max(axis=0, initial=IMPOSSIBLE) for row in rows]
    )


def _judged(found: _Found, odds: Vectors, runs: Sequence[Run]) -> PointCoverage:
    coverage = sigmoid(float(odds.max()))
    negated = found.is_opposed and coverage < COVERED
    return PointCoverage(found.point_id, coverage, runs[narrowest(odds, runs)].span, negated)
