"""Believes a reply only when everything about it is right."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from ai.calling.completion import BLOCKED, M, Reply, Request
from ai.errors import ReplyBlocked, ReplyUnusable

NAMED_PROBLEMS = 3
LONGEST_REPLY = 500_000


def accept(reply: Reply, request: Request[M]) -> M:
    """Return the one finished candidate of a reply in the shape that was asked for.

    Raises `ReplyBlocked` where the provider declined, and `ReplyUnusable` for anything else than one candidate that
    finished by itself with strict JSON of the right shape. The message never repeats the reply.
    """
    if reply.finish in BLOCKED:
        raise ReplyBlocked(f"The provider declined this text ({reply.finish.lower()}).")
    if reply.candidates != 1:
        raise ReplyUnusable(f"The reply has {reply.candidates} candidates instead of one.")
    if reply.finish != "STOP":
        raise ReplyUnusable(f"The reply did not finish ({reply.finish.lower() or 'no reason'}).")
    if len(reply.text) > LONGEST_REPLY:
        raise ReplyUnusable("The reply is too long.")
    value = _shaped(strict_json(reply.text), request)
    if problem := request.check(value):
        raise ReplyUnusable(problem)
    return value


def _shaped(data: Any, request: Request[M]) -> M:
    try:
        return request.schema.model_validate(data, strict=True)
    except ValidationError as error:
        problems = _problems(error, names_in(request.json_schema))
        raise ReplyUnusable(f"The reply has the wrong shape: {problems}.") from None


def strict_json(text: str) -> Any:
    """Parse JSON and nothing but JSON: no fences, comments, trailing commas, NaN or repeated keys."""
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise ReplyUnusable("The reply is not JSON.") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _value in pairs}) < len(pairs):
        raise ValueError("A key is there twice.")
    return dict(pairs)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON.")


def names_in(schema: Mapping[str, Any]) -> set[str]:
    """Return the names of all fields of a flat JSON schema."""
    fields = schema.get("properties", {})
    parts = [*fields.values(), *([schema["items"]] if "items" in schema else [])]
    return set(fields).union(*map(names_in, parts))


def _problems(error: ValidationError, names: Collection[str]) -> str:
    """Name places and kinds, without values or names of the model's own: what it wrote goes nowhere else."""

    def place(loc: Sequence[int | str]) -> str:
        known = [str(part) if isinstance(part, int) or part in names else "?" for part in loc]
        return ".".join(known) or "reply"

    found = [
        f"{place(problem['loc'])} ({problem['type']})"
        for problem in error.errors(include_input=False, include_url=False, include_context=False)
    ]
    return ", ".join(found[:NAMED_PROBLEMS])
