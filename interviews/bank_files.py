"""Reads the question bank's YAML files and says exactly what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is eight times as fast
FOLDER = Path(__file__).resolve().parent / "question_bank"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=1000)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, min_length=40, max_length=4000)]
Term = Annotated[str, StringConstraints(min_length=2, max_length=60)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{3,60}$")]


class BankError(ValueError):
    """A bank file is not as it must be; says which file, which question and what."""


class Strict(BaseModel):
    """A mapping without unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class KeyPointEntry(Strict):
    """One checkable idea, in a few wordings, with its follow-up."""

    text: Text
    paraphrases: list[Text] = Field(min_length=1, max_length=5)
    follow_up: Annotated[Text, StringConstraints(pattern=r"\?$")]


class SourceEntry(Strict):
    """A public page that bears out the facts of a question."""

    title: Annotated[Text, StringConstraints(max_length=100)]
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+\.[^\s]+$", max_length=300)]


class QuestionEntry(Strict):
    """One question of a bank file."""

    id: Slug
    type: Literal["technical", "behavioral", "system_design", "situational"]
    difficulty: Literal["easy", "medium", "hard"]
    competency: Annotated[Text, StringConstraints(max_length=80)]
    text: Text
    adaptable: bool = False
    reference_answer: Long
    sources: list[SourceEntry] = Field(default=[], max_length=5)
    key_points: list[KeyPointEntry] = Field(min_length=3, max_length=7)
    anchors: dict[Literal[1, 2, 3, 4, 5], Text]
    terms: list[Term] = Field(default=[], max_length=20)
    time_limit_seconds: Annotated[int, Field(ge=30, le=3600)] = 180

    @model_validator(mode="after")
    def check(self) -> QuestionEntry:
        if not {1, 3, 5} <= set(self.anchors):
            raise ValueError("anchors for levels 1, 3 and 5 are needed")
        if self.adaptable != ("{position}" in self.text):
            raise ValueError("adaptable is for texts with {position}, and only for them")
        return self


class BankFile(Strict):
    """One file: the questions of one position in one language."""

    position: Annotated[str, StringConstraints(pattern=r"^[a-z_]{3,60}$")]
    title: Text
    aliases: list[Text] = []
    language: Literal["en", "de", "es", "fr"]
    questions: list[QuestionEntry] = Field(min_length=1)

    def rows(self) -> list[dict[str, Any]]:
        """Return the questions as the values of bank rows, by slug."""
        return [_row(self, question) for question in self.questions]


def _row(file: BankFile, question: QuestionEntry) -> dict[str, Any]:
    names = [file.title, *file.aliases] if file.position != "general" else []
    points = [
        {"id": f"k{number}", **point.model_dump()}
        for number, point in enumerate(question.key_points, start=1)
    ]
    values = question.model_dump(exclude={"id", "type", "key_points", "anchors"})
    return {
        **values,
        "slug": question.id,
        "position": file.position.replace("_", "-"),
        "position_names": names,
        "language": file.language,
        "question_type": question.type,
        "key_points": points,
        "anchors": {str(level): text for level, text in sorted(question.anchors.items())},
    }


def read_bank(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Return all questions of the bank as row values. Raises `BankError`."""
    rows = [row for file in read_files(folder).values() for row in file.rows()]
    slugs = [row["slug"] for row in rows]
    doubled = sorted({slug for slug in slugs if slugs.count(slug) > 1})
    if doubled:
        raise BankError(f"These ids are used twice: {', '.join(doubled)}.")
    return rows


def read_files(folder: Path = FOLDER) -> dict[str, BankFile]:
    """Return the files of a bank by their names. Raises `BankError`."""
    return {path.name: _read(path) for path in sorted(folder.glob("*.yaml"))}


def _read(path: Path) -> BankFile:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - both are safe
    except yaml.YAMLError as error:
        raise BankError(f"{path.name}: {error}") from error
    try:
        return BankFile.model_validate(data)
    except ValidationError as error:
        faults = [f"{path.name}{_where(data, one['loc'])}: {one['msg']}" for one in error.errors()]
        raise BankError("\n".join(faults)) from error


def _where(data: Any, place: Sequence[int | str]) -> str:
    """Name the question by its id and the field by its path; list items count from 1."""
    names = [f"{part + 1}" if isinstance(part, int) else part for part in place]
    if len(place) > 1 and place[0] == "questions":
        question = data["questions"][place[1]]
        known = question.get("id") if isinstance(question, dict) else None
        names[:2] = [f"question {known or names[1]}"]
    return "".join(f", {name}" for name in names)
