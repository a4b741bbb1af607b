"""The JSON parts of a question: what each has to be, and validators that name what is wrong."""

from __future__ import annotations

from typing import Annotated, Any

from django.core.exceptions import ValidationError as FieldError
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from accounts.text import is_seen, is_storable

LEVELS = frozenset("12345")


def _visible(text: str) -> str:
    if not is_seen(text) or not is_storable(text):
        raise ValueError("write something that can be seen, and no control characters")
    return text


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=1000),
    AfterValidator(_visible),
]
Term = Annotated[str, StringConstraints(min_length=2, max_length=60), AfterValidator(_visible)]


class Strict(BaseModel):
    """A mapping without unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class KeyPointEntry(Strict):
    """One checkable idea with its follow-up; an essential one weighs double. Other wordings help nobody but editors."""

    text: Text
    follow_up: Annotated[Text, StringConstraints(pattern=r"\?$")]
    essential: bool = False
    paraphrases: list[Text] = Field(default=[], max_length=5)


class SourceEntry(Strict):
    """A public page that bears out the facts of a question."""

    title: Annotated[Text, StringConstraints(max_length=100)]
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+\.[^\s]+$", max_length=300)]


POINTS = TypeAdapter(list[KeyPointEntry])
SOURCES = TypeAdapter(Annotated[list[SourceEntry], Field(max_length=5)])
TERMS = TypeAdapter(Annotated[list[Term], Field(max_length=20)])
TITLES = TypeAdapter(list[Text])


def validate_key_points(points: Any) -> None:
    """Raise Django's `ValidationError` unless `points` are key points, each with an id of its own."""
    if not isinstance(points, list) or not points:
        raise FieldError("Give a list of at least one key point, each with id, text and follow_up.")
    ids = [point.get("id") for point in points if isinstance(point, dict)]
    if len(set(map(str, ids))) != len(points) or not all(ids) or not is_storable(ids):
        raise FieldError("Every key point needs an id of its own, such as k1.")
    try:
        POINTS.validate_python([{k: v for k, v in p.items() if k != "id"} for p in points])
    except ValidationError as error:
        first = error.errors()[0]
        place = " ".join(_counted(first["loc"][1:]))
        raise FieldError(
            f"Key point {ids[int(first['loc'][0])]}, {place}: {first['msg']}."
        ) from error


def validate_anchors(anchors: Any) -> None:
    """Raise Django's `ValidationError` unless `anchors` are texts for the levels 1, 3 and 5, or more."""
    if not isinstance(anchors, dict) or not {"1", "3", "5"} <= set(anchors) <= LEVELS:
        raise FieldError(
            'Give an object with a text for the levels "1", "3" and "5", and for "2" and "4" if you like.'
        )
    texts = anchors.values()
    if not all(isinstance(text, str) and is_seen(text) and is_storable(text) for text in texts):
        raise FieldError("Every level's anchor is a text.")


def validate_sources(pages: Any) -> None:
    _validate_list(SOURCES, pages, "Give a list of pages, each with title and url")


def validate_terms(terms: Any) -> None:
    _validate_list(TERMS, terms, 'Give a list of words such as ["lactate"]')


def validate_titles(titles: Any) -> None:
    _validate_list(TITLES, titles, 'Give a list of job titles such as ["Nurse"]')


def _validate_list(kind: TypeAdapter[Any], items: Any, remedy: str) -> None:
    try:
        kind.validate_python(items)
    except ValidationError as error:
        first = error.errors()[0]
        raise FieldError(
            f"{remedy}: {' '.join([*_counted(first['loc']), first['msg']])}."
        ) from error


def _counted(place: tuple[int | str, ...]) -> list[str]:
    """Return a place in a list as people count: from 1."""
    return [str(part + 1 if isinstance(part, int) else part) for part in place]
