"""Reads the question bank's YAML files and says exactly what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from django.core.exceptions import ValidationError as FieldErrors
from pydantic import Field, StringConstraints, ValidationError

from interviews.models import BankQuestion
from interviews.models.bank import ROW_ONLY
from interviews.question_parts import Strict, Text

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is eight times as fast
FOLDER = Path(__file__).resolve().parent / "question_bank"
SLUG = re.compile(r"[a-z0-9-]{3,60}")
NAMES = {"slug": "id", "question_type": "type"}
OF_THE_FILE = frozenset({"position", "position_names", "language"})
KEY_POINTS = range(3, 8)
SHORTEST = {"text": 3, "competency": 3, "reference_answer": 40}


class BankError(ValueError):
    """A bank file is not as it must be; says which file, which question and what."""


class BankFile(Strict):
    """One file: the questions of one position in one language."""

    position: Annotated[str, StringConstraints(pattern=r"^[a-z_]{3,60}$")]
    title: Text
    aliases: list[Text] = []
    language: Literal["en", "de", "es", "fr"]
    questions: list[dict[str, Any]] = Field(min_length=1)

    def bank_questions(self) -> list[BankQuestion]:
        """Return the questions as rows that are not stored yet. Raises `BankError`."""
        questions: list[BankQuestion] = []
        faults: list[str] = []
        for at, entry in enumerate(self.questions, start=1):
            try:
                questions.append(_bank_question(self, entry))
            except FieldErrors as errors:
                faults += _told(f"question {entry.get('id') or at}", errors)
        if faults:
            raise BankError("\n".join(faults))
        return questions


def field_names() -> dict[str, str]:
    """Return the fields of a question in a file: the name there, and the model's."""
    names = [field.name for field in BankQuestion._meta.concrete_fields]
    return {NAMES.get(name, name): name for name in names if name not in ROW_ONLY | OF_THE_FILE}


def _bank_question(file: BankFile, entry: dict[str, Any]) -> BankQuestion:
    """Return one question, checked. Raises Django's `ValidationError` with a message for each field."""
    known = field_names()
    told = f"There is no such field. Use {', '.join(sorted(known))}."
    if unknown := {str(name): told for name in entry if name not in known}:
        raise FieldErrors(unknown)
    question = BankQuestion(
        position=file.position.replace("_", "-"),
        position_names=[file.title, *file.aliases] if file.position != "general" else [],
        language=file.language,
        **{known[name]: _stripped(value) for name, value in entry.items()},
    )
    question.key_points = _numbered(question.key_points)
    question.anchors = _by_level(question.anchors)
    question.full_clean(validate_unique=False, validate_constraints=False)
    if low := dict(_below_the_bar(question)):
        raise FieldErrors(low)
    return question


def _stripped(value: Any) -> Any:
    """Return a value without the white space that YAML's blocks leave around texts."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return [_stripped(item) for item in value]
    if isinstance(value, dict):
        return {name: _stripped(item) for name, item in value.items()}
    return value


def _numbered(points: Any) -> Any:
    """Give key points the ids that they do not have in a file; what is no list of them stays as it is."""
    if not isinstance(points, list) or not all(isinstance(point, dict) for point in points):
        return points
    return [{"id": f"k{number}", **point} for number, point in enumerate(points, start=1)]


def _by_level(anchors: Any) -> Any:
    if not isinstance(anchors, dict):
        return anchors
    return {str(level): text for level, text in sorted(anchors.items(), key=lambda x: str(x[0]))}


def _told(name: str, errors: FieldErrors) -> Iterator[str]:
    for field, messages in errors.message_dict.items():
        yield from (f"{name}, {NAMES.get(field, field)}: {message}" for message in messages)


def _below_the_bar(question: BankQuestion) -> Iterator[tuple[str, str]]:
    """Yield field and fault for what the form lets pass, but not the shipped bank."""
    if not SLUG.fullmatch(question.slug):
        yield "slug", "Use 3 to 60 small letters, digits and hyphens."
    if len(question.key_points) not in KEY_POINTS:
        yield "key_points", "Give 3 to 7."
    for name, shortest in SHORTEST.items():
        if len(getattr(question, name)) < shortest:
            yield name, f"Write at least {shortest} characters."


def read_bank(folder: Path = FOLDER) -> list[BankQuestion]:
    """Return all questions of the bank, not stored yet. Raises `BankError`."""
    questions = [
        question for name, file in read_files(folder).items() for question in _read(name, file)
    ]
    slugs = [question.slug for question in questions]
    doubled = sorted({slug for slug in slugs if slugs.count(slug) > 1})
    if doubled:
        raise BankError(f"These ids are used twice: {', '.join(doubled)}.")
    return questions


def _read(name: str, file: BankFile) -> list[BankQuestion]:
    try:
        return file.bank_questions()
    except BankError as error:
        raise BankError("\n".join(f"{name}, {line}" for line in str(error).splitlines())) from error


def read_files(folder: Path = FOLDER) -> dict[str, BankFile]:
    """Return the files of a bank by their names; what is in their questions is checked later. Raises `BankError`."""
    return {path.name: _read_file(path) for path in sorted(folder.glob("*.yaml"))}


def _read_file(path: Path) -> BankFile:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - both are safe
    except yaml.YAMLError as error:
        raise BankError(f"{path.name}: {error}") from error
    try:
        return BankFile.model_validate(data)
    except ValidationError as error:
        faults = [f"{path.name}{_where(one['loc'])}: {one['msg']}" for one in error.errors()]
        raise BankError("\n".join(faults)) from error


def _where(place: Sequence[int | str]) -> str:
    """Name a field by its path; list items count from 1."""
    return "".join(f", {part + 1 if isinstance(part, int) else part}" for part in place)
