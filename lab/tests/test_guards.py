"""Honest answers pass the guards; the whole count is `python -m lab.guards`."""

from __future__ import annotations

from lab.answers import rows_of, training_files
from lab.guards import stopped

EVERY = 15


def test_hardly_an_honest_answer_is_stopped() -> None:
    rows = [row for file in training_files() for row in list(rows_of(file))[::EVERY]]

    assert [(guard, row["answer"][:80]) for guard, row in stopped(rows)] == []
