"""Characters that nobody sees: which texts hide something, and where writing needs such a character."""

from __future__ import annotations

import unicodedata

KEPT_CONTROLS = "\n\t"
UNSEEN = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})
FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
SELECTORS = (("\ufe00", "\ufe0f"), ("\U000e0100", "\U000e01ef"))
NON_JOINER, JOINER = "\u200c", "\u200d"
MARKS = frozenset("\u200e\u200f\u061c")
TEXT_STYLE, EMOJI_STYLE = "\ufe0e", "\ufe0f"
KEYCAPS = frozenset("0123456789#*")
FLAG = "\U0001f3f4"
FLAGS = frozenset(
    "".join(chr(0xE0000 + ord(letter)) for letter in name) + "\U000e007f"
    for name in ("gbeng", "gbsct", "gbwls")
)
OTHER_EMOJI = frozenset("\u203c\u2049\u2139\u3030")
SKIN_TONES = ("\U0001f3fb", "\U0001f3ff")
# Arabic, Syriac, N'Ko, Mandaic; the Indic scripts, Tibetan, Myanmar; Khmer, Mongolian; more of them; Arabic forms.
JOINING = (
    ("\u0600", "\u08ff"),
    ("\u0900", "\u0dff"),
    ("\u0f00", "\u109f"),
    ("\u1780", "\u18af"),
    ("\u1900", "\u1cff"),
    ("\ua800", "\uabff"),
    ("\ufb50", "\ufdff"),
    ("\ufe70", "\ufefc"),
    ("\U00011000", "\U00011fff"),
)
IDEOGRAPHS = (("\u3400", "\u9fff"), ("\uf900", "\ufaff"), ("\U00020000", "\U0003ffff"))
IDEOGRAPH_FORMS = ("\U000e0100", "\U000e01ef")
MONGOLIAN, MONGOLIAN_FORMS = ("\u1820", "\u18aa"), frozenset("\u180b\u180c\u180d\u180f\u180e")


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
    if character in FILLERS or _within(character, SELECTORS):
        return True
    return unicodedata.category(character) in UNSEEN


def joins(text: str, at: int) -> bool:
    """Tell whether the invisible character at `at` stands where writing needs it.

    That is: a joiner in a script that has them, or between two emoji; the style of an emoji; one form of an ideograph;
    a direction mark beside letters from right to left; the three flags made of tags.
    """
    character, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if character == JOINER and _is_emoji(after):
        return _ends_emoji(text, at)
    if character in {JOINER, NON_JOINER}:
        return _within(before, JOINING) and unicodedata.category(before)[0] in "LM"
    if character in {TEXT_STYLE, EMOJI_STYLE}:
        return before in KEYCAPS or _is_emoji(before)
    if character in MARKS:
        return _from_right(before) or _from_right(after)
    return _is_form(character, before) or _is_flag(text, at)


def _is_form(character: str, before: str) -> bool:
    if character in MONGOLIAN_FORMS:
        return _within(before, (MONGOLIAN,))
    return _within(character, (IDEOGRAPH_FORMS,)) and _within(before, IDEOGRAPHS)


def _is_flag(text: str, at: int) -> bool:
    start = text.rfind(FLAG, 0, at)
    return start >= 0 and at - start <= len(min(FLAGS)) and text[start + 1 : start + 7] in FLAGS


def _ends_emoji(text: str, at: int) -> bool:
    """Tell whether an emoji ends before `at`, with or without its style and its skin tone."""
    before = text[at - 1 : at]
    return _is_emoji(before) or (before == EMOJI_STYLE and _is_emoji(text[at - 2 : at - 1]))


def _is_emoji(character: str) -> bool:
    """Tell whether a character is a picture or a sign, or a skin tone."""
    return not character.isascii() and (
        unicodedata.category(character) in {"So", "Sm"}
        or _within(character, (SKIN_TONES,))
        or character in OTHER_EMOJI
    )


def _from_right(character: str) -> bool:
    return bool(character) and unicodedata.bidirectional(character) in {"R", "AL", "AN"}


def _within(character: str, ranges: tuple[tuple[str, str], ...]) -> bool:
    return any(low <= character <= high for low, high in ranges)
