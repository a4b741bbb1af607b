"""Finds sentences that speak to the rater, in English, German and Spanish, also in a disguise.

A finding flags; it never lowers a score. False alarms are cheap and counted by `python -m lab.guards`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from ai.defence.disguises import views
from ai.defence.rules import BLUNT_PARTS, PARTS
from ai.text import PLAIN, Clause, plain

SENTENCE = re.compile(r"(?:[^.!?\n]|[.!?](?=\w))+[.!?]*")
DOTTED = str.maketrans("\u0130\u0131", "ii")
EDGE = re.compile(r"(?<!\[)\^|(?<!\\)\$")


def _compiled(parts: Iterable[str]) -> re.Pattern[str]:
    """Return one pattern for small letters that looks for the beginning of a word once for all parts.

    Six times as fast as `re.IGNORECASE` and no order.
    """
    parts = list(parts)
    at_word = [part[2:] for part in parts if part.startswith(r"\b") and r"|\b" not in part]
    anywhere = [part for part in parts if part[2:] not in at_word]
    return re.compile(rf"\b(?=\w)(?:{_either(at_word)})|{_either(anywhere)}".lower())


def _either(parts: Iterable[str]) -> str:
    return "|".join(f"(?:{part})" for part in parts)


def _wherever_it_stands(part: str) -> str:
    """Widen a part, so that it is found in a whole text if any sentence of it alone would match.

    What surrounds a sentence must not matter: no part is bound to an edge, and none is kept back by a word after the
    sentence. A sentence ends with one of `.!?` or before a new line, which are no letters and end no other lookaround.
    """
    return EDGE.sub("", part).replace(r"(?![^.\n]", r"(?![^.!?\n]")


SPEAKS, BLUNT = _compiled(PARTS), _compiled(BLUNT_PARTS)
MAY_SPEAK = _compiled(map(_wherever_it_stands, (*PARTS, *BLUNT_PARTS)))


def suspects(text: str) -> list[Clause]:
    """Return the sentences that speak to whoever rates; offsets refer to `text`."""
    clear = is_clear(text)
    whole = [Clause(m[0], m.start(), m.end()) for m in SENTENCE.finditer(text)]
    found = [one for one in whole if speaks_to_rater(one.text, only_disguised=clear)]
    if not found and speaks_to_rater(text, only_disguised=clear):
        return [Clause(text, 0, len(text))]
    return found


def is_clear(text: str) -> bool:
    """Tell surely and quickly that neither a text nor a sentence of it speaks to the rater undisguised."""
    folded = text.translate(PLAIN)
    return unicodedata.is_normalized("NFKC", folded) and not MAY_SPEAK.search(_small(folded))


@lru_cache(maxsize=64)
def speaks_to_rater(text: str, *, only_disguised: bool = False) -> bool:
    """Tell whether a text speaks to whoever rates it, in the clear or in one of the usual disguises."""
    undisguised = plain(text)
    seen = set(views(undisguised))
    if only_disguised:
        seen.discard(undisguised)
    return any(speaks(view) or addresses_rater(view) for view in seen)


def speaks(view: str) -> bool:
    """Tell whether a text speaks to whoever rates it in the clear."""
    return SPEAKS.search(_small(view)) is not None


def addresses_rater(text: str) -> bool:
    """Tell whether a text bluntly speaks to whoever rates it instead of answering the question: it is no evidence."""
    return BLUNT.search(_small(plain(text))) is not None


def _small(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(DOTTED).lower()
