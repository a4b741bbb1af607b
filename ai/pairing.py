"""Finds the sentence of a text that a key point is about: to show two answers side by side, never to rate one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ai.language import ENGLISH, SMALL_WORDS
from ai.text import Clause, sentences, stem, words

ENOUGH, ENOUGH_IN_ONE_WORD = 0.3, 0.6
LONGEST_STEM = 6
SMALL = ENGLISH.union(*SMALL_WORDS.values())


def sentences_about(points: Sequence[str], text: str) -> list[Clause | None]:
    """Return for each point the sentence of `text` that shares most of its words, or None if none shares enough.

    Words count the less the more sentences they stand in, as in inverse document frequency (Spärck Jones 1972). Meant for a
    text that is known to hold its points, such as a model answer: sharing words is not saying the same.
    """
    found = sentences(text)
    stems = [_stems(sentence.text) for sentence in found]
    spread = Counter(stem for own in stems for stem in own)
    return [_closest(_stems(point), found, stems, spread) for point in points]


def _closest(
    wanted: set[str], found: Sequence[Clause], stems: Sequence[set[str]], spread: Counter[str]
) -> Clause | None:
    total = sum(_weight(stem, spread) for stem in wanted)
    shares = [sum(_weight(stem, spread) for stem in wanted & own) for own in stems]
    best = max(range(len(found)), key=shares.__getitem__, default=None)
    if best is None:
        return None
    enough = ENOUGH if len(wanted & stems[best]) > 1 else ENOUGH_IN_ONE_WORD
    return found[best] if total and shares[best] >= enough * total else None


def _stems(text: str) -> set[str]:
    """Return the words that carry meaning without their endings, in any language roughly."""
    return {stem(word)[:LONGEST_STEM] for word in words(text) if word not in SMALL}


def _weight(stem: str, spread: Counter[str]) -> float:
    """Weigh a word that stands nowhere in the text half, as its place may be taken by another word."""
    return 1 / spread[stem] if spread[stem] else 0.5
