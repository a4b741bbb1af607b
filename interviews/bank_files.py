"""Reads the question bank's YAML files and says exactly what is wrong with them."""

from __future__ import annotations

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

FOLDER = Path(__file__).resolve().parent / "question_bank"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=1000)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, min_length=40, max_length=4000)]
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


class QuestionEntry(Strict):
    """One question of a bank file."""

    id: Slug
    type: Literal["technical", "behavioral", "system_design", "situational"]
    difficulty: Literal["easy", "medium", "hard"]
    competency: Annotated[Text, StringConstraints(max_length=80)]
    text: Text
    adaptable: bool = False
    reference_answer: Long
    key_points: list[KeyPointEntry] = Field(min_length=3, max_length=7)
    anchors: dict[Literal[1, 2, 3, 4, 5], Text]
    terms: list[Annotated[str, StringConstraints(min_length=2, max_length=60)]] = Field(
        default=[], max_length=20
    )
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
    rows = [row for path in sorted(folder.glob("*.yaml")) for row in _read(path).rows()]
    slugs = [row["slug"] for row in rows]
    doubled = sorted({slug for slug in slugs if slugs.count(slug) > 1})
    if doubled:
        raise BankError(f"These ids are used twice: {', '.join(doubled)}.")
    return rows


def _read(path: Path) -> BankFile:
    try:
        return BankFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise BankError(f"{path.name}: {error}") from error
