"""Checks the JSON parts of a question by the rules of the bank's files, and names the field that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError as FieldErrors
from pydantic import TypeAdapter, ValidationError

from interviews.bank_files import KeyPointEntry, SourceEntry, Term, Text

POINTS = TypeAdapter(list[KeyPointEntry])
LISTS: Mapping[str, tuple[TypeAdapter[Any], str]] = {
    "sources": (TypeAdapter(list[SourceEntry]), "Give a list of pages, each with title and url"),
    "terms": (TypeAdapter(list[Term]), 'Give a list of words such as ["lactate"]'),
    "position_names": (TypeAdapter(list[Text]), 'Give a list of job titles such as ["Nurse"]'),
}
LEVELS = frozenset("12345")


class ChecksParts:
    """A form of a question that checks its JSON parts, too; a list that is left empty is an empty list."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}  # type: ignore[misc]
        data.update({name: [] for name in LISTS.keys() & data.keys() if data[name] is None})
        check_parts(data)
        return data


def check_parts(values: Mapping[str, Any]) -> None:
    """Raise Django's `ValidationError` with a message for each JSON part among `values` that is not as it must be."""
    checks: dict[str, Callable[[Any], str]] = {
        "key_points": points_problem,
        "anchors": anchors_problem,
        **{name: partial(list_problem, name) for name in LISTS},
    }
    found = {name: check(values[name]) for name, check in checks.items() if name in values}
    problems = {name: problem for name, problem in found.items() if problem}
    if problems:
        raise FieldErrors(problems)


def points_problem(key_points: Any) -> str:
    """Say what is wrong with key points, or nothing."""
    if not isinstance(key_points, list) or not key_points:
        return (
            "Give a list of at least one key point, each with id, text, paraphrases and follow_up."
        )
    ids = [point.get("id") for point in key_points if isinstance(point, dict)]
    if len(set(map(str, ids))) != len(key_points) or not all(ids):
        return "Every key point needs an id of its own, such as k1."
    try:
        POINTS.validate_python([{k: v for k, v in p.items() if k != "id"} for p in key_points])
    except ValidationError as error:
        first = error.errors()[0]
        place = " ".join(str(part) for part in first["loc"][1:])
        return f"Key point {ids[int(first['loc'][0])]}, {place}: {first['msg']}."
    return ""


def anchors_problem(anchors: Any) -> str:
    """Say what is wrong with rating anchors, or nothing."""
    if not isinstance(anchors, dict) or not {"1", "3", "5"} <= set(anchors) <= LEVELS:
        return 'Give an object with a text for the levels "1", "3" and "5", and for "2" and "4" if you like.'
    if not all(isinstance(text, str) and text.strip() for text in anchors.values()):
        return "Every level's anchor is a text."
    return ""


def list_problem(name: str, items: Any) -> str:
    """Say what is wrong with one of the `LISTS`, or nothing."""
    kind, remedy = LISTS[name]
    try:
        kind.validate_python(items)
    except ValidationError as error:
        first = error.errors()[0]
        place = [str(part + 1 if isinstance(part, int) else part) for part in first["loc"]]
        return f"{remedy}: {' '.join([*place, first['msg']])}."
    return ""
