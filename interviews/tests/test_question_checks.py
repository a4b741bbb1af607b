"""The checks of one question: what to mend in it, whether it is in the bank or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from interviews import question_checks
from interviews.models import BankQuestion, Question
from interviews.models.content import QuestionFields
from interviews.question_checks import CHECKS, findings
from interviews.tests.test_bank import FIVE, THREE, make_located, make_points, make_question

DOUGH_AGAIN = "Dough for bread needs its time until it has risen."
Check = Callable[[QuestionFields, str], Iterable[str]]


def make_entry(**changes: Any) -> BankQuestion:
    (located,) = make_located(**changes)
    return located.entry


@pytest.mark.parametrize("check", CHECKS)
def test_a_good_question_passes(check: Check) -> None:
    assert list(check(make_entry(), "en")) == []


@pytest.mark.parametrize(
    ("check", "changes", "finding"),
    [
        (question_checks.anchors, {"anchors": THREE}, "anchors are lacking"),
        (question_checks.anchors, {"anchors": {**FIVE, 2: "Bakes it."}}, "anchor 2 is too short"),
        (
            question_checks.reference_length,
            {"reference_answer": "I mix it, " + "wait and bake it. " * 2},
            "11 words",
        ),
        (
            question_checks.private_matters,
            {"text": "What would your children say?"},
            "children",
        ),
        (
            question_checks.private_matters,
            {"text": "Are you married or planning it?"},
            "married",
        ),
        (question_checks.leading, {"text": "Don’t you think that salt helps?"}, "Don’t you think"),
        (question_checks.leading, {"text": "Salt helps, doesn't it?"}, "ask openly"),
        (
            question_checks.double_barrelled,
            {"text": "How do you bake it? And how do you sell it?"},
            "several questions",
        ),
        (
            question_checks.hard_to_read,
            {"text": "How " + "very " * 26 + "much?"},
            "cut it in two",
        ),
        (
            question_checks.hard_to_read,
            {"text": "Characterise organisational methodologies?"},
            "reading ease",
        ),
        (
            question_checks.overlapping_points,
            {"key_points": [*make_points(1), {**make_points(1)[0], "text": DOUGH_AGAIN}]},
            "key points 1 and 5 say nearly the same",
        ),
    ],
)
def test_a_bad_question_is_advised_on(check: Check, changes: dict[str, Any], finding: str) -> None:
    (found,) = check(make_entry(**changes), "en")

    assert finding in found
    assert found in findings(make_entry(**changes), "en")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Salz hilft, nicht wahr?"),
        ("es", "¿No cree que la sal ayuda?"),
        ("fr", "Le sel aide, n’est-ce pas ?"),
    ],
)
def test_leading_questions_are_found_in_every_language(language: str, text: str) -> None:
    assert len(list(question_checks.leading(make_entry(text=text), language))) == 1
    assert list(question_checks.leading(make_entry(), language)) == []


def test_a_leading_follow_up_is_found() -> None:
    points = make_question()["key_points"]
    points[1]["follow_up"] = "Surely you add something?"

    (found,) = question_checks.leading(make_entry(key_points=points), "en")

    assert "Surely you add something?" in found


def test_a_story_may_be_asked_for_in_two_questions() -> None:
    two = "When did a loaf fail? What did you do then?"

    assert (
        list(question_checks.double_barrelled(make_entry(type="behavioral", text=two), "en")) == []
    )
    assert list(
        question_checks.double_barrelled(
            make_entry(type="behavioral", text=f"{two} What did you learn?"), "en"
        )
    )


def test_a_follow_up_that_tells_the_answer_is_named() -> None:
    points = make_question()["key_points"]
    points[2]["follow_up"] = "Does a hot oven make the crust crisp?"

    (found,) = question_checks.giveaways(make_entry(key_points=points), "en")

    assert "key point 3" in found
    assert "crust" in found


def test_a_question_of_an_interview_is_checked_alike() -> None:
    text = "What would your children say?"
    own = Question(**{**make_entry().content(), "text": text})

    assert list(findings(own, "en")) == list(findings(make_entry(text=text), "en")) != []


def test_a_harder_text_has_a_lower_reading_ease() -> None:
    hard = question_checks.reading_ease("Organisational heterogeneity complicates accountability.")
    easy = question_checks.reading_ease("The cat sat on the mat.")

    assert hard < question_checks.MIN_READING_EASE < 100 < easy
