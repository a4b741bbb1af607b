"""Finishes the OpenAPI schema: the problems that any call can answer with."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from drf_spectacular.generators import SchemaGenerator

ALWAYS = (400, 401, 404, 405, 406, 415, 429, 503)
ON_SUBMIT = (202, 409, 413, 422)
ON_CHANGE = (403, 409)
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened, and what to do next."},
        "errors": {"type": "object", "description": "Messages by field."},
        "state": {"type": "object", "description": "The present state of the session."},
    },
}


def add_problems(
    result: dict[str, Any], generator: SchemaGenerator, request: object, public: bool
) -> dict[str, Any]:
    """Document problem JSON on every operation (a drf-spectacular postprocessing hook)."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    for path, operations in result["paths"].items():
        for operation in operations.values():
            for status in _statuses(path):
                operation["responses"].setdefault(str(status), _response(status))
    return result


def _statuses(path: str) -> tuple[int, ...]:
    extra = ON_SUBMIT if path.endswith(("/submit/", "/start/")) else ()
    return (*ALWAYS, *ON_CHANGE, *extra)


def _response(status: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": HTTPStatus(status).phrase, "content": content}
