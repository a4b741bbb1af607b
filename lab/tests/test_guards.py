"""Honest answers pass the guards; the whole count is `python -m lab.guards`."""

from __future__ import annotations

from ai.asides import aside_kind
from ai.tests.data_files import read
from lab.answers import CLAIMS, questions, rows_of, training_files
from lab.guards import stopped

EVERY = 15


def test_hardly_an_honest_answer_is_stopped() -> None:
    rows = [row for file in training_files() for row in list(rows_of(file))[::EVERY]]

    assert [(guard, row["answer"][:80]) for guard, row in stopped(rows)] == []


def test_no_claim_is_taken_for_something_said_to_us() -> None:
    claims = [
        (row["question"], said)
        for row in rows_of(CLAIMS)
        for point in row["points"]
        for said in point["said"]
    ]

    taken = [said for asked, said in claims if aside_kind(said, question=asked)]

    assert len(claims) > 3_000
    assert taken == []


def test_hardly_a_question_lets_what_is_said_to_us_pass_for_an_answer() -> None:
    asked = [row["text"] for row in questions().values()]
    said = [text for texts in read("asides.yaml")["kept"].values() for text in texts]

    passed = [
        (question, text)
        for question in asked
        for text in said
        if aside_kind(text, question=question) is None
    ]

    assert len(passed) <= 0.002 * len(asked) * len(said)
