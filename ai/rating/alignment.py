"""Aligns an answer with a reference, word by word in context: how much of what is new in one returns in the other."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from ai.embedding import Pieces, Vectors, rarity, read
from ai.language import ENGLISH

Places = NDArray[np.int64]
WINDOW = 150
SMALL, LEAST = 0.05, 0.1


@dataclass(frozen=True, slots=True)
class Text:
    """Parts of a text as word pieces: `vectors` (n, 384) in context, `weights` by rarity, and the `places` of their parts."""

    vectors: Vectors
    weights: Vectors
    places: Places

    @classmethod
    def of(cls, parts: Sequence[str], *, remember: bool = False) -> Text:
        """Read the parts together, in windows of about 150 words: a word's vector tells what is said around it."""
        found: list[tuple[Pieces, list[int]]] = []
        for first, window in _windows(parts):
            starts = [0, *accumulate(len(part) + 1 for part in window)][:-1]
            pieces = read(" ".join(window), remember=remember)
            found.append((pieces, [first + bisect_right(starts, at) - 1 for at in pieces.starts]))
        return cls(
            np.vstack([pieces.vectors for pieces, _places in found]),
            np.array([weight(one) for pieces, _places in found for one in pieces.pieces]),
            np.array([place for _pieces, places in found for place in places], np.int64),
        )


def _windows(parts: Sequence[str]) -> list[tuple[int, list[str]]]:
    """Return runs of neighbouring parts of about the same length, each with the number of its first part."""
    lengths = [len(part.split()) for part in parts]
    room = sum(lengths) / max(1, math.ceil(sum(lengths) / WINDOW))
    windows: list[tuple[int, list[str]]] = []
    passed = 0
    for at, part in enumerate(parts):
        if not windows or passed >= room * len(windows):
            windows.append((at, []))
        windows[-1][1].append(part)
        passed += lengths[at]
    return windows


@lru_cache(20_000)
def weight(piece: str) -> float:
    """Return what a word piece weighs: nothing for a mark, little for a small word, up to 1 for a rare one.

    The square root keeps a few rare words from outweighing all that is said about them.
    """
    word = piece.removeprefix("##")
    if not word.isalnum():
        return 0.0
    return math.sqrt(SMALL if word in ENGLISH else LEAST + rarity(piece))


@dataclass(frozen=True, slots=True)
class Alignment:
    """The pieces of a reference, each beside the piece of the answer that is nearest to it.

    `likeness` is the cosine of the two, `known` that with the nearest piece of the question, `partners` the part of the
    answer that the nearest piece is in. Greedy matching of contextual embeddings: BERTScore (Zhang et al., ICLR 2020);
    holding what the question says against it follows question demoting (Sultan et al., NAACL 2016).
    """

    reference: Text
    likeness: Vectors
    known: Vectors
    partners: Places

    @classmethod
    def of(cls, reference: Text, answer: Text, question: Text) -> Alignment:
        likeness, partners = _nearest(reference, answer)
        known, _places = _nearest(reference, question)
        return cls(reference, likeness, known, partners)

    @property
    def new(self) -> Vectors:
        """What each piece says beyond the question."""
        return np.asarray(self.reference.weights * (1 - self.known))

    @property
    def gained(self) -> Vectors:
        """What of that returns in the answer."""
        return np.asarray(self.reference.weights * np.maximum(self.likeness - self.known, 0))

    @property
    def recall(self) -> float:
        """The mean likeness by weight."""
        total = float(self.reference.weights.sum())
        return float(self.reference.weights @ self.likeness) / total if total else 0.0

    def within(self, places: Sequence[int]) -> Alignment:
        """Return the alignment of some parts of the reference only."""
        kept = np.isin(self.reference.places, places)
        text = self.reference
        part = Text(text.vectors[kept], text.weights[kept], text.places[kept])
        return Alignment(part, self.likeness[kept], self.known[kept], self.partners[kept])


def _nearest(text: Text, other: Text) -> tuple[Vectors, Places]:
    """Return for each piece of a text the cosine of the nearest piece of another one, 0 without any, and its part."""
    if not len(other.places):
        return np.zeros(len(text.places), np.float32), np.zeros(len(text.places), np.int64)
    cosines = text.vectors @ other.vectors.T
    return cosines.max(axis=1), other.places[cosines.argmax(axis=1)]
