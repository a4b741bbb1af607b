"""Answers are data: what a rater gets to read of one, and where that stands in the original."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from ai.defence.hidden import hides_something, is_unseen
from ai.quotes import find_quote
from ai.text import Clause

UNUSUAL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Prepared:
    """An answer as a rater reads it. `text[i]` comes from `original[starts[i]:ends[i]]`."""

    original: str
    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    had_hidden: bool

    def verbatim(self, quote: str) -> str:
        """Return the words of the original that `quote` is, or an empty string where it is not there."""
        span = find_quote(self.text, quote)
        if span is None:
            return ""
        return self.original[self.starts[span["start"]] : self.ends[span["end"] - 1]]

    def place(self, stretch: Clause) -> Clause:
        """Return where a stretch of `text` stands in the original."""
        return Clause(stretch.text, self.starts[stretch.start], self.ends[stretch.end - 1])


def prepare(answer: str) -> Prepared:
    """Fold compatibility forms (NFKC) and leave out what nobody sees: zero-width, bidi, tag and control characters."""
    if answer.isascii() and not UNUSUAL.search(answer):
        return Prepared(
            answer, answer, range(len(answer)), range(1, len(answer) + 1), had_hidden=False
        )
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(answer):
        normal = unicodedata.normalize("NFKC", answer[start:end])
        seen = "".join(character for character in normal if not is_unseen(character))
        pieces.append(seen)
        starts += [start] * len(seen)
        ends += [end] * len(seen)
    return Prepared(answer, "".join(pieces), starts, ends, hides_something(answer))


def _clusters(text: str) -> list[tuple[int, int]]:
    """Cut a text before each character that does not combine with the one before."""
    cuts = [
        at for at, character in enumerate(text) if at == 0 or not unicodedata.combining(character)
    ]
    return list(itertools.pairwise([*cuts, len(text)]))


def without(text: str, left_out: Sequence[Clause]) -> str:
    """Return a text without some of its sentences."""
    kept: list[str] = []
    at = 0
    for clause in left_out:
        kept.append(text[at : clause.start])
        at = clause.end
    return "".join([*kept, text[at:]]).strip()
