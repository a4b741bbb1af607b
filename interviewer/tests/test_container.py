"""Dockerfile and compose.yaml: the official schema, and what they promise; `make container` does what they say."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((Path(__file__).parent / "data" / "compose-spec.json").read_text("utf-8"))
COMPOSE = (ROOT / "compose.yaml").read_text("utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


def with_proxy(text: str) -> str:
    """Return compose.yaml with its proxy no longer commented."""
    return re.sub(r"^  # (?=proxy:|  |certificates:)", "  ", text, flags=re.MULTILINE)


PLAIN, PROXIED = yaml.safe_load(COMPOSE), yaml.safe_load(with_proxy(COMPOSE))


@pytest.fixture
def container() -> ModuleType:
    """Return `.ci/container.py`."""
    spec = importlib.util.spec_from_file_location("container", ROOT / ".ci" / "container.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("composed", [PLAIN, PROXIED], ids=["plain", "with the proxy"])
def test_compose_follows_the_official_schema(composed: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(composed)


def test_the_schema_refuses_what_is_no_compose_file() -> None:
    wrong = {**PLAIN, "services": {**PLAIN["services"], "app": {"imagee": "interviewer"}}}

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(wrong)


def test_the_proxy_is_there_once_its_comments_go() -> None:
    assert set(PLAIN["services"]) == {"app", "database", "redis"}
    assert set(PROXIED["services"]) - set(PLAIN["services"]) == {"proxy"}


@pytest.mark.parametrize("composed", [PLAIN, PROXIED], ids=["plain", "with the proxy"])
def test_every_service_comes_back_and_keeps_what_it_stores(composed: dict[str, Any]) -> None:
    services = composed["services"].values()
    mounted = {volume.partition(":")[0] for one in services for volume in one["volumes"]}

    assert {one["restart"] for one in services} == {"unless-stopped"}
    assert mounted == set(composed["volumes"])


def test_the_app_waits_for_services_that_are_healthy() -> None:
    waits = PLAIN["services"]["app"]["depends_on"]

    assert {one["condition"] for one in waits.values()} == {"service_healthy"}
    assert all("healthcheck" in PLAIN["services"][name] for name in waits)
    assert "HEALTHCHECK" in DOCKERFILE


def test_no_password_is_written_into_compose() -> None:
    app, database = PLAIN["services"]["app"], PLAIN["services"]["database"]

    assert app["env_file"] == ".env"
    assert "${POSTGRES_PASSWORD:?" in app["environment"]["DATABASE_URL"]
    assert database["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")


def test_only_this_machine_reaches_the_app_and_nobody_the_others() -> None:
    ports = {name: one.get("ports", []) for name, one in PLAIN["services"].items()}

    assert ports == {"app": ["127.0.0.1:8000:8000"], "database": [], "redis": []}


def test_the_image_runs_as_a_user_without_rights_and_installs_by_hash(
    container: ModuleType,
) -> None:
    found = container.instructions(DOCKERFILE)
    environment = dict(pair.split("=", 1) for pair in " ".join(of(found, "ENV")).split())

    assert of(found, "USER") == ["10001"]
    assert of(found, "VOLUME") == [environment["VAR_DIR"]]
    assert any("--require-hashes" in command for command in of(found, "RUN"))
    assert "slim" in of(found, "FROM")[0]


def of(found: list[tuple[str, str]], name: str) -> list[str]:
    return [rest for instruction, rest in found if instruction == name]


@pytest.mark.parametrize(
    ("path", "stays_out"),
    [
        (".env", True),
        (".env.example", True),
        (".git/config", True),
        ("var/secret_key", True),
        ("lab/judge.py", True),
        ("interviews/tests/test_queries.py", True),
        ("ai/__pycache__/text.pyc", True),
        ("manage.py", False),
        ("interviews/testing.py", False),
        ("ai/model_files/reader-int8.onnx", False),
        ("static/css/base.css", False),
    ],
)
def test_secrets_and_tests_stay_out_of_the_image(
    container: ModuleType, path: str, stays_out: bool
) -> None:
    left_out = container.ignored((ROOT / ".dockerignore").read_text("utf-8").splitlines())

    assert (left_out.fullmatch(path) is not None) is stays_out


def test_ci_does_what_the_dockerfile_says() -> None:
    assert "make container" in (ROOT / ".ci" / "run").read_text("utf-8")
