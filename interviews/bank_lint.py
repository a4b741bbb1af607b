"""Reads the question bank as a strict editor would, and names every question that is to be mended, with the remedy."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from ai.embedding import embed
from ai.language import SMALL_WORDS
from ai.text import content_stems, sentences, stem, words
from interviews.bank_files import BankFile
from interviews.models import BankQuestion

LEVELS = 5
SPOKEN_WORDS = range(60, 141)
ANCHOR_WORDS = 4
OF_FACTS = frozenset({"technical", "system_design"})
DIFFICULTIES = ("easy", "medium", "hard")
COMPETENCIES = 5
SAME_QUESTION = 0.9
GIVEN_AWAY, GIVEN_STEMS = 0.4, 2
FLESCH, LONGEST_SENTENCE = 30, 25
ESSENTIAL = range(1, 4)
SAME_POINT, SHARED_STEMS = 0.7, 3


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


@dataclass(frozen=True, slots=True)
class Located:
    """A question together with the file it is in."""

    name: str
    file: BankFile
    entry: BankQuestion

    def __str__(self) -> str:
        return f"{self.name}, {self.entry.slug}"

    @property
    def group(self) -> str:
        """The position and language: the questions among which a planner chooses."""
        return f"{self.file.position} ({self.file.language})"


def located(files: Mapping[str, BankFile]) -> list[Located]:
    """Return every question of the files, in order."""
    return [Located(name, file, q) for name, file in files.items() for q in file.bank_questions()]


def lint(files: Mapping[str, BankFile]) -> list[str]:
    """Return what is to be mended, by every rule; nothing means all is well. No rule asks what the engine makes of it."""
    questions = located(files)
    return [
        *incomplete(questions),
        *essentials(questions),
        *overlapping_points(questions),
        *misnamed(questions),
        *shared_names(files),
        *gaps(questions),
        *near_duplicates(questions),
        *giveaways(questions),
        *private_matters(questions),
        *hard_to_read(questions),
        *unsourced(questions),
    ]


def incomplete(questions: Iterable[Located]) -> Iterator[str]:
    """Ask for five telling anchors and a reference of 60 to 140 words, about a minute of speech."""
    for question in questions:
        entry = question.entry
        length = len(words(entry.reference_answer))
        if len(set(entry.anchors.values())) < LEVELS:
            yield f"{question}: anchors are lacking or equal; write one for each level 1 to {LEVELS}."
        for level, anchor in entry.anchors.items():
            if len(words(anchor)) < ANCHOR_WORDS:
                yield f"{question}: anchor {level} is too short; say what one hears at this level."
        if length not in SPOKEN_WORDS:
            yield f"{question}: the reference answer has {length} words; aim at 60 to 140."


def essentials(questions: Sequence[Located]) -> Iterator[str]:
    """Ask for 1 to 3 essential key points in each question of a file that marks any."""
    marked = {question.name for question in questions if _essential(question)}
    for question in questions:
        found = _essential(question)
        if question.name in marked and found not in ESSENTIAL:
            yield f"{question}: {found} essential key points; mark the 1 to 3 that an answer cannot do without."


def _essential(question: Located) -> int:
    return sum(point.get("essential", False) for point in question.entry.key_points)


def overlapping_points(questions: Iterable[Located]) -> Iterator[str]:
    """Name pairs of key points that share 70 % of the shorter one's own words, and three at least."""
    for question in questions:
        asked = content_stems(question.entry.text)
        small = {stem(word) for word in SMALL_WORDS[question.file.language]}
        own = [content_stems(point["text"]) - asked - small for point in question.entry.key_points]
        for (a, first), (b, second) in combinations(enumerate(own, start=1), 2):
            shared = len(first & second)
            if shared >= max(SHARED_STEMS, SAME_POINT * min(len(first), len(second))):
                yield f"{question}: key points {a} and {b} say nearly the same; merge them."


def misnamed(questions: Iterable[Located]) -> Iterator[str]:
    """Ask for ids that begin with the position and, beside English, end with the language."""
    for question in questions:
        file, slug = question.file, question.entry.slug
        begin = file.position.replace("_", "-") + "-"
        end = "" if file.language == "en" else f"-{file.language}"
        if not (slug.startswith(begin) and slug.endswith(end)):
            yield f"{question}: rename it to {begin}…{end}."


def shared_names(files: Mapping[str, BankFile]) -> Iterator[str]:
    """Ask that a job title means one position only."""
    owners: dict[str, set[str]] = defaultdict(set)
    for file in files.values():
        for title in [file.title, *file.aliases]:
            owners[title.casefold()].add(file.position)
    for title, positions in owners.items():
        if len(positions) > 1:
            yield f"The title “{title}” is in {' and '.join(sorted(positions))}; keep it in one."


def gaps(questions: Iterable[Located]) -> Iterator[str]:
    """Ask that every type a position has exists in all difficulties, over at least five competencies."""
    levels: dict[tuple[str, str], set[str]] = defaultdict(set)
    competencies: dict[str, set[str]] = defaultdict(set)
    for question in questions:
        levels[question.group, question.entry.question_type].add(question.entry.difficulty)
        competencies[question.group].add(question.entry.competency)
    for (group, kind), found in levels.items():
        for difficulty in DIFFICULTIES:
            if difficulty not in found:
                yield f"{group}: no {difficulty} {kind} question; write one."
    for group, names in competencies.items():
        if len(names) < COMPETENCIES:
            yield f"{group}: {len(names)} competencies; spread it over {COMPETENCIES} or more."


def near_duplicates(questions: Sequence[Located]) -> Iterator[str]:
    """Name pairs of questions in one language whose embeddings have a cosine of 0.9 and more."""
    for language in sorted({question.file.language for question in questions}):
        same = [question for question in questions if question.file.language == language]
        rows = embed([question.entry.text for question in same], remember=True)
        likeness = rows @ rows.T
        for a, b in combinations(range(len(same)), 2):
            if likeness[a, b] >= SAME_QUESTION:
                yield f"{same[a]}: asks nearly the same as {same[b]}; drop or change one."


def giveaways(questions: Iterable[Located]) -> Iterator[str]:
    """Name follow-ups that contain the point they ask for: 40 % and at least two of its own words."""
    for question in questions:
        small = {stem(word) for word in SMALL_WORDS[question.file.language]}
        asked = content_stems(question.entry.text)
        for number, point in enumerate(question.entry.key_points, start=1):
            own = content_stems(point["text"]) - asked - small
            given = own & content_stems(point["follow_up"])
            if len(given) >= max(GIVEN_STEMS, GIVEN_AWAY * len(own)):
                told = ", ".join(sorted(given))
                yield f"{question}, key point {number}: the follow-up gives it away ({told}); ask openly."


def private_matters(questions: Iterable[Located]) -> Iterator[str]:
    """Name questions and follow-ups that ask the candidate about what an employer must not know."""
    for question in questions:
        entry = question.entry
        for text in [entry.text, *(point["follow_up"] for point in entry.key_points)]:
            found = PRIVATE[question.file.language].search(text)
            if found:
                yield f"{question}: “{text}” seems to ask about {found[1]}; ask about the work only."


def hard_to_read(questions: Iterable[Located]) -> Iterator[str]:
    """Name questions with sentences of over 25 words on average, or in English a reading ease under 30."""
    for question in questions:
        text = question.entry.text
        length = len(words(text)) / max(1, len(sentences(text)))
        if length > LONGEST_SENTENCE:
            yield f"{question}: {length:.0f} words in a sentence; cut it in two."
        elif question.file.language == "en" and reading_ease(text) < FLESCH:
            yield f"{question}: reading ease {reading_ease(text):.0f}; use shorter words."


def unsourced(questions: Iterable[Located]) -> Iterator[str]:
    """Ask for a public page that bears out the facts, where a question is about facts."""
    for question in questions:
        if question.entry.question_type in OF_FACTS and not question.entry.sources:
            yield f"{question}: no source; name a public page that bears out its key points."


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
