"""Finds the words that a provider quotes in the answer that they are taken from."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from ai.schemas import EvidenceSpan

QUOTES = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-"}
)


def fold(text: str) -> tuple[str, list[int]]:
    """Return `text` with space, quotes and case normalised, and for each character its offset in `text`."""
    folded: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        for piece in _folded(character):
            space = piece.isspace()
            if space and (not folded or folded[-1] == " "):
                continue
            folded.append(" " if space else piece)
            offsets.append(offset)
    return "".join(folded), offsets


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    return unicodedata.normalize("NFKC", character).translate(QUOTES).casefold()


def find_quote(answer: str, quote: str) -> EvidenceSpan | None:
    """Find `quote` in `answer` and return its verbatim span, or None where it is not there.

    Space, typographic quotes and case are ignored; words are not: a quote that was changed is no evidence.
    """
    exact = quote.strip()
    if exact and (at := answer.find(exact)) >= 0:
        return {"quote": exact, "start": at, "end": at + len(exact)}
    wanted = fold(quote)[0].strip()
    if not wanted:
        return None
    haystack, offsets = fold(answer)
    at = haystack.find(wanted)
    if at < 0:
        return None
    start, end = offsets[at], offsets[at + len(wanted) - 1] + 1
    return {"quote": answer[start:end], "start": start, "end": end}
