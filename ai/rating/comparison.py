"""Holds an answer against one reference answer: six figures that a person can check."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ai.embedding import Vectors
from ai.rating.alignment import Alignment, Text
from ai.rating.matching import ramp, sigmoid
from ai.rating.polarity import conflict
from ai.rating.words import names, recall
from ai.text import Clause, content_stems, sentences, span, split, words

SHORT, LONG = 14, 20
ENOUGH = 12.0
TOGETHER, NEARLY_ALL = 3, 0.8
UNLIKE, ALIKE = 0.45, 0.65
CLASHING = 0.5
FOUND, STEEP = 0.3, 12.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What the question itself says: repeating it earns nothing."""

    text: Text
    stems: set[str]

    @classmethod
    def of(cls, question: str) -> Asked:
        return cls(Text.of([question], remember=True), content_stems(question))


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer says: its clauses, and the same as aligned text. `answer` is the whole of it, as it was given."""

    answer: str
    clauses: Sequence[Clause]
    text: Text

    @classmethod
    def of(cls, answer: str, parts: Sequence[Clause]) -> Said:
        return cls(answer, parts, Text.of([part.text for part in parts]))

    @property
    def plain(self) -> str:
        return " ".join(part.text for part in self.clauses)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What speaks for an answer and against it, by one reference.

    `features`, all but the first 0-1:
    `gained` is the share of what the reference says beyond the question that returns in the answer, as a logarithm: the
    tenth detail says less about an answer than the first; `amount` how much returns, where 1 is all, or as much as about
    a dozen telling words carry; `recall` how near the answer comes to the reference word by word, the question's own
    words included; `words` the share of its words beyond the question's that return, slips of the keyboard forgiven;
    `clash` the share of its sentences whose best match says the opposite (a clause alone may lose its "not");
    `missing_names` the share of its numbers and letters which the answer leaves out.
    `length` tells whether this is a matter of up to 14 words (0) or of 20 and more (1), reference and answer on average.
    """

    features: dict[str, float]
    length: float
    found: list[Clause]
    clearness: float


def compare(reference: str, said: Said, asked: Asked) -> Comparison:
    """Compare one reference with an answer."""
    whole = sentences(reference) or [Clause(reference, 0, len(reference))]
    groups = [split(reference, sentence) for sentence in whole]
    parts = [part for group in groups for part in group]
    text = Text.of([part.text for part in parts], remember=True)
    alignment = Alignment.of(text, said.text, asked.text)
    clashes = _clashes(whole, groups, alignment, said)
    lengths = np.array([len(sentence.text) for sentence in whole])
    opposed = float(clashes @ lengths / lengths.sum())
    features = _features(alignment) | {
        "words": _words(reference, said, asked),
        "clash": opposed,
        "missing_names": _missing_names(reference, said),
    }
    denied = {at for at, clash in enumerate(clashes) if clash >= CLASHING}
    found, clearness = _evidence(groups, denied, alignment, said)
    return Comparison(features, _length(reference, said), found, clearness)


def _features(alignment: Alignment) -> dict[str, float]:
    gained, new = float(alignment.gained.sum()), float(alignment.new.sum())
    return {
        "gained": math.log((gained + 1) / (new + 1)),
        "amount": min(1.0, gained / min(new, ENOUGH)) if new else 0.0,
        "recall": alignment.recall,
    }


def _length(reference: str, said: Said) -> float:
    usual = (len(words(reference)) + len(words(said.plain))) / 2
    return ramp(usual, SHORT, LONG)


def _words(reference: str, said: Said, asked: Asked) -> float:
    wanted = content_stems(reference)
    wanted = wanted - asked.stems or wanted
    return recall(dict.fromkeys(sorted(wanted), 1.0), content_stems(said.plain))


def _missing_names(reference: str, said: Said) -> float:
    wanted = names(reference)
    return len(wanted - names(said.plain)) / max(1, len(wanted))


def _clashes(
    whole: Sequence[Clause], groups: Sequence[Sequence[Clause]], alignment: Alignment, said: Said
) -> Vectors:
    """Return for each sentence of the reference how far, 0-1, its best match says the opposite."""
    found = []
    for sentence, places in zip(whole, _places(groups), strict=True):
        part = alignment.within(places)
        alike = ramp(part.recall, UNLIKE, ALIKE)
        partner = _partner(part, part.reference.weights * part.likeness, said) if alike else None
        found.append(alike * conflict(sentence.text, partner.text) if partner else 0.0)
    return np.array(found)


def _places(groups: Sequence[Sequence[Clause]]) -> list[range]:
    """Return for each sentence the numbers of its clauses, counted through all sentences."""
    ends = np.cumsum([len(group) for group in groups]).tolist()
    return [range(end - len(group), end) for end, group in zip(ends, groups, strict=True)]


def _partner(part: Alignment, shares: Vectors, said: Said) -> Clause | None:
    """Return the shortest stretch of up to three clauses that answers nearly as much of a part as the best one."""
    per_clause = np.bincount(part.partners, np.maximum(shares, 0), len(said.clauses))
    runs = [
        (at, at + more)
        for more in range(1, TOGETHER + 1)
        for at in range(len(said.clauses) - more + 1)
    ]
    sums = np.array([per_clause[start:stop].sum() for start, stop in runs])
    if not sums.size or not sums.max():
        return None
    start, stop = runs[int(np.flatnonzero(sums >= NEARLY_ALL * sums.max())[0])]
    return span(said.answer, said.clauses[start], said.clauses[stop - 1])


def _evidence(
    groups: Sequence[Sequence[Clause]], denied: set[int], alignment: Alignment, said: Said
) -> tuple[list[Clause], float]:
    """Return the stretches that bear out a clause, and how far all clauses are from the border of said and not, 0-1."""
    found, clear, total = [], 0.0, 0.0
    for number, places in enumerate(_places(groups)):
        for place in places:
            part = alignment.within([place])
            new = float(part.new.sum())
            share = float(part.gained.sum()) / new if new else 0.0
            clear += new * abs(2 * sigmoid(STEEP * (share - FOUND)) - 1)
            total += new
            partner = _partner(part, part.gained, said) if share >= FOUND else None
            if partner and number not in denied:
                found.append(partner)
    return found, clear / total if total else 0.0
