"""Checks one question by itself, in the bank or in an interview, and says what to mend; never an error, always advice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations

from ai.language import SMALL_WORDS
from ai.text import content_stems, sentences, stem, words
from interviews.models.content import QuestionFields

LEVELS = 5
REFERENCE_WORDS = range(60, 141)
MIN_ANCHOR_WORDS = 4
GIVEAWAY_SHARE, MIN_GIVEAWAY_STEMS = 0.4, 2
MIN_READING_EASE, MAX_SENTENCE_WORDS = 30, 25
SAME_POINT_SHARE, MIN_SHARED_STEMS = 0.7, 3
STORIES = frozenset({"behavioral", "situational"})


def _private(addressed: str, subjects: str) -> re.Pattern[str]:
    """Match a private subject up to four words behind an address to the candidate."""
    return re.compile(rf"\b(?:{addressed})\b(?:\W+\w+){{0,3}}?\W+({subjects})\b", re.IGNORECASE)


PRIVATE = {
    "en": _private(
        "you|your",
        r"age|old|birthday|married|spouse|husband|wife|child|children|kids|pregnan\w+|family|religi\w+|faith|church|"
        r"ethnic\w*|skin|nationality|citizenship|accent|disab\w+|illness|health|trade union|gender|sexual\w*|vote",
    ),
    "de": _private(
        "sie|ihr|ihre|ihrer|ihrem|ihren",
        r"alt|alter|geburt\w*|verheiratet|kinder|schwanger\w*|familie|religi\w+|kirche|herkunft|nationalität|"
        r"staatsangehörigkeit|behinder\w+|krank\w*|gewerkschaft|partei",
    ),
    "es": _private(
        "usted|su|sus|tiene|está|es",
        r"edad|años|casad[oa]|hijos|embaraz\w+|familia|religi\w+|iglesia|nacionalidad|discapacidad|enferm\w+|sindicato",
    ),
    "fr": _private(
        "vous|votre|vos",
        r"âge|ans|mariée?|enfants|enceinte|grossesse|famille|religi\w+|église|nationalité|handicap\w*|malad\w+|syndicat",
    ),
}


def _leading(phrases: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{phrases})", re.IGNORECASE)


LEADING = {
    "en": _leading(
        r"(?:don['’]t|wouldn['’]t) you (?:think|agree|say)|you(?: would|['’]d)? agree that|surely\b|"
        r"(?:is|are|was|do|does|wo)n['’]t (?:it|that|they|we|you)\?"
    ),
    "de": _leading(r"nicht wahr|(?:finden|meinen|glauben|denken) sie nicht|sicherlich"),
    "es": _leading(r"no (?:cree|piensa|le parece)\b|verdad\?|seguramente"),
    "fr": _leading(r"n['’]est-ce pas|ne (?:pensez|croyez|trouvez)-vous pas|sûrement"),
}


def findings(question: QuestionFields, language: str) -> Iterator[str]:
    """Yield what to mend in a question, by every check; nothing if all is well. Its fields were validated before."""
    for check in CHECKS:
        yield from check(question, language)


def anchors(question: QuestionFields, _language: str) -> Iterator[str]:
    """Ask for five different anchors of at least four words."""
    if len(set(question.anchors.values())) < LEVELS:
        yield f"anchors are lacking or equal; write one for each level 1 to {LEVELS}."
    for level, anchor in question.anchors.items():
        if len(words(anchor)) < MIN_ANCHOR_WORDS:
            yield f"anchor {level} is too short; say what one hears at this level."


def reference_length(question: QuestionFields, _language: str) -> Iterator[str]:
    """Ask for a reference answer of 60 to 140 words, about a minute of speech."""
    length = len(words(question.reference_answer))
    if length not in REFERENCE_WORDS:
        yield f"the reference answer has {length} words; aim at 60 to 140."


def overlapping_points(question: QuestionFields, language: str) -> Iterator[str]:
    """Name pairs of key points that share 70 % of the shorter one's own words, and three at least."""
    known = content_stems(question.text) | _small_stems(language)
    own = [content_stems(point["text"]) - known for point in question.key_points]
    for (a, first), (b, second) in combinations(enumerate(own, start=1), 2):
        shared = len(first & second)
        if shared >= max(MIN_SHARED_STEMS, SAME_POINT_SHARE * min(len(first), len(second))):
            yield f"key points {a} and {b} say nearly the same; merge them."


def giveaways(question: QuestionFields, language: str) -> Iterator[str]:
    """Name follow-ups that contain the point they ask for: 40 % and at least two of its own words."""
    known = content_stems(question.text) | _small_stems(language)
    for number, point in enumerate(question.key_points, start=1):
        own = content_stems(point["text"]) - known
        given = own & content_stems(point["follow_up"])
        if len(given) >= max(MIN_GIVEAWAY_STEMS, GIVEAWAY_SHARE * len(own)):
            told = ", ".join(sorted(given))
            yield f"key point {number}: the follow-up gives it away ({told}); ask openly."


def private_matters(question: QuestionFields, language: str) -> Iterator[str]:
    """Name questions and follow-ups that ask the candidate about what an employer must not know."""
    for text in _asked(question):
        if found := PRIVATE[language].search(text):
            yield f"“{text}” seems to ask about {found[1]}; ask about the work only."


def leading(question: QuestionFields, language: str) -> Iterator[str]:
    """Name questions and follow-ups that say which answer is expected."""
    for text in _asked(question):
        if found := LEADING[language].search(text):
            yield f"“{text}” suggests its answer ({found[0]}); ask openly."


def double_barrelled(question: QuestionFields, _language: str) -> Iterator[str]:
    """Name texts that ask several questions; a story may be asked for in two."""
    most = 2 if question.question_type in STORIES else 1
    if question.text.count("?") > most:
        yield "it asks several questions at once; keep one, and make follow-ups of the others."


def hard_to_read(question: QuestionFields, language: str) -> Iterator[str]:
    """Name questions with sentences of over 25 words on average, or in English a reading ease under 30."""
    text = question.text
    length = len(words(text)) / max(1, len(sentences(text)))
    if length > MAX_SENTENCE_WORDS:
        yield f"{length:.0f} words in a sentence; cut it in two."
    elif language == "en" and reading_ease(text) < MIN_READING_EASE:
        yield f"reading ease {reading_ease(text):.0f}; use shorter words."


def reading_ease(text: str) -> float:
    """Return the Flesch reading ease of an English text: 100 very easy, 30 hard, below very hard.

    Flesch, A new readability yardstick, Journal of Applied Psychology 32 (1948), pp. 221-233. Syllables are counted
    as groups of vowels without a silent e, which is right for most words.
    """
    tokens = words(text) or ["a"]
    per_sentence = len(tokens) / max(1, len(sentences(text)))
    return 206.835 - 1.015 * per_sentence - 84.6 * sum(map(_syllables, tokens)) / len(tokens)


def _syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word))
    is_silent = word.endswith("e") and not word.endswith("le")
    return max(1, groups - is_silent)


def _asked(question: QuestionFields) -> list[str]:
    """Return all that a candidate may be asked."""
    return [question.text, *(point["follow_up"] for point in question.key_points)]


def _small_stems(language: str) -> set[str]:
    return {stem(word) for word in SMALL_WORDS[language]}


CHECKS: tuple[Callable[[QuestionFields, str], Iterator[str]], ...] = (
    anchors,
    reference_length,
    overlapping_points,
    giveaways,
    private_matters,
    leading,
    double_barrelled,
    hard_to_read,
)
