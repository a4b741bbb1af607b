"""Checks the JSON parts of a question by the rules of the bank's files, and names the field that is wrong."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError as FieldErrors
from pydantic import TypeAdapter, ValidationError

from interviews.bank_files import KeyPointEntry, SourceEntry

POINTS = TypeAdapter(list[KeyPointEntry])
SOURCES = TypeAdapter(list[SourceEntry])
LEVELS = frozenset("12345")


class ChecksParts:
    """A form of a question that checks its JSON parts, too."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}  # type: ignore[misc]
        if {"key_points", "anchors"} <= set(data):
            check_parts(data["key_points"], data["anchors"], data.get("sources"))
        return data


def check_parts(key_points: Any, anchors: Any, sources: Any = None) -> None:
    """Raise Django's `ValidationError` with a message for each of the fields that is not as it must be."""
    found = {
        "key_points": points_problem(key_points),
        "anchors": anchors_problem(anchors),
        "sources": sources_problem(sources or []),
    }
    problems = {field: problem for field, problem in found.items() if problem}
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


def sources_problem(sources: Any) -> str:
    """Say what is wrong with the sources of a question, or nothing."""
    try:
        SOURCES.validate_python(sources)
    except ValidationError as error:
        first = error.errors()[0]
        place = "".join(f"{p + 1} " if isinstance(p, int) else f"{p} " for p in first["loc"])
        return f"Give a list of pages, each with title and url ({place.strip()}: {first['msg']})."
    return ""
