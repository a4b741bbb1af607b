"""What our scripts may use: what browsers of three years ago have, and no clock or storage that can fail them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

SCRIPTS = sorted((settings.BASE_DIR / "static/js").glob("*.js"))
# Missing in Chrome 119, Firefox 119 or Safari 17.0; what is called with `?.` is looked for first.
NEWER = (
    r"AbortSignal\.any\b|withResolvers|Promise\.try|URL\.(?:can)?[pP]arse\b|fromAsync|\bgroupBy|"
    r"\.(?:union|difference|intersection|isSubsetOf)\(|\.(?:to|from)(?:Base64|Hex)\(|requestIdleCallback|"
    r"navigator\.sendBeacon\(|cookieStore|startViewTransition|\bscheduler\.|RegExp\.escape|"
    r"Iterator\.|\.showPicker|\bawait using|showPopover|checkVisibility|setHTMLUnsafe"
)
STATIC_IMPORT = re.compile(r'^import\b[^"(]*"\./(\w+\.js)"', re.MULTILINE)
DYNAMIC_IMPORT = re.compile(r'\bimport\("\./(\w+\.js)"\)')
# Loaded only when something happens, so a page that was only opened does without them.
ON_AN_EVENT = {
    (
        "voice_on_demand.js",
        "voice.js",
    ),  # the first time somebody moves, presses or types in the room
    ("earlier_visit.js", "flush.js"),  # an answer of an earlier visit never went out
    ("app.js", "flush.js"),  # the same, on any other page
    ("earlier_visit.js", "leftovers.js"),  # a question was closed before its words had arrived
}
MOST_LINES_OF_A_FILE = 200
MOST_LINES_OF_A_PAGE = 1_200  # without blank lines and comments; the room is the largest
MOST_BYTES_OF_A_PAGE = 60_000
NOT_CODE = re.compile(r"\s*(?:(?://|/\*\*).*)?")


def pages() -> dict[str, set[Path]]:
    """Return what each template that names scripts loads, by the template's name."""
    templates = settings.BASE_DIR / "templates"
    found = {}
    for page in sorted(templates.rglob("*.html")):
        text = page.read_text()
        names = set(re.findall(r"js/(\w+\.js)", text))
        if names and '{% extends "base.html" %}' in text:
            names.add("app.js")
        if names:
            found[str(page.relative_to(templates))] = loaded(names)
    return found


def loaded(names: set[str]) -> set[Path]:
    """Return these scripts with all that they import, at once or later, unless that waits for an event."""
    found: set[str] = set()
    while names:
        found |= names
        names = {name for one in names for name in imported(one)} - found
    return {script for script in SCRIPTS if script.name in found}


def imported(name: str) -> set[str]:
    text = next(script for script in SCRIPTS if script.name == name).read_text()
    later = {one for one in DYNAMIC_IMPORT.findall(text) if (name, one) not in ON_AN_EVENT}
    return later | set(STATIC_IMPORT.findall(text))


def code_lines(script: Path) -> int:
    return sum(not NOT_CODE.fullmatch(line) for line in script.read_text().splitlines())


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_uses_nothing_that_browsers_of_three_years_ago_lack(script: Path) -> None:
    assert re.findall(NEWER, script.read_text()) == []


def test_time_is_measured_by_a_clock_that_nobody_sets() -> None:
    users = [script.name for script in SCRIPTS if "Date.now" in script.read_text()]

    assert users == ["clock.js"]  # which only notes that it jumped, and asks the server


def test_storage_that_may_be_denied_is_used_in_one_place() -> None:
    users = [s.name for s in SCRIPTS if re.search("localStorage|sessionStorage", s.read_text())]

    assert users == ["kept.js"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_is_longer_than_200_lines(script: Path) -> None:
    assert len(script.read_text().splitlines()) <= MOST_LINES_OF_A_FILE


@pytest.mark.parametrize(("page", "scripts"), pages().items())
def test_no_page_loads_too_many_lines_or_bytes_of_scripts(page: str, scripts: set[Path]) -> None:
    assert sum(code_lines(script) for script in scripts) <= MOST_LINES_OF_A_PAGE, page
    assert sum(len(script.read_bytes()) for script in scripts) <= MOST_BYTES_OF_A_PAGE, page


def test_what_waits_for_an_event_is_imported_there_and_nowhere_else_at_once() -> None:
    dynamic = {
        (script.name, name)
        for script in SCRIPTS
        for name in DYNAMIC_IMPORT.findall(script.read_text())
    }

    assert dynamic - ON_AN_EVENT == {("app.js", "estimate.js")}
    assert ON_AN_EVENT - dynamic == set()
    room = {script.name for script in pages()["interviews/room.html"]}
    assert room.isdisjoint(name for _by, name in ON_AN_EVENT)


def test_no_script_is_left_that_no_page_loads() -> None:
    waiting = {name for _by, name in ON_AN_EVENT}

    used = set().union(*pages().values()) | loaded(waiting)

    assert used == set(SCRIPTS)
