"""Guards what comes in as text and what is stored as JSON."""

from __future__ import annotations

import math
from typing import Any

from django.conf import settings

from interviews.errors import InvalidInput

Json = Any


def clean_text(text: str) -> str:
    """Drop what no database can hold (NUL, lone surrogates) and use one kind of line end."""
    storable = text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    return storable.replace("\r\n", "\n").replace("\r", "\n")


def clean_answer(text: str, *, field: str = "response_text") -> str:
    """Return an answer as it is stored. Raises `InvalidInput` where it is too long; nothing is cut."""
    answer = clean_text(text)
    limit = settings.MAX_ANSWER_CHARACTERS
    if len(answer) > limit:
        raise InvalidInput(
            field,
            f"The answer has {len(answer):,} characters; {limit:,} fit. Shorten it and send again.",
        )
    return answer


def clean_workflow_state_for_db(value: Json) -> Json:
    """Return `value` as JSON that every database holds: no NUL, no lone surrogate, only finite numbers.

    Everything a run of the graph leaves behind passes through here before it becomes a row.
    Raises `TypeError` for what is not JSON and `ValueError` for a number that is not finite.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, float):
        return _finite(value)
    if isinstance(value, dict):
        return {_key(key): clean_workflow_state_for_db(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean_workflow_state_for_db(item) for item in value]
    raise TypeError(f"{type(value).__name__} is not JSON and cannot be stored.")


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a finite number and cannot be stored.")
    return value


def _key(key: Json) -> str:
    if not isinstance(key, str):
        raise TypeError(f"A JSON object has text keys, not {type(key).__name__}.")
    return str(clean_workflow_state_for_db(key))
