"""The OpenAPI description says what clients generated from it depend on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from drf_spectacular.generators import SchemaGenerator

from interviews.api.examples import EXAMPLES

METHODS = {"get", "post", "put", "patch", "delete"}
OPEN = {"auth_register", "auth_login", "auth_token", "auth_refresh"}
PROBLEM = "#/components/schemas/Problem"


@cache
def described() -> Any:
    generator: Any = SchemaGenerator
    return json.loads(json.dumps(generator().get_schema(request=None, public=True)))


def operations() -> Iterator[tuple[str, str, Any]]:
    for path, item in described()["paths"].items():
        for method in METHODS & set(item):
            yield path, method, item[method]


def operation(name: str) -> Any:
    return next(one for _path, _method, one in operations() if one["operationId"] == name)


def codes(name: str) -> set[str]:
    return set(operation(name)["responses"])


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].rpartition("/")[2]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_it_says_who_offers_it_where_and_under_which_licence() -> None:
    info = described()["info"]

    assert info["license"] == {"name": "MIT", "url": "https://opensource.org/license/mit"}
    assert info["contact"]["name"]
    assert described()["servers"][0]["url"] == "/"


def test_every_operation_has_a_name_a_summary_and_a_tag_that_is_explained() -> None:
    tags = {tag["name"] for tag in described()["tags"] if tag["description"]}

    for path, _method, one in operations():
        assert one["summary"], path
        assert set(one["tags"]) <= tags
    names = [one["operationId"] for _path, _method, one in operations()]
    assert len(names) == len(set(names))


def test_security_is_said_of_every_operation() -> None:
    for _path, _method, one in operations():
        wanted: list[Any] = [] if one["operationId"] in OPEN else [{"jwtAuth": []}]
        assert one["security"] == wanted, one["operationId"]


def test_numbers_in_addresses_are_integers() -> None:
    found = [
        (parameter["name"], parameter["schema"]["type"])
        for _path, _method, one in operations()
        for parameter in one.get("parameters", [])
        if parameter["in"] == "path"
    ]

    assert {kind for name, kind in found if name in {"id", "turn"}} == {"integer"}
    assert {kind for name, kind in found if name in {"token", "key"}} == {"string"}
    assert not any(path.endswith("/") for path, _method, _one in operations())


@pytest.mark.parametrize("name", ["interviews_session_submit", "interviews_start"])
def test_still_working_has_a_schema_of_its_own(name: str) -> None:
    response = operation(name)["responses"]["202"]

    assert response["content"]["application/json"]["schema"]["$ref"].endswith("/Working")
    assert "Retry-After" in response["headers"]
    assert set(described()["components"]["schemas"]["Working"]["required"]) == {
        "status",
        "detail",
        "retry_after",
    }


def test_a_reply_says_which_members_it_always_has() -> None:
    schemas = described()["components"]["schemas"]
    replies = {
        name
        for _path, _method, one in operations()
        for response in one["responses"].values()
        for name in references(response)
    }
    optional = {"OAuthToken": {"access_token", "refresh_token", "expires_in"}}

    assert {"Interview", "User", "Submit", "PaginatedListedInterviewList"} <= replies
    for name in replies - {"Problem"}:
        missing = set(schemas[name].get("properties", {})) - set(schemas[name].get("required", []))
        assert missing == optional.get(name, set()), name


def test_a_request_takes_no_other_members() -> None:
    for _path, _method, one in operations():
        for name in references(one.get("requestBody")):
            assert described()["components"]["schemas"][name]["additionalProperties"] is False


def test_there_are_examples_and_they_fit() -> None:
    document, seen = described(), set()
    for _path, _method, one in operations():
        for part in (one.get("requestBody", {}), *one["responses"].values()):
            for content in part.get("content", {}).values():
                name = content["schema"].get("$ref", "").rpartition("/")[2]
                if name in EXAMPLES:
                    seen.add(name)
                    assert content["example"] == json.loads(json.dumps(EXAMPLES[name]))
    assert seen == set(EXAMPLES)
    for name, example in EXAMPLES.items():
        schema = {**document, "$ref": f"#/components/schemas/{name}"}
        jsonschema_rs.validate(_nullable(schema), example)


def _nullable(node: Any) -> Any:
    """Say `nullable` as JSON Schema does."""
    if isinstance(node, list):
        return [_nullable(value) for value in node]
    if not isinstance(node, dict):
        return node
    inner = {name: _nullable(value) for name, value in node.items() if name != "nullable"}
    return {"anyOf": [inner, {"type": "null"}]} if node.get("nullable") is True else inner


def test_errors_are_those_that_an_operation_has() -> None:
    always = {"400", "406", "503"}

    assert codes("users_me_retrieve") == {"200", "401"} | always
    assert codes("users_list") == {"200", "401", "403", "404"} | always
    assert codes("auth_refresh") == {"200", "401", "413", "415"} | always
    assert codes("auth_register") == {"201", "413", "415", "429"} | always
    assert codes("interviews_create") == {"201", "401", "413", "415", "422"} | always
    assert codes("interviews_retrieve") == {"200", "304", "401", "404", "412"} | always
    assert codes("interviews_destroy") == {"204", "401", "404", "409", "412"} | always
    assert codes("interviews_session_submit") == {
        *("200", "202", "401", "404", "409", "413", "415", "422", "429"),
        *always,
    }


def test_every_error_is_problem_json() -> None:
    for _path, _method, one in operations():
        for status, response in one["responses"].items():
            if status >= "400":
                schema = response["content"]["application/problem+json"]["schema"]
                assert schema == {"$ref": PROBLEM}


def test_headers_that_clients_read_are_described() -> None:
    for _path, _method, one in operations():
        for status in {"202", "429", "503"} & set(one["responses"]):
            assert "Retry-After" in one["responses"][status]["headers"]
        if "201" in one["responses"]:
            assert "Location" in one["responses"]["201"]["headers"]
    made = operation("interviews_create")["responses"]["201"]["headers"]
    answered = operation("interviews_session_submit")["responses"]["200"]["headers"]
    assert {"ETag", "Idempotent-Replayed"} <= set(made)
    assert "Idempotent-Replayed" in answered
    sent = {
        name: {p["name"] for p in operation(name)["parameters"] if p["in"] == "header"}
        for name in ("interviews_create", "interviews_partial_update", "interviews_destroy")
    }
    assert sent == {
        "interviews_create": {"Idempotency-Key"},
        "interviews_partial_update": {"If-Match"},
        "interviews_destroy": {"If-Match"},
    }


def test_lists_say_how_they_are_paged_filtered_and_ordered() -> None:
    parameters = {p["name"]: p["schema"] for p in operation("interviews_list")["parameters"]}

    assert parameters["page"] == {"type": "integer", "minimum": 1}
    assert parameters["page_size"]["maximum"] == 100
    assert parameters["assigned"] == {"type": "string", "enum": ["me"]}
    assert "created_at" in parameters["ordering"]["pattern"]


def test_every_component_is_used() -> None:
    used = set(references(described()["paths"]))
    schemas = described()["components"]["schemas"]
    while inner := {n for name in used for n in references(schemas[name])} - used:
        used |= inner

    assert used == set(schemas)


def test_signing_in_takes_the_form_of_oauth() -> None:
    content = operation("auth_token")["requestBody"]["content"]

    assert set(content) == {"application/json", "application/x-www-form-urlencoded"}
