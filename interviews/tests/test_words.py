"""What templates say."""

from __future__ import annotations

import pytest

from ai.scoring import DOUBTFUL_FLAGS
from interviews.templatetags.interview_words import FLAG_WORDS, flag_notices


def test_every_flag_that_calls_a_person_says_so() -> None:
    assert FLAG_WORDS.keys() >= DOUBTFUL_FLAGS


@pytest.mark.parametrize("louder", ["addresses_rater", "steered"])
def test_words_to_the_rater_are_spoken_of_once(louder: str) -> None:
    assert flag_notices(["spoke_to_rater", louder]) == [FLAG_WORDS[louder]]
    assert flag_notices(["spoke_to_rater"]) == [FLAG_WORDS["spoke_to_rater"]]


def test_a_flag_without_words_says_nothing() -> None:
    assert flag_notices(["cut", "echo"]) == [FLAG_WORDS["echo"]]
