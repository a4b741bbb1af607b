"""Plain-text tools of the embedded engine: sentences and clauses with their offsets, and words."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ai.language import ENGLISH
from ai.pauses import pauses

MAX_CLAUSES = 400
SENTENCE = re.compile(r"(?:[^.!?;:\r\n]|(?<=\w)[.:](?=\w))+[.!?;:\r\n]*")
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+")
EDGES = " \t\r\n\v\f\u00a0\u2028\u2029,;:-\u2013\u2014\u2022*\u200b\u200c\u200d\ufeff"
PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", None),
    }
)
LONG_SENTENCE, LONGEST_QUOTE, SHORTEST_STEM = 6, 40, 3
SUFFIXES = ("ations", "ation", "ingly", "edly", "ments", "ment")
SHORT_SUFFIXES = ("ing", "ies", "ied", "ed", "es", "ly", "s")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of an answer: `answer[start:end]` are its words, `text` is their plain form."""

    text: str
    start: int
    end: int


def plain(text: str) -> str:
    """Fold what looks or sounds the same: compatibility forms, typographic quotes, invisible marks."""
    if text.isascii():
        return text.replace("`", "'")
    return unicodedata.normalize("NFKC", text.translate(PLAIN)).translate(PLAIN)


def sentences(answer: str) -> list[Clause]:
    """Cut an answer into sentences, in order; offsets refer to `answer` as it is."""
    return [
        sentence
        for match in SENTENCE.finditer(answer)
        for sentence in _trimmed(answer, match.start(), match.end())
    ]


def clauses(answer: str) -> list[Clause]:
    """Cut an answer into clauses, in order; at most `MAX_CLAUSES`."""
    parts = itertools.chain.from_iterable(split(answer, s) for s in sentences(answer))
    return list(itertools.islice(parts, MAX_CLAUSES))


def split(answer: str, sentence: Clause) -> list[Clause]:
    """Cut a sentence of over six words where a speaker would pause; its commas do not count.

    So the same words fall into the same clauses, whether they were typed with every mark or spoken without any.
    """
    found = list(re.finditer(r"\S+", answer[sentence.start : sentence.end]))
    if len(found) <= LONG_SENTENCE:
        return [sentence]
    starts = [sentence.start + found[at].start() for at in pauses([word.group() for word in found])]
    return _between(answer, [*starts, sentence.end])


def _between(answer: str, cuts: Sequence[int]) -> list[Clause]:
    return [piece for a, b in itertools.pairwise(cuts) for piece in _trimmed(answer, a, b)]


def _trimmed(answer: str, start: int, end: int) -> list[Clause]:
    text = answer[start:end]
    begin = start + len(text) - len(text.lstrip(EDGES))
    stop = begin + len(text.strip(EDGES))
    return [Clause(plain(answer[begin:stop]), begin, stop)] if stop > begin else []


def span(answer: str, first: Clause, last: Clause) -> Clause:
    """Return everything from the start of `first` to the end of `last`."""
    return Clause(plain(answer[first.start : last.end]), first.start, last.end)


def in_whole_sentences(answer: str, stretch: Clause) -> Clause:
    """Widen a stretch to the sentences that it touches, as a person would quote it, unless that gets too long."""
    touched = [s for s in sentences(answer) if s.start < stretch.end and stretch.start < s.end]
    wide = span(answer, touched[0], touched[-1])
    return wide if len(wide.text.split()) <= LONGEST_QUOTE else stretch


def words(text: str) -> list[str]:
    """Return the words of a text in lower case and in plain form."""
    return WORD.findall(plain(text).casefold())


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Cut an English ending off, so that plain inflections meet; crude and stable."""
    for suffix in (*SUFFIXES, *SHORT_SUFFIXES):
        if word.endswith(suffix) and len(word) - len(suffix) >= SHORTEST_STEM:
            return word[: -len(suffix)]
    return word


def content_stems(text: str) -> set[str]:
    """Return the stems of the words that carry meaning."""
    return {stem(word) for word in words(text) if word not in ENGLISH and len(word) > 1}
