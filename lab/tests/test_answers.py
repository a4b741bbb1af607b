"""The labelled answers are sound, and what is set aside stays aside."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.answers import (
    CLAIMS,
    KEPT_ASIDE,
    STATES,
    THIRD_BATCH,
    Row,
    agreed_points,
    agreement,
    labelled_twice,
    questions,
    rows_of,
    training_files,
)

ASIDE = {"devops_engineer", "hr_manager"}
UNSEEN = {"nurse", "sales_representative"}
ALL_FILES = [*training_files(), KEPT_ASIDE]


def problems(row: Row, known: dict[str, Row]) -> list[str]:
    """Say what is wrong with a row."""
    keys = {f"k{n}" for n in range(1, len(known[row["q"]]["key_points"]) + 1)}
    found = [] if set(row["points"]) == keys else ["not every point has a label"]
    for labels in (row["points"], row.get("points_second", {})):
        found += [
            f"{key}: unknown state" for key, label in labels.items() if label[0] not in STATES
        ]
        quotes = {key: label[1] for key, label in labels.items() if label[0] != "no"}
        found += [
            f"{key}: not verbatim" for key, quote in quotes.items() if quote not in row["answer"]
        ]
    return found if row["level"] in range(1, 6) else [*found, "level"]


@pytest.mark.parametrize("file", ALL_FILES, ids=lambda file: file.stem)
def test_every_label_refers_to_a_frozen_point_and_quotes_the_answer(file: Path) -> None:
    known = questions()

    wrong = {row["answer"][:40]: found for row in rows_of(file) if (found := problems(row, known))}

    assert wrong == {}


def test_nothing_that_is_set_aside_is_trained_on() -> None:
    known = questions()

    positions = {known[row["q"]]["position"] for file in training_files() for row in rows_of(file)}
    kinds = {row["kind"] for row in rows_of(THIRD_BATCH)}

    assert positions.isdisjoint(ASIDE | UNSEEN)
    assert "kept" not in kinds
    assert {known[row["q"]]["position"] for row in rows_of(KEPT_ASIDE)} >= ASIDE


def test_forbidden_frames_of_denial_are_in_no_new_training_answer() -> None:
    frames = ("myth", "I used to think", "I used to believe")
    texts = [row["answer"] for row in rows_of(THIRD_BATCH)]
    texts += [words for claim in rows_of(CLAIMS) for p in claim["points"] for words in p["denied"]]

    assert [text for text in texts if any(frame in text for frame in frames)] == []


def test_two_readers_of_the_third_batch_agree_as_the_documentation_says() -> None:
    told = agreement(labelled_twice())

    assert (round(told.kappa, 2), round(told.share, 2), told.number) == (0.92, 0.95, 5595)


def test_a_label_that_the_second_reader_contradicts_is_left_out() -> None:
    row = {
        "points": {"k1": ["yes", "a"], "k2": ["no"]},
        "points_second": {"k1": ["partly", "a"], "k2": ["no"]},
    }

    assert agreed_points(row) == {"k2": ["no"]}


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        ([("a", "a"), ("b", "b")], 1.0),
        ([("a", "b"), ("b", "a")], -1.0),
        ([("a", "a"), ("a", "b")], 0.0),
    ],
)
def test_kappa_is_that_of_worked_examples(pairs: list[tuple[str, str]], kappa: float) -> None:
    assert agreement(pairs).kappa == kappa
