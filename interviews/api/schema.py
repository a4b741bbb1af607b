"""The OpenAPI schema: real error codes, headers and examples for every operation."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework.serializers import ModelSerializer

from interviews.api.examples import EXAMPLES

JSON = dict[str, Any]
ALWAYS = (400, 406, 503)
WITH_BODY = (413, 415)
RETRY_AFTER = {
    "description": "Seconds to wait before sending the same request again.",
    "schema": {"type": "integer", "minimum": 0},
}
CHALLENGE = {"description": "How to sign in.", "schema": {"type": "string"}}
HEADERS = {
    202: {"Retry-After": RETRY_AFTER},
    401: {"WWW-Authenticate": CHALLENGE},
    429: {"Retry-After": RETRY_AFTER},
    503: {"Retry-After": RETRY_AFTER},
}
PROBLEM: JSON = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "What happened, as an address that documents it. All are listed at `/api/problems`.",
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened, and what to do next."},
        "errors": {
            "type": "object",
            "description": "Messages by member, parameter or header.",
            "additionalProperties": True,
        },
        "state": {
            "type": "object",
            "description": "The present state of the session.",
            "additionalProperties": True,
        },
    },
    "example": {
        "type": "/api/problems#invalid",
        "title": "Some values cannot be used",
        "status": 400,
        "detail": "Some fields need another look.",
        "errors": {"num_questions": ["Ensure this value is less than or equal to 20."]},
    },
}


class Schema(AutoSchema):
    """Describes one operation. A view names in `fails` the codes that are its own, by action or method."""

    def get_operation(self, *args: Any, **kwargs: Any) -> JSON | None:
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        operation["security"] = [one for one in operation.get("security", []) if one]
        _number_path_parameters(operation)
        component: Any = ResolvedComponent
        self.registry.register_on_missing(
            component("Problem", component.SCHEMA, PROBLEM, "Problem")
        )
        for status in sorted(self._failures(operation)):
            operation["responses"].setdefault(str(status), _problem(status))
        for status, headers in HEADERS.items():
            if response := operation["responses"].get(str(status)):
                response.setdefault("headers", {}).update(headers)
        return operation

    def get_tags(self) -> list[str]:
        names = self._tokenize_path()
        return ["sessions" if "session" in names else names[0]]

    def _failures(self, operation: JSON) -> set[int]:
        view = self.view
        own = getattr(view, "fails", {})
        action = getattr(view, "action", None) or self.method.lower()
        parameters = operation.get("parameters", [])
        return {
            *ALWAYS,
            *own.get(action, ()),
            *((401,) if operation["security"] else ()),
            *((404,) if any(p["name"] == "page" or p["in"] == "path" for p in parameters) else ()),
            *(WITH_BODY if "requestBody" in operation else ()),
            *((429,) if view.get_throttles() else ()),
        }

    def _get_serializer_name(self, *args: Any, **kwargs: Any) -> str:
        return str(super()._get_serializer_name(*args, **kwargs)).replace("Shape", "")

    def _map_basic_serializer(self, serializer: Any, direction: str) -> JSON:
        """Require what every reply has, and refuse what no request may have."""
        schema: JSON = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        if direction == "request":
            schema["additionalProperties"] = False
        elif isinstance(serializer, ModelSerializer):
            schema["required"] = sorted(schema["properties"])
        return schema


def _number_path_parameters(operation: JSON) -> None:
    """Describe what an address takes as digits as the number that it is."""
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path" and "[0-9]" in parameter["schema"].get("pattern", ""):
            parameter["schema"] = {"type": "integer", "minimum": 1}


def _problem(status: int) -> JSON:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": HTTPStatus(status).phrase, "content": content}


def without_slash(endpoints: list[Any], **_kwargs: Any) -> list[Any]:
    """Name addresses without their optional slash (a drf-spectacular preprocessing hook)."""
    return [(path.rstrip("/"), *rest) for path, *rest in endpoints]


def finish(result: JSON, generator: SchemaGenerator, request: object, public: bool) -> JSON:
    """Add examples, and a type beside each `nullable` (a drf-spectacular postprocessing hook)."""
    for operations in result["paths"].values():
        for operation in operations.values():
            for content in _contents(operation):
                _add_example(content)
    for schema in result["components"]["schemas"].values():
        for value in schema.get("properties", {}).values():
            if value.get("nullable") and "allOf" in value:
                value["type"] = "object"
    return result


def _contents(operation: JSON) -> list[JSON]:
    parts = [operation.get("requestBody", {}), *operation["responses"].values()]
    return [content for part in parts for content in part.get("content", {}).values()]


def _add_example(content: JSON) -> None:
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    if name in EXAMPLES:
        content["example"] = EXAMPLES[name]
