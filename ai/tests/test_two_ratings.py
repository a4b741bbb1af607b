"""How far words to the rater may move a score before a person looks."""

from __future__ import annotations

import pytest

from ai.defence import prepare
from ai.defence.two_ratings import lower_of
from ai.schemas import Provenance, ProviderEvaluation
from ai.tests.test_scoring import make_claim, make_rating

WORDS = "I would add an index."


def claim(*levels: int) -> ProviderEvaluation:
    ratings = [make_rating(level, "add an index") for level in levels]
    for number, rating in enumerate(ratings):
        rating["criterion"] = f"C{number}"
    return make_claim(*ratings)


def paid(claim: ProviderEvaluation, times: int) -> ProviderEvaluation:
    spent: Provenance = {
        **claim["provenance"],
        "input_tokens": 100 * times,
        "output_tokens": 10 * times,
        "latency_ms": times,
    }
    return {**claim, "provenance": spent}


@pytest.mark.parametrize(
    ("whole", "without", "is_steered"),
    [
        (claim(3), claim(3), False),
        (claim(3, 3, 3), claim(3, 3, 4), False),
        (claim(3, 3), claim(3, 4), False),
        (claim(3, 3, 3, 3, 3), claim(4, 4, 4, 3, 3), False),
        (claim(3, 3, 3, 3, 3, 3, 3, 3), claim(4, 4, 4, 4, 4, 3, 3, 3), True),
        (claim(4), claim(3), True),
        (claim(3), claim(4), True),
        (claim(5), claim(3), True),
    ],
)
def test_a_level_apart_is_steering_and_less_is_not(
    whole: ProviderEvaluation, without: ProviderEvaluation, is_steered: bool
) -> None:
    found = lower_of(whole, without, prepare(WORDS))

    assert ("steered" in found["flags"]) is is_steered
    assert "spoke_to_rater" in found["flags"]


@pytest.mark.parametrize(
    ("first", "second", "kept"), [(3, 4, "whole"), (4, 3, "without"), (3, 3, "whole")]
)
def test_the_lower_rating_counts_and_both_are_paid(first: int, second: int, kept: str) -> None:
    whole: ProviderEvaluation = {**claim(first), "feedback": "whole"}
    without: ProviderEvaluation = {**claim(second), "feedback": "without"}

    found = lower_of(paid(whole, 2), paid(without, 3), prepare(WORDS))

    assert found["feedback"] == kept
    assert found["provenance"] == {
        **whole["provenance"],
        "input_tokens": 500,
        "output_tokens": 50,
        "latency_ms": 5,
    }


@pytest.mark.parametrize(("hidden", "flags"), [("", []), ("\u200b", ["hidden_characters"])])
def test_hidden_characters_are_flagged_beside_it(hidden: str, flags: list[str]) -> None:
    found = lower_of(claim(3), claim(3), prepare(WORDS + hidden))

    assert found["flags"] == [*flags, "spoke_to_rater"]
