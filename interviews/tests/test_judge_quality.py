"""The command that measures the rater, on a few answers of our own."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

KETTLE = (
    "Why does a kettle hum?",
    "Small bubbles of steam form at the hot bottom and burst in cooler water.",
)
BREAD = (
    "Why does bread dough rise?",
    "Yeast eats the sugar and gives off gas that the dough holds back.",
)
LONG_ANSWERS = [
    (
        KETTLE,
        "At the hot bottom small bubbles of steam form and they burst in the cooler water.",
        1.0,
    ),
    (KETTLE, "It is made of metal and somebody has painted it.", 0.0),
    (BREAD, "The yeast eats sugar and gives off gas, which is held back by the dough.", 1.0),
    (BREAD, "Because the oven has a door.", 0.25),
]
SHORT_ANSWERS = [
    (KETTLE, "Bubbles of steam burst in the cooler water.", "correct"),
    (KETTLE, "Small bubbles of steam do not form at the hot bottom.", "contradictory"),
    (BREAD, "Yeast gives off gas.", "correct"),
    (BREAD, "The dough is round.", "incorrect"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    long = [
        {"question": q, "reference": text, "answer": answer, "score": score, "blank": False}
        for (q, text), answer, score in LONG_ANSWERS
    ]
    blank = {**long[0], "answer": "No submission.", "score": 0.0, "blank": True}
    short = [
        {"question": q, "references": [text], "answer": answer, "label": label}
        for (q, text), answer, label in SHORT_ANSWERS
    ]
    _write(tmp_path / "saf_en_training.jsonl", [*long, blank])
    _write(tmp_path / "beetle_training.jsonl", short)
    return tmp_path


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("judge_quality", *arguments, stdout=out)
    return out.getvalue()


def test_every_measure_is_printed_with_its_goal(folder: Path) -> None:
    out = run("--data", str(folder))

    assert out.startswith("8 answers")
    for name in (
        "course answers: r",
        "macro F1",
        "contradictory",
        "shuffled",
        "negated",
        "250 words",
    ):
        assert name in out
    assert out.count("yes") + out.count(" no\n") == 10


def test_a_limit_measures_fewer_answers(folder: Path) -> None:
    assert run("--data", str(folder), "--limit", "4").startswith("4 answers")


def test_a_missed_goal_fails_only_where_that_is_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ai.quality.HIGH_FROM", -1.0)

    assert run("--data", str(folder))
    with pytest.raises(CommandError, match="missed"):
        run("--data", str(folder), "--strict")


def test_missing_answers_are_named_with_the_option_that_says_where_they_are(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"saf_en_training\.jsonl is missing.*--data"):
        run("--data", str(tmp_path))


@pytest.mark.django_db
@pytest.mark.usefixtures("bank", "stub")
def test_any_configured_model_is_measured_by_changes_that_must_not_count() -> None:
    out = run("--metamorphic", "--limit", "3")

    assert out.startswith("the configured model: stub")
    for name in ("padding", "repetition", "flattery", "self-praise", "reordering", "spoken"):
        assert f"{name}: shift in points" in out


@pytest.mark.django_db
@pytest.mark.usefixtures("bank", "stub")
def test_a_model_that_notices_no_attack_fails_the_gate() -> None:
    with pytest.raises(CommandError, match="missed"):
        run("--attacks", "--limit", "14", "--strict")


def test_graded_answers_are_asked_for_where_nothing_else_is() -> None:
    with pytest.raises(CommandError, match="--data"):
        run()
