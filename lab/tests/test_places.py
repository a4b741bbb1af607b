"""A place holds the words that carry a point, and as much around them as is read."""

from __future__ import annotations

import numpy as np

from ai.rating.network import Window
from ai.text import Clause
from lab.reader.places import LONGEST_PLACE, place_of

FIRST, MIDDLE, LAST = "We back up daily.", "Copies go to another site.", "We test them monthly."
ANSWER = f"{FIRST} {MIDDLE} {LAST}"


def make_window(answer: str, pieces_per_word: int = 1) -> Window:
    """Return a window over the words of an answer, as if each had so many word pieces."""
    ends, at = [], 0
    for word in answer.split():
        at = answer.index(word, at) + len(word)
        ends.append((at - len(word), at))
    starts = [start for start, _ in ends for _ in range(pieces_per_word)]
    nothing = np.zeros((1, len(starts)), np.float32)
    states = np.zeros((1, 4), np.float32)
    return Window(states, nothing, starts, [end for _, end in ends for _ in range(pieces_per_word)])


def stretch(text: str, answer: str = ANSWER) -> Clause:
    at = answer.index(text)
    return Clause(text, at, at + len(text))


def test_a_place_takes_in_the_sentences_around_it() -> None:
    assert place_of(ANSWER, make_window(ANSWER), stretch(MIDDLE)) == ANSWER


def test_a_place_is_no_longer_than_is_read() -> None:
    window = make_window(ANSWER, pieces_per_word=LONGEST_PLACE // 9)

    assert place_of(ANSWER, window, stretch(MIDDLE)) == f"{FIRST} {MIDDLE}"


def test_a_stretch_too_long_for_a_place_stands_alone() -> None:
    window = make_window(ANSWER, pieces_per_word=LONGEST_PLACE)

    assert place_of(ANSWER, window, stretch(MIDDLE)) == MIDDLE


def test_a_place_stays_within_its_window() -> None:
    whole = make_window(ANSWER)
    half = Window(whole.states, whole.weights[:, 4:], whole.starts[4:], whole.ends[4:])

    assert place_of(ANSWER, half, stretch(MIDDLE)) == f"{MIDDLE} {LAST}"
