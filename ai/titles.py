"""Finds the position of the bank that a job title means, and the nearest ones if it means none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import pairwise

from ai.embedding import Vectors, embed, rarity
from ai.language import ENGLISH
from ai.text import words

SAME_TRADE = {1: 0.735, 2: 0.7, 3: 0.6}
SAME_WORD, SHORTEST_MISSPELT, SAME_ROOT = 0.8, 4, 5
RANKS = frozenset(
    [
        "senior",
        "sr",
        "junior",
        "jr",
        "mid",
        "level",
        "entry",
        "trainee",
        "intern",
        "graduate",
        "interim",
        "acting",
        "deputy",
        "experienced",
        "chief",
        "freelance",
        "remote",
        "ii",
        "iii",
        "iv",
        "m",
        "f",
        "d",
        "w",
        "x",
        "h",
    ]
)
RANKS_BEFORE_A_TRADE = frozenset({"lead", "principal", "staff", "head"})
SHORT_FORMS = {
    "dev": "developer",
    "eng": "engineer",
    "swe": "software engineer",
    "rep": "representative",
    "hr": "human resources",
    "ml": "machine learning",
    "qa": "quality assurance",
    "ux": "user experience",
    "center": "centre",
}
ASIDE = re.compile(r"\([^)]*\)?|\[[^\]]*\]?")
TAIL = re.compile(r"\s*[,;|@]\s*|\s+[-\u2013\u2014/]\s+|\s+(?:at|in|for|with|to|bei|chez)\s+")

Trade = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Titles:
    """The job titles of a bank as words without ranks, each with its position, and how the bank spells words.

    Meaning alone is no guide to a trade: a manufacturing engineer is as near to a platform engineer as a cloud engineer
    is. A title means a position if it has all words of one of its names and ends in the same noun; what it adds has to
    leave it near in meaning, the more so the shorter the name is.
    """

    positions: Mapping[Trade, str]
    spellings: Mapping[str, Trade]

    def position_of(self, title: str) -> str:
        """Return the position that a title means, or an empty string."""
        return next(filter(None, map(self._found, self._readings(title))), "")

    def nearest(self, title: str, *, count: int = 3) -> list[str]:
        """Return the positions whose names are nearest in meaning to a title, the nearest first."""
        names = list(self.positions)
        if not names:
            return []
        order = self._likenesses(next(self._readings(title)), names).argsort()[::-1]
        return list(dict.fromkeys(self.positions[names[at]] for at in order))[:count]

    def are_same(self, one: str, other: str) -> bool:
        """Tell whether two titles differ in nothing but ranks, order and spelling."""
        trades = [set(next(self._readings(title))) for title in (one, other)]
        return trades[0] == trades[1]

    def trade(self, title: Sequence[str]) -> Trade:
        """Return the words of a title as the bank spells them, without ranks."""
        spelt = [part for word in self._rejoined(title) for part in self._spelt(word)]
        return _without_ranks(spelt)

    def _readings(self, title: str) -> Iterator[Trade]:
        """Yield the trade by what stands before the first comma, then by all of it ("Developer, backend")."""
        core, *tails = TAIL.split(ASIDE.sub(" ", title))
        yield self.trade(_in_order(core))
        for tail in tails:
            yield self.trade(_in_order(f"{tail} {core}"))

    def _rejoined(self, title: Sequence[str]) -> list[str]:
        """Return the words of a title, two as one if the bank writes them so ("front end")."""
        found: list[str] = []
        for word in title:
            pair = f"{found[-1]}{word}" if found else ""
            if self.spellings.get(pair) == (pair,):
                found[-1] = pair
            else:
                found.append(word)
        return found

    def _spelt(self, word: str) -> Trade:
        """Return a word as the bank spells it; only a word that English does not know is read as a misspelling."""
        for known in (word, word.removesuffix("s"), f"{word}s"):
            if known in SHORT_FORMS:
                return tuple(SHORT_FORMS[known].split())
            if known in self.spellings:
                return self.spellings[known]
        is_unknown = len(word) >= SHORTEST_MISSPELT and rarity(word) == 1
        close = get_close_matches(word, self.spellings, n=1, cutoff=SAME_WORD) if is_unknown else []
        return self.spellings[close[0]] if close else (word,)

    def _found(self, trade: Trade) -> str:
        def fit(name: Trade) -> tuple[int, bool, float]:
            return len(name), trade[-len(name) :] == name, self._likeness(trade, name)

        best = max((name for name in self.positions if _means(trade, name)), key=fit, default=None)
        return self.positions[best] if best and self._is_near(trade, best) else ""

    def _is_near(self, trade: Trade, name: Trade) -> bool:
        """Tell whether the words that a title adds to a name leave it in the same trade."""
        if set(trade) <= set(name) or _is_field_of(trade, name):
            return True
        return self._likeness(trade, name) >= SAME_TRADE[min(len(name), max(SAME_TRADE))]

    def _likeness(self, trade: Trade, name: Trade) -> float:
        """Return the cosine of a title and the nearest name of a position, 0 to 1."""
        same = self.positions[name]
        names = [other for other, position in self.positions.items() if position == same]
        return float(self._likenesses(trade, names).max())

    @staticmethod
    def _likenesses(trade: Trade, names: Sequence[Trade]) -> Vectors:
        rows = embed([" ".join(name) for name in names], remember=True)
        likenesses: Vectors = rows @ embed([" ".join(trade)], remember=True)[0]
        return likenesses


@lru_cache(maxsize=16)
def known_titles(named: tuple[tuple[str, str], ...]) -> Titles:
    """Return the titles of a bank from its pairs of name and position."""
    listed = [(_in_order(name), position) for name, position in named]
    single = {word: (word,) for name, _position in listed for word in name}
    pairs = {a + b: (a, b) for name, _position in listed for a, b in pairwise(name)}
    spellings = {**single, **pairs}
    trade = Titles({}, spellings).trade
    return Titles({trade(name): position for name, position in listed if trade(name)}, spellings)


def _in_order(title: str) -> list[str]:
    """Return the words that carry meaning, the trade itself last: "head of people" is a "people head"."""
    head, _of, field = title.casefold().partition(" of ")
    return [word for word in words(f"{field} {head}") if word not in ENGLISH]


def _without_ranks(title: Sequence[str]) -> Trade:
    kept = [word for word in title if word not in RANKS]
    before = [word for word in kept[:-1] if word not in RANKS_BEFORE_A_TRADE]
    return (*before, *kept[-1:])


def _means(trade: Trade, name: Trade) -> bool:
    """Tell whether a title has all words of a name, and ends in its noun if it adds any."""
    if set(name) <= set(trade):
        return set(name) == set(trade) or trade[-1] == name[-1]
    return len(name) > 1 and _is_field_of(trade, name)


def _is_field_of(trade: Trade, name: Trade) -> bool:
    """Tell whether a title names the field of a trade: "customer service", "software development"."""
    *field, noun = name
    if list(trade[: len(field)]) != field:
        return False
    rest = trade[len(field) :]
    return len(rest) == 1 and _same_root(rest[0], noun) if rest else len(field) > 1


def _same_root(one: str, other: str) -> bool:
    return one[:SAME_ROOT] == other[:SAME_ROOT]
