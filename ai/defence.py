"""Answers are data: what a rater gets to read, and which sentences of it speak to the rater."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from ai.addressing import speaks_to_rater
from ai.joiners import joins
from ai.scoring import find_quote
from ai.text import Clause

KEPT_CONTROLS = "\n\t"
JOINERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
SELECTORS = (("\ufe00", "\ufe0f"), ("\U000e0100", "\U000e01ef"))
SENTENCE = re.compile(r"(?:[^.!?\n]|[.!?](?=\w))+[.!?]*")
UNUSUAL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
UNSEEN = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})


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


def hides_something(text: str) -> bool:
    """Tell whether a text holds invisible characters that its writing does not need."""
    return any(
        is_unseen(character) and character != "\r" and not joins(text, at)
        for at, character in enumerate(text)
    )


def is_unseen(character: str) -> bool:
    """Tell that a character has no shape of its own."""
    if character in KEPT_CONTROLS:
        return False
    if character in JOINERS or any(low <= character <= high for low, high in SELECTORS):
        return True
    return unicodedata.category(character) in UNSEEN


def _clusters(text: str) -> list[tuple[int, int]]:
    """Cut a text before each character that does not combine with the one before."""
    cuts = [
        at for at, character in enumerate(text) if at == 0 or not unicodedata.combining(character)
    ]
    return list(itertools.pairwise([*cuts, len(text)]))


def suspects(text: str) -> list[Clause]:
    """Return the sentences that speak to whoever rates; offsets refer to `text`."""
    whole = [Clause(m[0], m.start(), m.end()) for m in SENTENCE.finditer(text)]
    found = [sentence for sentence in whole if speaks_to_rater(sentence.text)]
    if not found and speaks_to_rater(text):
        return [Clause(text, 0, len(text))]
    return found


def without(text: str, left_out: Sequence[Clause]) -> str:
    """Return a text without some of its sentences."""
    kept: list[str] = []
    at = 0
    for clause in left_out:
        kept.append(text[at : clause.start])
        at = clause.end
    return "".join([*kept, text[at:]]).strip()
