"""A clean clone can be installed with any extra; `make wheel` and `make extras` do it for real."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from interviewer.extras import LOCKS, MODULES

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK_FILES = ("requirements.lock", "requirements-dev.lock", "requirements-postgres.lock")
ASKED_FOR = (
    *("django", "djangorestframework", "djangorestframework-simplejwt", "channels", "daphne"),
    *("langgraph", "google-generativeai", "google-cloud-speech"),
)
ONLY_IN_EXTRAS = (
    *("psycopg", "psycopg-binary", "psycopg-pool", "google-genai", "langchain"),
    *("langchain-openai", "google-cloud-texttospeech"),
)


def pins(name: str) -> dict[str, str]:
    """Return each package that a lock holds and its version."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==(\S+)", text, re.MULTILINE))


def test_the_build_is_told_that_a_flat_layout_holds_no_packages() -> None:
    """Setuptools guesses otherwise, and refuses more than one top-level folder."""
    assert PROJECT["tool"]["setuptools"] == {"packages": []}
    assert PROJECT["build-system"]["build-backend"] == "setuptools.build_meta"


def test_every_extra_is_resolved_and_imported_by_the_gate() -> None:
    code = "import sys; sys.path.insert(0, '.ci'); import extras; print(*extras.extras())"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert told.stdout.split() == list(PROJECT["project"]["optional-dependencies"])


def test_the_settings_know_every_extra_but_that_for_engineers() -> None:
    assert set(MODULES) == set(PROJECT["project"]["optional-dependencies"]) - {"dev"}


@pytest.mark.parametrize("name", ASKED_FOR)
def test_what_was_asked_for_by_name_is_core(name: str) -> None:
    assert name in pins("requirements.lock")


@pytest.mark.parametrize("name", ONLY_IN_EXTRAS)
def test_what_the_default_never_loads_is_not_in_its_lock(name: str) -> None:
    assert name not in pins("requirements.lock")
    assert name in pins("requirements-dev.lock")


@pytest.mark.parametrize("name", LOCK_FILES)
def test_a_lock_agrees_with_that_for_engineers(name: str) -> None:
    assert pins(name)
    assert pins(name).items() <= pins("requirements-dev.lock").items()


@pytest.mark.parametrize("name", LOCK_FILES)
def test_a_lock_has_hashes_and_names_no_index(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z])", text)

    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text
    assert "index-url" not in text


def test_the_lock_of_an_extra_is_there() -> None:
    assert set(LOCKS.values()) <= set(LOCK_FILES)


def test_ci_builds_the_wheel() -> None:
    assert "make wheel" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
