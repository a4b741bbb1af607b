"""The README is short and tells the truth: its commands exist, its pictures are small, and it leads to every document."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MOST_WORDS = 800
MOST_BYTES = 150 * 1024
SHORTEST_ALT_TEXT = 40


def test_the_readme_is_read_in_five_minutes() -> None:
    assert len(README.split()) <= MOST_WORDS


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    block = README.split("```bash\n")[1].split("```")[0]
    commands = [line.split("#")[0].split() for line in block.splitlines()]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert commands == [["make", "run"], ["make", "test"]]
    assert all(f"\n{target}:" in makefile for _make, target in commands)


def test_two_small_pictures_are_shown_and_told_in_words() -> None:
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", README)

    assert [path for _text, path in pictures] == [
        "docs/pictures/room.png",
        "docs/pictures/result.png",
    ]
    for text, path in pictures:
        assert len(text) >= SHORTEST_ALT_TEXT
        assert (ROOT / path).stat().st_size <= MOST_BYTES


def test_the_readme_leads_to_every_document() -> None:
    documents = [path.name for path in sorted((ROOT / "docs").glob("*.md"))]

    assert [name for name in documents if f"](docs/{name})" not in README] == []
    assert all(f"]({name}.md)" in README for name in ("CONTRIBUTING", "CHANGELOG", "SECURITY"))
