"""The documents tell the truth: links lead somewhere, and what they name exists."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG", "SECURITY")),
    *sorted((ROOT / "docs").glob("*.md")),
    *(ROOT / "lab" / name for name in ("README.md", "data/README.md")),
]
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
OUR_PATH = re.compile(
    r"(?:interviewer|interviews|accounts|ai|lab|benchmarks|templates|static|docs|\.ci)/[\w./-]*"
)
TEST_FILE = re.compile(r"test_\w+\.py")
TARGETS = re.compile(r"`make ([a-z-]+)")
STEP = re.compile(r"`(\w+)` \| `([\w/]+\.py)` \|")


def named(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


@pytest.fixture(params=DOCUMENTS, ids=named(DOCUMENTS))
def document(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_every_link_leads_somewhere(document: Path) -> None:
    assert list(broken_links(document)) == []


def test_a_dead_link_and_a_dead_anchor_are_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# One heading\n[a](page.md#one-heading) [b](#two) [c](gone.md) [d](#one-heading)\n"
    )

    assert list(broken_links(page)) == ["#two", "gone.md"]


def broken_links(document: Path) -> Iterator[str]:
    """Yield the links of a document whose file, or heading in it, is not there."""
    for link in LINK.findall(prose(document)):
        path, _hash, heading = link.partition("#")
        target = (document.parent / path) if path else document
        if link.startswith(("http://", "https://")):
            continue
        if not target.exists() or (heading and heading not in headings(target)):
            yield link


def prose(document: Path) -> str:
    """Return a document's text without its blocks of code."""
    return "".join(document.read_text(encoding="utf-8").split("```")[::2])


def headings(document: Path) -> set[str]:
    """Return the anchors that a page on GitHub has for a document's headings."""
    lines = re.findall(r"^#+ (.+)$", prose(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


def test_every_file_that_is_named_exists(document: Path) -> None:
    words = CODE.findall(prose(document))
    missing = [word for word in words if OUR_PATH.fullmatch(word) and not (ROOT / word).exists()]
    tests = {path.name for path in ROOT.glob("*/tests/test_*.py")}
    missing += [word for word in words if TEST_FILE.fullmatch(word) and word not in tests]

    assert missing == []


def test_every_make_target_that_is_named_exists(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = TARGETS.findall(document.read_text(encoding="utf-8"))

    assert [target for target in targets if f"\n{target}:" not in makefile] == []


def test_every_step_of_a_turn_is_in_the_file_that_is_named() -> None:
    steps = STEP.findall((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))

    assert len(steps) == 5
    for function, path in steps:
        source = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"^(?:async )?def {function}\(", source, re.MULTILINE), (function, path)


@pytest.mark.django_db(transaction=True)
def test_the_curl_lines_take_a_whole_interview(live_server: LiveServer) -> None:
    if shutil.which("curl") is None:
        pytest.skip("There is no curl here.")
    call_command("load_bank", verbosity=0)
    rest = (ROOT / "docs" / "rest.md").read_text(encoding="utf-8")
    block = next(part for part in rest.split("```")[1::2] if "API=" in part)
    script = block.removeprefix("bash\n").replace("http://127.0.0.1:8000", live_server.url)

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    question, follow_up, step, score = done.stdout.splitlines()
    assert question.endswith("?")
    assert follow_up.endswith("?")
    assert (step, score) == ("complete", "0")
