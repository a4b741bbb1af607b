"""Measures the reader on answers that other people graded: a computing course, and science at school.

SAF: Filighera et al., ACL 2022; Beetle: SemEval-2013 Task 7. Their files are not part of the project.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import fmean

import numpy as np

from ai.rating import rate_text
from lab.answers import Row, rows_of

COURSE, SCHOOL = "saf_en_training.jsonl", "beetle_training.jsonl"
SCALE = 5
# Level 4 of the scale of 1-5, as the score of 0-1 that `rate_text` gives.
HIGH = 0.75


class DataMissing(FileNotFoundError):
    """A file of graded answers is not where it was looked for."""


@dataclass(frozen=True, slots=True)
class Graded:
    """An answer with the score, 0-1, that the reader gives it, and what people gave: a grade of 0-1 or a label."""

    score: float
    grade: float
    label: str = ""


def read_course(folder: Path) -> list[Graded]:
    """Rate the answers of the course, without those marked `blank`. Raises `DataMissing`."""
    rows = [row for row in _rows(folder / COURSE) if not row["blank"]]
    scores = _scores([(row["question"], [row["reference"]], row["answer"]) for row in rows])
    return [Graded(score, row["score"]) for score, row in zip(scores, rows, strict=True)]


def read_school(folder: Path) -> list[Graded]:
    """Rate the answers of the school: `correct`, `incorrect` or `contradictory`. Raises `DataMissing`."""
    rows = _rows(folder / SCHOOL)
    scores = _scores([(row["question"], row["references"], row["answer"]) for row in rows])
    return [
        Graded(score, float(row["label"] == "correct"), row["label"])
        for score, row in zip(scores, rows, strict=True)
    ]


def _rows(file: Path) -> list[Row]:
    if not file.is_file():
        raise DataMissing(f"{file} is missing.")
    return list(rows_of(file))


def _scores(texts: Sequence[tuple[str, Sequence[str], str]]) -> Iterator[float]:
    with ThreadPoolExecutor() as pool:
        yield from pool.map(lambda text: rate_text(*text).score, texts)


def correlation(graded: Sequence[Graded]) -> float:
    """Return Pearson's r; 0 if all scores or all grades are the same."""
    scores, grades = _columns(graded)
    if not scores.std() or not grades.std():
        return 0.0
    return float(np.corrcoef(scores, grades)[0, 1])


def rmse(graded: Sequence[Graded]) -> float:
    """Return the root of the mean squared error, in points of a scale of 0-5."""
    scores, grades = _columns(graded)
    return float(SCALE * np.sqrt(np.mean((scores - grades) ** 2)))


def _columns(graded: Sequence[Graded]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([one.score for one in graded]), np.array([one.grade for one in graded])


def auc_of_correct(graded: Sequence[Graded]) -> float:
    """Return how often a correct answer scores higher than one that is not; the same score counts half."""
    right = [one.score for one in graded if one.label == "correct"]
    wrong = [one.score for one in graded if one.label != "correct"]
    return fmean((high > low) + (high == low) / 2 for high, low in product(right, wrong))


def contradictory_rated_high(graded: Sequence[Graded]) -> float:
    """Return the share of the answers that contradict and are rated level 4 or higher."""
    return fmean(one.score >= HIGH for one in graded if one.label == "contradictory")
