"""The product runs without the laboratory and without tests; `lint-imports` checks what it imports."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER_OF_TESTS = re.compile(r"""["'/](?:tests|lab)["'/]""")


def product_files() -> list[Path]:
    files = [
        file
        for app in ("interviewer", "accounts", "interviews", "ai")
        for file in ROOT.glob(f"{app}/**/*.py")
    ]
    return [file for file in files if "tests" not in file.parts and file.name != "testing.py"]


def test_no_product_module_names_a_folder_of_tests_or_of_the_laboratory() -> None:
    found = [
        str(file) for file in product_files() if FOLDER_OF_TESTS.search(file.read_text("utf-8"))
    ]

    assert len(product_files()) > 200
    assert found == []


@pytest.mark.parametrize("path", ['Path("tests")', "'lab/data'", "ai/tests/data"])
def test_such_a_path_would_be_found(path: str) -> None:
    assert FOLDER_OF_TESTS.search(path)
