"""The figures on answers that other people graded, by hand-made scores and files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ai.rating import RatedText
from lab import graded
from lab.graded import COURSE, SCHOOL, DataMissing, Graded
from lab.judge import graded_figures

QUESTION, REFERENCE = "Why does a kettle hum?", "Small bubbles of steam burst in cooler water."


def write(file: Path, *rows: dict[str, Any]) -> None:
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    course = [
        {
            "question": QUESTION,
            "reference": REFERENCE,
            "answer": answer,
            "score": score,
            "blank": blank,
        }
        for answer, score, blank in (("1.0", 1.0, False), ("0.0", 0.0, False), ("", 0.0, True))
    ]
    school = [
        {"question": QUESTION, "references": [REFERENCE], "answer": answer, "label": label}
        for answer, label in (
            ("0.9", "correct"),
            ("0.5", "correct"),
            ("0.6", "incorrect"),
            ("0.8", "contradictory"),
            ("0.1", "contradictory"),
        )
    ]
    write(tmp_path / COURSE, *course)
    write(tmp_path / SCHOOL, *school)
    return tmp_path


@pytest.fixture(autouse=True)
def rated_as_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each answer the score that it holds."""
    monkeypatch.setattr(
        graded, "rate_text", lambda _q, _r, answer: RatedText(float(answer), [], [], 1.0)
    )


def test_the_course_is_read_without_its_blank_rows(folder: Path) -> None:
    assert graded.read_course(folder) == [Graded(1.0, 1.0), Graded(0.0, 0.0)]


def test_the_figures_are_those_of_the_scores(folder: Path) -> None:
    figures = {one.name: one.value for one in graded_figures(folder)}

    assert list(figures.values()) == [
        pytest.approx(1.0),
        pytest.approx(0.0),
        pytest.approx(4 / 6),
        pytest.approx(0.5),
    ]


def test_scores_that_are_all_alike_agree_with_nothing() -> None:
    same = [Graded(0.5, 1.0), Graded(0.5, 0.0)]

    assert graded.correlation(same) == 0
    assert graded.rmse(same) == pytest.approx(2.5)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataMissing, match=COURSE):
        graded.read_course(tmp_path)
