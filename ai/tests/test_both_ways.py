"""How far words to the rater may move a score before a person looks."""

from __future__ import annotations

import pytest

from ai.defence import prepare
from ai.providers.both_ways import compared
from ai.schemas import ProviderEvaluation
from ai.tests.test_scoring import make_claim, make_rating

WORDS = "I would add an index."


def claim(*levels: int) -> ProviderEvaluation:
    ratings = [make_rating(level, "add an index") for level in levels]
    for number, rating in enumerate(ratings):
        rating["criterion"] = f"C{number}"
    return make_claim(*ratings)


@pytest.mark.parametrize(
    ("whole", "without", "is_steered"),
    [
        (claim(3), claim(3), False),
        (claim(3, 3, 3), claim(3, 3, 4), False),
        (claim(3, 3), claim(3, 4), False),
        (claim(4), claim(3), True),
        (claim(3), claim(4), True),
        (claim(5), claim(3), True),
    ],
)
def test_a_level_apart_is_steering_and_less_is_not(
    whole: ProviderEvaluation, without: ProviderEvaluation, is_steered: bool
) -> None:
    found = compared(whole, without, prepare(WORDS))

    assert ("steered" in found["flags"]) is is_steered
    assert "spoke_to_rater" in found["flags"]
