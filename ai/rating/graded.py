"""Answers that people have graded: how they are read, and which grade each of them stands for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SAF, BEETLE = "saf", "beetle"
BRIEF = frozenset({BEETLE})
FILES = {SAF: "saf_en_training.jsonl", BEETLE: "beetle_training.jsonl"}
# Beetle's "incorrect" holds answers that are right but not complete, for which a person would give something; with these
# figures a score of 0.5 divides right from wrong.
GRADE_OF = {"correct": 1.0, "incorrect": 0.1, "contradictory": 0.05}


class DataMissing(FileNotFoundError):
    """A file of graded answers is not where it was looked for."""


@dataclass(frozen=True, slots=True)
class Graded:
    """An answer with the `grade` that people gave it, 0-1; `label` says how it was judged, where it was by kind."""

    source: str
    question: str
    references: list[str]
    answer: str
    grade: float
    label: str = ""


def read_graded(folder: Path) -> list[Graded]:
    """Return the SAF answers (without the rows marked `blank`) and the Beetle answers.

    SAF: Filighera et al., ACL 2022; Beetle: SemEval-2013 Task 7. Raises `DataMissing`.
    """
    return [row for source in FILES for row in _rows(folder, source)]


def _rows(folder: Path, source: str) -> Iterator[Graded]:
    path = folder / FILES[source]
    if not path.is_file():
        raise DataMissing(f"{path} is missing.")
    for line in path.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        if not row.get("blank"):
            yield _graded(source, row)


def _graded(source: str, row: dict[str, Any]) -> Graded:
    if source == SAF:
        return Graded(source, row["question"], [row["reference"]], row["answer"], row["score"])
    label = row["label"]
    return Graded(source, row["question"], row["references"], row["answer"], GRADE_OF[label], label)
