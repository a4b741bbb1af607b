"""A clean clone can be installed with any extra; `make wheel` and `make extras` do it for real."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from interviewer.ai_conf import EXTRAS

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


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


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_that_the_settings_ask_for_exists(extra: str) -> None:
    assert extra in PROJECT["project"]["optional-dependencies"]


def test_ci_builds_the_wheel() -> None:
    assert "make wheel" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
