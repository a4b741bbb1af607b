"""What our scripts may use: what browsers of three years ago have, and no clock or storage that can fail them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

SCRIPTS = sorted((settings.BASE_DIR / "static/js").glob("*.js"))
IMPORTED = re.compile(r'from "\./([a-z_]+\.js)"')
# Missing in Chrome 119, Firefox 119 or Safari 17.0; what is called with `?.` is looked for first.
NEWER = (
    r"AbortSignal\.any\b|withResolvers|Promise\.try|URL\.(?:can)?[pP]arse\b|fromAsync|\bgroupBy|"
    r"\.(?:union|difference|intersection|isSubsetOf)\(|\.(?:to|from)(?:Base64|Hex)\(|requestIdleCallback|"
    r"navigator\.sendBeacon\(|cookieStore|startViewTransition|\bscheduler\.|RegExp\.escape|"
    r"Iterator\.|\.showPicker|\bawait using|showPopover|checkVisibility|setHTMLUnsafe"
)
MOST_BYTES = 60_000


def pages() -> list[Path]:
    """Return the scripts that templates load."""
    templates = (settings.BASE_DIR / "templates").rglob("*.html")
    names = {name for page in templates for name in re.findall(r"js/(\w+\.js)", page.read_text())}
    return [script for script in SCRIPTS if script.name in names]


def loaded(script: Path) -> set[Path]:
    """Return a script with all that it imports."""
    found, new = set(), {script}
    while new:
        found |= new
        names = {name for one in new for name in IMPORTED.findall(one.read_text())}
        new = {script.with_name(name) for name in names} - found
    return found


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_uses_nothing_that_browsers_of_three_years_ago_lack(script: Path) -> None:
    assert re.findall(NEWER, script.read_text()) == []


def test_time_is_measured_by_a_clock_that_nobody_sets() -> None:
    users = [script.name for script in SCRIPTS if "Date.now" in script.read_text()]

    assert users == ["clock.js"]  # which only notes that it jumped, and asks the server


def test_storage_that_may_be_denied_is_used_in_one_place() -> None:
    users = [s.name for s in SCRIPTS if re.search("localStorage|sessionStorage", s.read_text())]

    assert users == ["kept.js"]


@pytest.mark.parametrize("script", pages(), ids=lambda path: path.name)
def test_no_page_loads_more_than_60_kb_of_scripts(script: Path) -> None:
    both = loaded(script) | loaded(script.with_name("app.js"))

    assert sum(len(one.read_bytes()) for one in both) <= MOST_BYTES
