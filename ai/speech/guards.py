"""What Whisper makes up when nobody speaks, and how it is told from what was said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import fmean

from ai.providers.base import HeardWord

# Measured on silence, noise, hum and clicks: no-speech .48 to .76; on speech: .00 to .05.
LIKELY_SILENCE, PERHAPS_SILENCE = 0.6, 0.4
SURE = 0.7
REPETITIVE = 2.4  # Whisper's own limit for the compression ratio of a text
LONGEST_LOOP = 12

PHANTOMS = frozenset(
    {
        "you", "thank you", "thank you very much", "thanks", "thanks for watching",
        "thank you for watching", "bye", "okay", "oh", "so", "i'm sorry", "yeah", "the end",
        "please subscribe", "subscribe", "vielen dank", "danke", "gracias", "merci",
    }
)  # fmt: skip
CREDITS = re.compile(
    r"(subtitles|captions|transcri\w+) (by|from)|untertitel|sous titr|subt[ií]tulos|thank(s| you) for watching"
    r"|please subscribe|amara"
)
LONGEST_CREDIT = 9  # words


def is_made_up(*, no_speech: float, compression: float, confidence: float) -> bool:
    """Tell a segment without a voice behind it from a spoken one.

    `no_speech` and `confidence` (mean over the words) are 0 to 1; `compression` is Whisper's ratio for the text.
    """
    if no_speech >= LIKELY_SILENCE and confidence < SURE:
        return True
    return no_speech >= PERHAPS_SILENCE and compression > REPETITIVE


def is_phantom(text: str, *, confidence: float, prompt: str | None) -> bool:
    """Tell whether a whole transcript is a known phantom of silence, or an echo of the prompt."""
    said = plain(text)
    if not said or (CREDITS.match(said) and len(said.split()) <= LONGEST_CREDIT):
        return True
    return confidence < SURE and (said in PHANTOMS or said in plain(prompt or ""))


def without_loops(words: Sequence[HeardWord]) -> list[HeardWord]:
    """Keep one round of every loop: up to 12 words again and again, as no one speaks.

    A word or two must come 6 times in a row, more words 4 times; people do say "no, no, no".
    """
    kept: list[HeardWord] = []
    at = 0
    while at < len(words):
        width, rounds = _loop_at([plain(word.text) for word in words[at:]])
        kept += words[at : at + width]
        at += width * rounds
    return kept


def mean_confidence(words: Sequence[HeardWord]) -> float:
    """Return the mean confidence of the words, 0 to 1; 0 for none."""
    return fmean(word.confidence for word in words) if words else 0.0


def plain(text: str) -> str:
    """Return the words alone: lower case, no punctuation, single spaces."""
    return " ".join(re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.lower()))


def _loop_at(words: Sequence[str]) -> tuple[int, int]:
    """Return the width and the rounds of the loop that begins here; (1, 1) where none does."""
    for width in range(1, LONGEST_LOOP + 1):
        rounds = _rounds(words, width)
        if rounds >= (6 if width <= 2 else 4):  # noqa: PLR2004 - see without_loops
            return width, rounds
    return 1, 1


def _rounds(words: Sequence[str], width: int) -> int:
    first, rounds = words[:width], 1
    while first == words[rounds * width : (rounds + 1) * width]:
        rounds += 1
    return rounds
