"""What the close reader learns from: one key point beside one place of an answer, and what the place does with it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from ai.rating.network import Window, read_windows
from ai.rating.reading import best_window, stretch_of
from ai.text import Clause
from lab.answers import Row, agreed_points, questions, rows_of, training_files
from lab.reader.examples import LABELS, STATES, TREATMENTS
from lab.reader.places import place_of

# How often a piece of a claim stands by itself, and with one other beside it; else with two.
ALONE, WITH_ONE = 0.55, 0.85
FROM_OTHERS = 2


class Pair(NamedTuple):
    """`label` is the number of one of `examples.STATES`."""

    question: str
    point: str
    place: str
    label: int


def of_claims(claims: Sequence[dict[str, Any]], draw: random.Random, share: float) -> list[Pair]:
    """Return a share of the claims' pieces, often among pieces of the question's other points, and others' pieces alone."""
    return [
        pair
        for claim in claims
        for at in range(len(claim["points"]))
        for pair in _of_point(claim, at, draw)
        if draw.random() < share
    ]


def _of_point(claim: dict[str, Any], at: int, draw: random.Random) -> Iterator[Pair]:
    question, point = claim["question"], claim["points"][at]
    others = [
        words
        for number, one in enumerate(claim["points"])
        if number != at
        for treatment in TREATMENTS
        for words in one[treatment]
    ]
    for treatment in TREATMENTS:
        for words in point[treatment]:
            place = _among(words, others, draw)
            yield Pair(question, point["text"], place, STATES[LABELS[treatment]])
    for _ in range(FROM_OTHERS if others else 0):
        beside = draw.sample(others, min(draw.choice([1, 1, 2]), len(others)))
        yield Pair(question, point["text"], " ".join(beside), STATES["no"])


def _among(words: str, others: Sequence[str], draw: random.Random) -> str:
    chance, parts = draw.random(), [words]
    for limit in (ALONE, WITH_ONE):
        if others and chance > limit:
            parts.insert(draw.choice([0, len(parts)]), draw.choice(others))
    return " ".join(parts)


def of_answers() -> list[Pair]:
    """Return a pair for each labelled point of the English training answers.

    It stands at the place that the first reading finds, or, if its quote is elsewhere, there.
    """
    known = questions()
    rows = [row for file in training_files() for row in rows_of(file)]
    english = [row for row in rows if known[row["q"]]["language"] == "en"]
    with ThreadPoolExecutor() as pool:
        read = pool.map(lambda row: list(_of_answer(row, known[row["q"]])), english)
        return [pair for pairs in read for pair in pairs]


def _of_answer(row: Row, question: Row) -> Iterator[Pair]:
    answer, asked = row["answer"], row.get("asked", "")
    context = " ".join(part for part in (asked, question["text"], row.get("earlier")) if part)
    points = question["key_points"]
    read = read_windows(context, points, answer)
    for key, (state, *quote) in agreed_points(row).items():
        at = int(key[1:]) - 1
        window = best_window(read, at)
        stretch = window and _place(answer, window, at, quote[0] if quote else "")
        if window and stretch:
            place = place_of(answer, window, stretch)
            yield Pair(asked or question["text"], points[at], place, STATES[state])


def _place(answer: str, window: Window, at: int, quote: str) -> Clause | None:
    found = stretch_of(answer, window, at)
    start = answer.find(quote) if quote else -1
    end = start + len(quote)
    if start < window.starts[0] or end > window.ends[-1]:
        return found
    meets = found is not None and found.start < end and start < found.end
    return found if meets else Clause(quote, start, end)
