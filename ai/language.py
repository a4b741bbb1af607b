"""Guesses the language of a text by its small words: enough to know what the rater cannot read."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

MIN_TOKENS = 8
LIKELY, LEAD = 0.15, 1.25
SMALL_WORDS = MappingProxyType(
    {
        code: frozenset(listed.split())
        for code, listed in {
            "en": "the a an and or but if of to in on for with as is are was were be been it its this that these "
            "those i you he she we they my your our their not no do does did have has had so than then when which "
            "who what how can could would should will there from by at into about because also more just me them "
            "him her",
            "de": "der die das und oder aber wenn von zu im in auf für mit als ist sind war waren es dies ich du er "
            "sie wir ihr mein nicht kein ein eine einen dem den des sich auch noch nach bei aus um dass wie was "
            "habe hat haben dann man würde werden wird",
            "es": "el la los las un una y o pero si de del en por para con como es son era fue lo que no se su sus "
            "mi yo tú él ella nosotros más muy también porque cuando al le les esto eso está están he ha han",
            "fr": "le la les un une des et ou mais si de du en dans pour avec comme est sont était ce cette que qui "
            "ne pas se son sa ses je tu il elle nous vous ils mon ma plus très aussi parce quand au aux on ont ai",
            "it": "il lo la gli le un una e o ma se di del della in per con come è sono era che non si suo io tu lui "
            "noi più molto anche perché quando al questo quello sta ha hanno ho",
            "pt": "o a os as um uma e ou mas se de do da em no na por para com como é são era que não seu eu ele ela "
            "nós mais muito também porque quando ao isso está tem foi",
            "nl": "de het een en of maar als van te in op voor met is zijn was er dit dat ik je hij zij we mijn niet "
            "geen ook nog naar bij uit om hoe wat heb heeft dan",
        }.items()
    }
)
ENGLISH = SMALL_WORDS["en"]


def language_of(tokens: Sequence[str]) -> str | None:
    """Return the code of the language whose small words are most frequent in `tokens` (lower case).

    `other` means letters beyond the Latin ones; None that the text is too short, or that no language fits.
    """
    if len(tokens) < MIN_TOKENS:
        return "other" if tokens and _foreign(tokens) else None
    if _foreign(tokens):
        return "other"
    hits = {code: _share(tokens, known) for code, known in SMALL_WORDS.items()}
    best = max(hits, key=lambda code: hits[code])
    if hits[best] < max(LIKELY, LEAD * hits["en"]):
        best = "en"
    return best if hits[best] > LIKELY else None


def _share(tokens: Sequence[str], known: frozenset[str]) -> float:
    return sum(token in known for token in tokens) / len(tokens)


def _foreign(tokens: Sequence[str]) -> bool:
    """More than half of the letters stand outside of the Latin blocks."""
    letters = [letter for token in tokens for letter in token if letter.isalpha()]
    return sum(ord(letter) > 0x24F for letter in letters) > len(letters) / 2  # noqa: PLR2004
