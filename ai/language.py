"""Says whether a text is clearly in another language than it should be, by fastText's model of 176 languages (1 MB, local)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ai.once import Once

MODEL_FILE = Path(__file__).resolve().parent / "model_files" / "lid.176.ftz"
LABEL = "__label__"
ALL_LANGUAGES = 176
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
SIGNS_PER_WORD = 2
FEWEST_WORDS, ENOUGH_WORDS = 6, 8
# The expected language's probability stays under the first figure, the other's is over the second.
BOUNDS = MappingProxyType(
    {"script": (0.5, 0.08), "sentences": (0.5, 0.08), "terms": (0.25, 0.4), "short": (0.05, 0.6)}
)
SURELY_ENGLISH, SHORTEST = 0.2, 3
FORMULA = 0.5
LATIN_END = 0x24F
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
ONLY_ENGLISH = frozenset(
    word
    for word in ENGLISH.difference(*(SMALL_WORDS[code] for code in SMALL_WORDS if code != "en"))
    if len(word) >= SHORTEST and word not in {"for", "not", "man", "her", "him", "had", "can"}
)


TOKEN = re.compile(r"[^\W_]+(?:['’_.-][^\W_]+)*")
LONGEST_ABBREVIATION = 6
PARTS_OF_NAMES = frozenset(
    [
        "de",
        "del",
        "la",
        "el",
        "le",
        "il",
        "di",
        "da",
        "do",
        "dos",
        "du",
        "das",
        "der",
        "den",
        "van",
        "von",
        "im",
        "po",
        "se",
        "so",
        "und",
        "et",
        "y",
        "e",
    ]
)
PROSE_WORDS, PROSE_SHARE = 2, 0.2
NAMES_OF_WORDS, NAMES_OF_CAPITALS = 0.5, 0.8
SMALL_ELSEWHERE = MappingProxyType(
    {
        expected: frozenset().union(*SMALL_WORDS.values()) - SMALL_WORDS[expected] - ENGLISH
        for expected in SMALL_WORDS
    }
)
NAMED = (
    "ar:Arabic bg:Bulgarian bn:Bengali ca:Catalan cs:Czech da:Danish de:German el:Greek en:English es:Spanish et:Estonian "
    "fa:Persian fi:Finnish fr:French he:Hebrew hi:Hindi hr:Croatian hu:Hungarian id:Indonesian it:Italian ja:Japanese ko:Korean "
    "lt:Lithuanian lv:Latvian ms:Malay nl:Dutch no:Norwegian pl:Polish pt:Portuguese ro:Romanian ru:Russian sk:Slovak "
    "sl:Slovenian sr:Serbian sv:Swedish ta:Tamil te:Telugu th:Thai tl:Tagalog tr:Turkish uk:Ukrainian ur:Urdu vi:Vietnamese "
    "zh:Chinese"
)
NAMES = MappingProxyType(dict(pair.split(":") for pair in NAMED.split()))


def other_language(text: str, *, expected: str = "en") -> str:
    """Return the code of a language that `text` is clearly more likely in than in `expected`, else an empty string.

    Codes are those of ISO 639, `expected` one of two letters. Too few words to tell count as the expected language, and so do
    formulas. Model: Joulin et al., "Bag of Tricks for Efficient Text Classification" (2017).
    """
    tokens = WORD.findall(text)
    number = len(tokens) + len(UNSPACED.findall(text)) // SIGNS_PER_WORD
    if number < FEWEST_WORDS or _is_formula(text) or (expected == "en" and _is_english(tokens)):
        return ""
    if _is_mostly_names(text, expected):
        tokens = [t for t in tokens if not _is_name(t) and t not in PARTS_OF_NAMES]
        number = len(tokens)
        if number < FEWEST_WORDS:
            return ""
    odds = _odds(" ".join(tokens))
    mine = odds.pop(expected, 0.0)
    best = max(odds, key=lambda code: odds[code], default="")
    most, least = BOUNDS[_certainty(number, tokens, expected)]
    return best if mine < most and odds.get(best, 0.0) > least else ""


def _certainty(number: int, tokens: Sequence[str], expected: str) -> str:
    """Say how much a text has to be judged by: a list of terms in plain letters may be in any language."""
    letters = "".join(tokens)
    if sum(ord(letter) > LATIN_END for letter in letters) > len(letters) / 2:
        return "script"
    if number < ENOUGH_WORDS:
        return "short"
    if letters.isascii() and SMALL_ELSEWHERE.get(expected, ENGLISH).isdisjoint(
        map(str.lower, tokens)
    ):
        return "terms"
    return "sentences"


def name_of(code: str) -> str:
    """Return a language's name in English, or "another language" for one without a name here."""
    return NAMES.get(code, "another language")


def _odds(words: str) -> dict[str, float]:
    """Return the probability of each language; capitals say nothing here and are made small."""
    labels, odds = _model().predict(words.lower(), k=ALL_LANGUAGES, threshold=0.0)
    return {label.removeprefix(LABEL): float(p) for label, p in zip(labels, odds, strict=True)}


@Once
def _model() -> Any:
    import fasttext  # noqa: PLC0415 - a megabyte that not every process needs

    return fasttext.load_model(str(MODEL_FILE))


def _is_english(tokens: list[str]) -> bool:
    """Tell whether a fifth are small words that only English has, which borrowed terms never come to."""
    return sum(token.lower() in ONLY_ENGLISH for token in tokens) >= SURELY_ENGLISH * len(tokens)


def _is_mostly_names(text: str, expected: str) -> bool:
    """Tell whether over half of the words are names, abbreviations or codes, which belong to no language.

    Small words of another language tell sentences in capitals from lists.
    """
    all_capitals = text.isupper()
    tokens = TOKEN.findall(text)
    if not all_capitals:
        tokens = [token for token in tokens if token not in PARTS_OF_NAMES]
    elsewhere = SMALL_ELSEWHERE.get(expected, ENGLISH)
    small = [token for token in map(str.lower, tokens) if token in elsewhere]
    if len(set(small)) >= PROSE_WORDS and len(small) >= PROSE_SHARE * len(tokens):
        return False
    least = NAMES_OF_CAPITALS if all_capitals else NAMES_OF_WORDS
    return sum(map(_is_name, tokens)) > least * len(tokens)


def _is_name(token: str) -> bool:
    """Tell whether a word has a capital or a digit, or is an abbreviation."""
    if token.isupper():
        return token.isascii() and len(token) <= LONGEST_ABBREVIATION
    return token != token.lower() or not token.isalpha()


def _is_formula(text: str) -> bool:
    signs = "".join(text.split())
    return sum(sign.isalpha() for sign in signs) < FORMULA * len(signs)
