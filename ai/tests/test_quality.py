"""The model behind `rate_text`: its figures, its fit, and what it makes of spoilt references."""

from __future__ import annotations

import numpy as np
import pytest

from ai import quality
from ai.rating import rate_text
from ai.rating.coefficients import COEFFICIENTS, DIRECTIONS, OFFSET
from ai.rating.fit import fit
from ai.rating.graded import Graded
from ai.rating.guards import is_keyword_list
from ai.rating.polarity import OPPOSITE, conflict
from ai.rating.reference import compare_all
from ai.rating.words import names, recall
from ai.schemas import PlannedQuestion
from ai.tests.samples import OTHER_WORDS, QUESTIONS

BAKING = "My grandmother bakes bread on Sunday, and afterwards we take the dog to the lake."


def score(question: PlannedQuestion, answer: str) -> float:
    return rate_text(question["text"], [question["reference_answer"]], answer).score


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_spoilt_reference_is_worth_little(question: PlannedQuestion) -> None:
    reference = question["reference_answer"]

    assert score(question, quality.shuffled(reference)) <= 0.4
    assert score(question, quality.keywords(reference)) <= 0.4


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_denied_reference_is_flagged_and_less_sure(question: PlannedQuestion) -> None:
    reference = question["reference_answer"]

    rated = rate_text(question["text"], [reference], quality.negated(reference))

    assert "negation" in rated.flags
    assert rated.confidence <= 0.5


@pytest.mark.parametrize(("question", "answer"), OTHER_WORDS)
def test_a_good_answer_in_other_words_is_not_taken_for_the_opposite(
    question: PlannedQuestion, answer: str
) -> None:
    rated = rate_text(question["text"], [question["reference_answer"]], answer)

    assert "negation" not in rated.flags
    assert rated.score > 0.6


def test_a_negation_ends_where_the_clause_ends() -> None:
    assert conflict("The copies are encrypted", "It is not easy, but the copies are encrypted") == 0
    assert (
        conflict("The copies are encrypted", "It is not true that copies are encrypted") >= OPPOSITE
    )


def test_a_calculation_and_notes_are_no_list_of_terms() -> None:
    assert not is_keyword_list("B: 0.6^3 * 0.4^3 = 0.0138, C: 20 * 0.0138 = 0.276, so B < C < A")
    assert not is_keyword_list(
        "- reduce routing tables\n- increase security everywhere\n- simplify every header"
    )


def test_a_slip_of_the_keyboard_costs_little() -> None:
    assert recall({"separat": 1.0}, {"seperat"}) >= 0.5
    assert recall({"separat": 1.0}, {"gap"}) == 0


def test_numbers_and_letters_that_name_things_are_found() -> None:
    assert names("Terminal 6 is next to bulb B, and I have three.") == {"6", "b", "3"}


def test_the_stored_coefficients_are_finite_and_point_the_right_way() -> None:
    assert COEFFICIENTS.keys() == DIRECTIONS.keys()
    assert np.isfinite([OFFSET, *COEFFICIENTS.values()]).all()
    assert all(COEFFICIENTS[name] * sign >= 0 for name, sign in DIRECTIONS.items())


def make_graded() -> list[Graded]:
    graded = []
    for question in QUESTIONS:
        reference = question["reference_answer"]
        half = reference[: reference.index(". ") + 1]
        graded += [
            Graded("ours", question["text"], [reference], answer, grade)
            for answer, grade in ((reference, 1.0), (half, 0.5), (BAKING, 0.0), ("", 0.0))
        ]
    return graded


def test_the_fit_is_deterministic_and_keeps_to_the_directions() -> None:
    graded = make_graded()
    compared = [compare_all(row.question, row.references, row.answer) for row in graded]

    first, second = fit(graded, compared), fit(graded, compared)

    assert first.offset == second.offset
    assert np.array_equal(first.weights, second.weights)
    assert (first.weights * np.array(list(DIRECTIONS.values())) >= 0).all()


def test_agreement_is_perfect_with_the_grades_themselves() -> None:
    graded = [
        Graded(source, "Why?", ["Because."], "", grade, label)
        for source, grade, label in (
            ("saf", 1.0, ""),
            ("saf", 0.0, ""),
            ("beetle", 1.0, "correct"),
            ("beetle", 0.05, "contradictory"),
        )
    ]

    found = {one.name: one for one in quality.agreement(graded, [row.grade for row in graded])}

    assert [one.figure for one in found.values()] == [1, 0, 1, 0]
    assert all(one.is_met for one in found.values())
