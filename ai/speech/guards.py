"""What Whisper makes up when nobody speaks, and how it is told from what was said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from statistics import fmean

from ai.providers.base import HeardWord

# Measured on silence, noise, hum and clicks: no-speech .48 to .76; on speech: .00 to .05, but up to .69 on lists
# spoken in one pattern. So neither that figure nor a repetitive text alone says that nobody spoke.
LIKELY_SILENCE, PERHAPS_SILENCE = 0.6, 0.4
SURE, GUESSED = 0.7, 0.3
LEAST_VOICED = 0.25
UNHEARD = 2.0  # seconds of a voice without a word
LONGEST_LOOP = 12
MOSTLY_HINTS, ALIKE = 0.75, 0.5
LEAST_WORD = 0.08  # seconds: made-up loops are squeezed into words of no length at all

Span = tuple[float, float]

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
STUCK = re.compile(r"(\w)\1{4}|\w{40}", re.IGNORECASE)


def is_made_up(
    words: Sequence[HeardWord], *, no_speech: float, around: float, speech: Sequence[Span]
) -> bool:
    """Tell a segment without a voice behind it from a spoken one, however often it repeats itself.

    `no_speech` and `around`, the mean confidence, are those of all that Whisper heard in one go (0 to 1), for
    that is what its no-speech figure means; `speech` holds the spans in which somebody speaks, in seconds.
    """
    confidence = mean_confidence(words)
    if no_speech >= LIKELY_SILENCE and around < SURE:
        return True
    if no_speech >= PERHAPS_SILENCE and (confidence < GUESSED or not _takes_time(words)):
        return True
    return confidence < SURE and not _is_voiced(words, speech)


def is_stuck(word: HeardWord) -> bool:
    """Tell whether a word is one letter again and again: so Whisper writes down an organ, and is sure."""
    return bool(STUCK.search(word.text))


def is_phantom(text: str, *, confidence: float, prompt: str | None) -> bool:
    """Tell whether a whole transcript is a known phantom of silence, or an echo of the prompt."""
    said = plain(text)
    if not said or (CREDITS.match(said) and len(said.split()) <= LONGEST_CREDIT):
        return True
    return confidence < SURE and (said in PHANTOMS or said in plain(prompt or ""))


def may_echo(words: Sequence[HeardWord], prompt: str | None) -> bool:
    """Tell whether nearly all that was heard are words of the hints: music makes Whisper repeat them, and be sure."""
    said, hints = plain(_text(words)).split(), set(plain(prompt or "").split())
    return bool(said) and sum(word in hints for word in said) >= MOSTLY_HINTS * len(said)


def confirmed(words: Sequence[HeardWord], plainly: Sequence[HeardWord]) -> list[HeardWord]:
    """Return what was heard with hints if it sounds like what was heard without; otherwise the latter."""
    with_hints, without = (plain(_text(heard)).replace(" ", "") for heard in (words, plainly))
    alike = SequenceMatcher(None, with_hints, without, autojunk=False).ratio()
    return list(words if alike >= ALIKE else plainly)


def without_loops(words: Sequence[HeardWord]) -> list[HeardWord]:
    """Keep of every loop, up to 12 words again and again, its first round and those that take time to say.

    A word or two must come 6 times in a row, more words 4 times, to be a loop.
    """
    kept: list[HeardWord] = []
    at = 0
    while at < len(words):
        width, rounds = _loop_at([plain(word.text) for word in words[at:]])
        for begin in range(at, at + width * rounds, width):
            turn = words[begin : begin + width]
            if begin == at or _takes_time(turn):
                kept += turn
        at += width * rounds
    return kept


def _takes_time(words: Sequence[HeardWord]) -> bool:
    """Tell whether there is sound enough for the words."""
    return bool(words) and fmean(word.end - word.start for word in words) >= LEAST_WORD


def unheard(words: Sequence[HeardWord], speech: Sequence[Span], *, length: float) -> list[Span]:
    """Return the stretches in which somebody speaks for 2 s or more and no word was heard.

    Whisper may fall silent before the speaker does, most of all where sentences are alike.
    """
    ends, starts = [0.0, *(w.end for w in words)], [*(w.start for w in words), length]
    return [gap for gap in zip(ends, starts, strict=True) if voiced(gap, speech) >= UNHEARD]


def voiced(span: Span, speech: Sequence[Span]) -> float:
    """Return for how many seconds of a span somebody speaks."""
    begin, end = span
    return sum(max(0.0, min(end, stop) - max(begin, start)) for start, stop in speech)


def _is_voiced(words: Sequence[HeardWord], speech: Sequence[Span]) -> bool:
    """Tell whether somebody speaks in at least a quarter of the words' time."""
    if not words:
        return False
    begin, end = words[0].start, max(words[-1].end, words[0].start + LEAST_WORD)
    return voiced((begin, end), speech) >= LEAST_VOICED * (end - begin)


def mean_confidence(words: Sequence[HeardWord]) -> float:
    """Return the mean confidence of the words, 0 to 1; 0 for none."""
    return fmean(word.confidence for word in words) if words else 0.0


def _text(words: Sequence[HeardWord]) -> str:
    return " ".join(word.text for word in words)


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
