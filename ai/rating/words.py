"""Counts which words of a reference return in an answer, with patience for slips of the keyboard."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from itertools import groupby

from ai.text import words

LIKE = 0.5
NAME = re.compile(r"\d+(?:\.\d+)?|\b[A-HJ-Z]\b|\b[b-hj-z]\b")
COUNTING = "zero one two three four five six seven eight nine ten"
NUMBERS = {word: str(number) for number, word in enumerate(COUNTING.split())}


def recall(wanted: Mapping[str, float], given: Collection[str]) -> float:
    """Return the weighted share, 0-1, of the `wanted` stems that are `given`, or nearly so.

    A stem that is missing counts by half or more if one with the same first letter shares as many of its
    three-letter pieces (Dice's coefficient): "seperat" stands for "separat".
    """
    if not wanted:
        return 0.0
    ordered = sorted(given)
    by_letter = {letter: list(group) for letter, group in groupby(ordered, key=lambda one: one[0])}
    found = (
        weight * (1.0 if stem in given else _likeness(stem, by_letter.get(stem[0], [])))
        for stem, weight in wanted.items()
    )
    return sum(found) / sum(wanted.values())


def _likeness(stem: str, others: Collection[str]) -> float:
    own = _pieces(stem)
    best = max((_dice(own, _pieces(other)) for other in others), default=0.0)
    return best if best >= LIKE else 0.0


def _dice(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


def _pieces(stem: str) -> set[str]:
    padded = f"^{stem}$"
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def names(text: str) -> set[str]:
    """Return the numbers and single letters that name things: "terminal 6", "bulb A", "three"."""
    found = {match.group().lower() for match in NAME.finditer(text)}
    return found | {NUMBERS[word] for word in words(text) if word in NUMBERS}
