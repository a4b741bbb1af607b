"""Tells sentences from shuffled words by which kinds of words follow each other."""

from __future__ import annotations

from itertools import pairwise

from ai.text import sentences, words

KINDS = {
    "DET": "the a an my your our their its this that these those every each some any his her",
    "PRE": "of for with from by at into about in on over under between through during without within after before until against across near as than like",
    "TO": "to",
    "CON": "and or but if because so when while whereas where which who since although though unless whether then",
    "AUX": "is are was were be been being am isn't aren't wasn't weren't",
    "MOD": "do does did has have had will would can could should may might must can't cannot don't doesn't didn't won't wouldn't shouldn't couldn't haven't hasn't",
    "PRO": "i you he she we they it me him them us there what one",
    "NEG": "not no never also just only very more most too again always often still already",
}
KIND_OF = {word: kind for kind, listed in KINDS.items() for word in listed.split()}
ENDINGS = (("ing", "ING"), ("ed", "ED"), ("ly", "LY"), ("s", "S"))
SHORT_FORMS = {"d": "MOD", "ll": "MOD", "ve": "MOD", "s": "AUX", "re": "AUX", "m": "AUX"}
START, END, OTHER, NUMBER = "^", "$", "W", "NUM"
FOLLOWERS = (
    "DET",
    "PRE",
    "TO",
    "CON",
    "AUX",
    "MOD",
    "PRO",
    "NEG",
    "NUM",
    "ING",
    "ED",
    "LY",
    "S",
    "W",
    "$",
)
# Ten times the log-odds of natural against shuffled text, by kind (rows) and following kind (columns);
# counted over answers, references and bank questions, each against shuffled copies of itself.
LOG_ODDS = {
    "^": (8, 2, -3, 8, -26, -21, 12, 0, 7, 3, -1, 3, 0, 2, 0),
    "DET": (-19, -28, -32, -17, -7, -13, -9, -12, -15, 2, 1, -9, -2, 7, -8),
    "PRE": (11, -21, -31, -8, -31, -42, 1, -9, 5, 7, -7, -14, -4, -2, -11),
    "TO": (4, -34, -52, -21, 4, -9, -8, -8, 6, -16, -16, 2, -11, 4, -8),
    "CON": (6, -9, -13, -10, -5, -1, 11, 4, -2, 3, -4, -1, -1, -1, -16),
    "AUX": (0, -8, -10, -16, -28, -11, -16, 16, -2, -2, 20, 12, -16, -2, -10),
    "MOD": (-2, -26, 10, -19, 14, -2, -4, 18, -10, -13, -8, 4, -24, 0, -8),
    "PRO": (-17, -8, -6, -11, 14, 15, -14, 1, -30, -12, -8, 4, 3, -2, -2),
    "NEG": (-8, -1, -14, -11, -8, -1, -4, -4, -8, 3, 6, 15, 2, 2, 0),
    "NUM": (-11, -7, -6, 8, -1, -5, -7, -12, 1, -16, -4, -16, 8, -2, 5),
    "ING": (0, 2, 3, 2, -1, -9, 2, -8, -8, -8, -11, -7, 5, -2, 3),
    "ED": (-14, 11, 12, 3, -14, -27, -10, -11, -11, -8, -10, 7, -4, -1, 4),
    "LY": (-4, 1, 8, 4, -10, -12, 1, 4, 0, 1, 8, -7, -4, -3, 6),
    "S": (1, 6, 7, 3, 5, 6, -2, 1, -1, 0, -3, 1, -8, -7, 5),
    "W": (-5, 4, 3, 4, 2, 2, -3, -6, -1, -2, -7, -3, 2, -2, 4),
}
MIN_WORDS, MANY_WORDS = 6, 15
DOUBTFUL, HOPELESS = -0.07, -0.2


def is_word_salad(answer: str) -> bool:
    """Tell whether words stand in an order that English hardly knows.

    The mean log-odds of neighbouring kinds of words; a short text must be much worse than a longer one.
    """
    count = len(words(answer))
    if count < MIN_WORDS:
        return False
    return order_score(answer) < (DOUBTFUL if count >= MANY_WORDS else HOPELESS)


def order_score(answer: str) -> float:
    """Return about .2 for English sentences and -.25 for shuffled ones; 0 tells nothing."""
    odds = [
        LOG_ODDS[first][FOLLOWERS.index(second)] / 10
        for sentence in sentences(answer)
        for first, second in pairwise([START, *kinds(sentence.text), END])
        if (first, second) != (START, END)
    ]
    return sum(odds) / len(odds) if odds else 0.0


def kinds(text: str) -> list[str]:
    """Return the kind of each word; a short form of two words ("we'd") counts as both of them."""
    found: list[str] = []
    for word in words(text):
        head, _, tail = word.partition("'")
        found.append(kind(head if tail in SHORT_FORMS else word))
        if tail in SHORT_FORMS and head in KIND_OF:
            found.append(SHORT_FORMS[tail])
    return found


def kind(word: str) -> str:
    """Return the kind of a lower-case word: a class of small words, a number, or its ending."""
    if word in KIND_OF or word[0].isdigit():
        return KIND_OF.get(word, NUMBER)
    if len(word) <= 4 or word.endswith("ss"):  # noqa: PLR2004 - too short to have an ending
        return OTHER
    return next((name for ending, name in ENDINGS if word.endswith(ending)), OTHER)
