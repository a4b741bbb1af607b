"""What the embedded engine says to people."""

from __future__ import annotations

from ai.providers import wording
from ai.schemas import KeyPoint
from ai.testing import make_key_point

ONE, TWO, THREE = (make_key_point(number) for number in (1, 2, 3))
POINTS = [ONE, TWO, THREE]
ESSENTIAL: KeyPoint = {**THREE, "essential": True}


def test_the_most_important_point_to_add_is_the_first_essential_one() -> None:
    said = wording.feedback([ONE, TWO, ESSENTIAL], ["k1"], ["k2", "k3"], [])

    assert said == "Heard: Key point 1. The most important one to add: Key point 3."


def test_without_an_essential_point_it_is_the_first_that_was_not_heard() -> None:
    assert wording.feedback(POINTS, ["k1"], ["k2", "k3"], []).endswith("Key point 2.")


def test_a_contradiction_is_put_as_it_seems_after_what_was_heard() -> None:
    said = wording.feedback(POINTS, ["k1"], ["k2", "k3"], ["negation"], opposite=[TWO])

    assert said == "Heard: Key point 1. You seem to say the opposite of this: Key point 2."


def test_nothing_heard_counts_nothing_and_names_a_place_to_start() -> None:
    said = wording.feedback(POINTS, [], ["k1", "k2", "k3"], [])

    assert said == f"{wording.NOTHING_NEW} A good place to start: Key point 1."


def test_all_heard_says_so() -> None:
    assert wording.feedback(POINTS, ["k1", "k2", "k3"], [], []) == (
        "Heard: all 3 points, and nothing important is missing."
    )


def test_of_an_open_question_only_what_was_heard_is_told() -> None:
    assert wording.heard_so_far(["One", "Two"]) == "Heard: One. And 1 more."
    assert wording.heard_so_far([]) == "Your answer is saved."


def test_what_is_not_sure_is_only_perhaps_heard() -> None:
    said = wording.feedback(POINTS, [], ["k2", "k3"], [], perhaps=["k1", "k2"])

    assert said == (
        "Perhaps heard: Key point 1. And 1 more. The most important one to add: Key point 3."
    )


def test_all_is_heard_only_if_all_is_sure() -> None:
    said = wording.feedback(POINTS, ["k1", "k2"], [], [], perhaps=["k3"])

    assert said == "Heard: Key point 1. And 1 more. Perhaps heard: Key point 3."
