"""Holds wordings against the stretches of an answer: three figures each, joined to log-odds of a match."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ai.embedding import Vectors, embed, rarity
from ai.language import ENGLISH
from ai.rating.polarity import is_opposite
from ai.rating.runs import Run, Runs
from ai.rating.synonyms import MARK, concept, concepts
from ai.text import content_stems, stem, words

OFFSET, COSINE, RESIDUAL, WORDS, CONCEPTS = -7.0, 2.8, 8.7, 2.0, 2.0
NARROW_ENOUGH = 0.6
SAME_WORDS, CLOSE = 0.4, 1.0
LEAST_RARITY, RING_WEIGHT = 0.1, 0.35


@dataclass(frozen=True, slots=True)
class Topic:
    """What the question itself says: repeating it earns nothing."""

    stems: set[str]
    concepts: set[str]
    direction: Vectors

    @classmethod
    def of(cls, question: str) -> Topic:
        direction = embed([question], remember=True)[0]
        return cls(content_stems(question), concepts(question), direction)


@dataclass(frozen=True, slots=True)
class Matches:
    """Wordings (rows) held against runs (columns): the recall and log-odds of each pair."""

    wordings: Sequence[str]
    runs: Runs
    recall: Vectors
    odds: Vectors

    def is_opposed(self, at: int) -> bool:
        """Tell whether the best clause of run `at` says the opposite of every wording that is near it."""
        run = self.runs.runs[at]
        core = run.first + int(self.odds[:, run.first : run.last + 1].max(axis=0).argmax())
        if self.recall[:, core].max() < SAME_WORDS:
            return False
        near = np.flatnonzero(self.odds[:, core] >= self.odds[:, core].max() - CLOSE).tolist()
        said = self.runs.runs[core].span.text
        return all(is_opposite(self.wordings[row], said) for row in near)


def match(wordings: Sequence[str], runs: Runs, topic: Topic) -> Matches:
    """Compare every wording with every run.

    By the cosine of their embeddings, the same with the question's direction removed, and how many of the wording's own
    words return: as they are, and as members of the same ring of synonyms.
    """
    wanted = embed(wordings, remember=True)
    residual = without(wanted, topic.direction) @ without(runs.vectors, topic.direction).T
    own = [own_words(wording, topic) for wording in wordings]
    recall = _table(own, [run.stems for run in runs.runs])
    rings = [own_concepts(wording, topic) for wording in wordings]
    again = WORDS * recall + CONCEPTS * _table(rings, [run.concepts for run in runs.runs])
    odds = OFFSET + COSINE * (wanted @ runs.vectors.T) + RESIDUAL * residual + again
    return Matches(wordings, runs, recall, odds)


def _table(wanted: Sequence[dict[str, float]], given: Sequence[set[str]]) -> Vectors:
    """Return the weighted share, 0-1, of each wording's own words (rows) that are in each run (columns)."""
    known = sorted(set().union(*wanted))
    held = np.array([[word in found for found in given] for word in known], np.float32)
    weights = np.array([[own.get(word, 0.0) for word in known] for own in wanted], np.float32)
    totals = weights.sum(axis=1, keepdims=True)
    return np.asarray(weights @ held.reshape(len(known), len(given)) / np.where(totals, totals, 1))


def without(rows: Vectors, direction: Vectors) -> Vectors:
    """Remove one direction from unit vectors and scale them to length 1 again."""
    rest = rows - np.outer(rows @ direction, direction)
    return np.asarray(rest / np.maximum(np.linalg.norm(rest, axis=1, keepdims=True), 1e-6))


def own_words(wording: str, topic: Topic) -> dict[str, float]:
    """Return the meaningful stems beyond the question's, with their weights: a rare word weighs more."""
    weights = {stem(word): LEAST_RARITY + rarity(word) for word in _meaningful(wording)}
    return {s: w for s, w in weights.items() if s not in topic.stems} or weights


def own_concepts(wording: str, topic: Topic) -> dict[str, float]:
    """Return the concepts beyond the question's, with their weights: all rings weigh the same."""
    weights = {
        one: RING_WEIGHT if one.startswith(MARK) else LEAST_RARITY + rarity(word)
        for word in _meaningful(wording)
        for one in [concept(word)]
    }
    return {one: w for one, w in weights.items() if one not in topic.concepts} or weights


def _meaningful(text: str) -> list[str]:
    return [word for word in words(text) if word not in ENGLISH and len(word) > 1]


def narrowest(odds: Vectors, runs: Sequence[Run]) -> int:
    """Return the place of the shortest run that is practically as good as the best."""
    good = np.flatnonzero(odds >= odds.max() - NARROW_ENOUGH).tolist()
    return int(min(good, key=lambda at: (runs[at].span.end - runs[at].span.start, at)))


def sigmoid(odds: float) -> float:
    """Return the probability that belongs to log-odds."""
    return 1 / (1 + math.exp(-odds))


def ramp(value: float, low: float, high: float) -> float:
    """Return 0 up to `low`, 1 from `high` on, and the share of the way in between."""
    return min(1.0, max(0.0, (value - low) / (high - low)))
