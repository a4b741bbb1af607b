"""Reads the question bank as a strict editor would, and names every question that is to be mended, with the remedy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from ai.embedding import embed
from interviews.bank_files import BankFile
from interviews.models import BankQuestion
from interviews.question_checks import findings

OF_FACTS = frozenset({"technical", "system_design"})
DIFFICULTIES = ("easy", "medium", "hard")
COMPETENCIES = 5
SAME_QUESTION = 0.9
ESSENTIAL = range(1, 4)


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
        *in_themselves(questions),
        *essentials(questions),
        *misnamed(questions),
        *shared_names(files),
        *gaps(questions),
        *near_duplicates(questions),
        *unsourced(questions),
    ]


def in_themselves(questions: Iterable[Located]) -> Iterator[str]:
    """Name what `question_checks` finds in each question by itself."""
    for question in questions:
        for finding in findings(question.entry, question.file.language):
            yield f"{question}: {finding}"


def essentials(questions: Sequence[Located]) -> Iterator[str]:
    """Ask for 1 to 3 essential key points in each question of a file that marks any."""
    marked = {question.name for question in questions if _essential(question)}
    for question in questions:
        found = _essential(question)
        if question.name in marked and found not in ESSENTIAL:
            yield f"{question}: {found} essential key points; mark the 1 to 3 that an answer cannot do without."


def _essential(question: Located) -> int:
    return sum(point.get("essential", False) for point in question.entry.key_points)


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


def unsourced(questions: Iterable[Located]) -> Iterator[str]:
    """Ask for a public page that bears out the facts, where a question is about facts."""
    for question in questions:
        if question.entry.question_type in OF_FACTS and not question.entry.sources:
            yield f"{question}: no source; name a public page that bears out its key points."
