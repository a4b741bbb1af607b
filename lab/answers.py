"""Reads the labelled answers, and measures how far two people agree on them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent / "data"
KEPT_ASIDE, THIRD_BATCH = DATA / "kept_aside.jsonl", DATA / "third_batch.jsonl"
QUESTIONS, CLAIMS = DATA / "questions.jsonl", DATA / "claims.jsonl"
STATES = ("yes", "partly", "no", "denied")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two people agree: the share of equal labels, Cohen's kappa (1960), and the number of labels."""

    share: float
    kappa: float
    number: int


def rows_of(file: Path) -> Iterator[Row]:
    """Yield the rows of a file of JSON lines."""
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def questions() -> dict[str, Row]:
    """Return the questions by id as they were when the answers were labelled; the bank may have changed since."""
    return {row["q"]: row for row in rows_of(QUESTIONS)}


def training_files() -> list[Path]:
    """Return the files of answers that may be trained on; the claims may be, too."""
    others = {QUESTIONS, CLAIMS, KEPT_ASIDE}
    return sorted(file for file in DATA.glob("*.jsonl") if file not in others)


def agreed_points(row: Row) -> dict[str, list[str]]:
    """Return the labels that a second reader did not contradict: all of them in rows that were read once."""
    second: dict[str, list[str]] = row.get("points_second") or row["points"]
    return {key: label for key, label in row["points"].items() if label[0] == second[key][0]}


def agreement(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Return how far the first and the second label of each pair agree. Raises `ValueError` if there is none."""
    if not pairs:
        raise ValueError("There are no labels to compare.")
    number = len(pairs)
    share = sum(first == second for first, second in pairs) / number
    firsts, seconds = (Counter(pair[side] for pair in pairs) for side in (0, 1))
    chance = sum(firsts[label] * seconds[label] for label in firsts) / number**2
    return Agreement(share, (share - chance) / (1 - chance) if chance < 1 else 1.0, number)


def labelled_twice() -> list[tuple[str, str]]:
    """Return the pairs of labels of all points that two people have read."""
    twice = (
        row for file in (THIRD_BATCH, KEPT_ASIDE) for row in rows_of(file) if "points_second" in row
    )
    return [
        (row["points"][key][0], row["points_second"][key][0])
        for row in twice
        for key in row["points"]
    ]
