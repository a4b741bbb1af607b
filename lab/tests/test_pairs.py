"""A pair's place holds the words that its label is about."""

from __future__ import annotations

import random

from lab.reader.examples import STATES
from lab.reader.pairs import of_claims

CLAIM = {
    "question": "How?",
    "points": [
        {"text": "A", "said": ["a is"], "denied": ["a is not"], "near": ["on a"], "partly": ["a?"]},
        {"text": "B", "said": ["b is"], "denied": ["b is not"], "near": ["on b"], "partly": ["b?"]},
    ],
}
LABELS = {"said": "yes", "denied": "denied", "near": "no", "partly": "partly"}


def test_every_piece_comes_with_its_label_and_its_words() -> None:
    pairs = of_claims([CLAIM], random.Random(1), share=1)

    for point in CLAIM["points"]:
        assert isinstance(point, dict)
        for name, label in LABELS.items():
            own = [p for p in pairs if p.point == point["text"] and p.label == STATES[label]]
            assert any(point[name][0] in pair.place for pair in own)


def test_the_words_of_other_points_alone_say_nothing_of_a_point() -> None:
    pairs = of_claims([CLAIM], random.Random(1), share=1)
    foreign = {pair.label for pair in pairs if pair.point == "A" and "a" not in pair.place}

    assert foreign == {STATES["no"]}


def test_a_share_leaves_some_out() -> None:
    whole, part = (of_claims([CLAIM] * 50, random.Random(1), share=share) for share in (1, 0.5))

    assert 0 < len(part) < len(whole)
