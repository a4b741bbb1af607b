"""docs/settings.md names every setting, as the code reads it."""

from __future__ import annotations

import re
from pathlib import Path

from interviewer.settings_meanings import FIRST, GROUPS
from interviewer.settings_reference import DOCUMENT, document, reads

ROOT = Path(__file__).resolve().parents[2]
EXPLAINED = [meaning.name for _title, group in GROUPS for meaning in group]


def test_every_setting_is_explained_once() -> None:
    assert len(reads()) > 50
    assert sorted(EXPLAINED) == sorted(reads())


def test_the_document_is_what_the_code_says() -> None:
    """If this fails: `python -m interviewer.settings_reference` writes it anew."""
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_the_twenty_that_matter_first_are_different_ones() -> None:
    assert len(set(FIRST)) == len(FIRST) == 20


def test_ranges_choices_and_defaults_come_from_the_code() -> None:
    written = DOCUMENT.read_text(encoding="utf-8")

    assert "| `PORT` | `8000` | 1 to 65,535 |" in written
    assert "| `VOICE_PROVIDER` | `none` | `none`, `espeak-ng`, `google` |" in written
    assert "| `DEBUG` | `0` | 0 or 1 |" in written


def test_the_example_environment_holds_only_real_settings() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")

    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)) <= reads().keys()
