"""The model behind `rate_text`: its figures, its fit, and what it makes of spoilt references."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from ai import quality
from ai.rating import rate_text
from ai.rating.alignment import Alignment, Text, weight
from ai.rating.coefficients import LONG, LONG_DIRECTIONS, SHORT, SHORT_DIRECTIONS
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


@pytest.mark.parametrize(
    ("weights", "directions"), [(SHORT, SHORT_DIRECTIONS), (LONG, LONG_DIRECTIONS)]
)
def test_the_stored_coefficients_are_finite_and_point_the_right_way(
    weights: Mapping[str, float], directions: Mapping[str, int]
) -> None:
    assert weights.keys() == {"offset", *directions}
    assert np.isfinite(list(weights.values())).all()
    assert all(weights[name] * sign >= 0 for name, sign in directions.items())


def aligned(reference: str, answer: str, question: str) -> Alignment:
    return Alignment.of(Text.of([reference]), Text.of([answer]), Text.of([question]))


def test_what_the_question_says_already_is_no_gain() -> None:
    question = "What happens to the diameter if the speed increases?"
    reference = "The diameter shrinks, because collisions must be noticed in time."

    echo = aligned(reference, question, question)
    answer = aligned(reference, "It shrinks: collisions have to be noticed early.", question)

    assert echo.gained.sum() < 0.05 * echo.new.sum()
    assert answer.gained.sum() > 0.4 * answer.new.sum()


def test_a_long_text_is_read_in_windows_that_do_not_lose_a_word() -> None:
    parts = [f"Sentence number {number} tells of copies at another site." for number in range(90)]

    text = Text.of(parts)

    assert sorted(set(text.places.tolist())) == list(range(90))
    assert len(text.vectors) == len(text.weights) == len(text.places)


def test_marks_weigh_nothing_and_rare_words_most() -> None:
    assert weight(",") == 0
    assert 0 < weight("the") < weight("water") < weight("##pto") <= 1.1


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

    assert first == second
    assert all(first.long[name] * sign >= 0 for name, sign in LONG_DIRECTIONS.items())
    assert first.long["gained"] > 0


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
