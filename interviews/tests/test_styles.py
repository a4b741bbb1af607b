"""Our style sheets: small, without rules for what is not there, and loaded by every page that needs them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates"
STYLES = sorted((settings.BASE_DIR / "static/css").glob("*.css"))
MOST_LINES = 300
# What the charts' library, Django's admin and Swagger draw.
DRAWN_BY_OTHERS = {
    "history.css": r"\.chart\b",
    "scores.css": r"\.score-bar\b",
    "print.css": r"\.score-bar\b",
    "admin.css": "",
    "docs.css": r"\.swagger-ui\b",
}
# Their names are put together from a number or a word.
MADE_BY_TEMPLATES = {
    *(f"p{number}" for number in range(1, 9)),
    *("points-heard", "points-opposite"),
}


def rules(style: Path) -> list[str]:
    """Return the selectors of a style sheet."""
    text = re.sub(r"/\*.*?\*/", "", style.read_text(), flags=re.DOTALL)
    return [one.strip() for one in re.findall(r"([^{}]+)\{", text) if "@" not in one]


def styled(style: Path) -> set[str]:
    """Return the classes that a style sheet has rules for."""
    others = DRAWN_BY_OTHERS.get(style.name)
    own = [one for one in rules(style) if others is None or not re.search(others, one)]
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", " ".join(own)))


def parts(page: Path) -> set[Path]:
    """Return a template with all that it extends and includes."""
    found, new = set(), {page}
    while new:
        found |= new
        names = {
            n
            for one in new
            for n in re.findall(r'{% (?:extends|include) "([^"]+)"', one.read_text())
        }
        new = {TEMPLATES / name for name in names if (TEMPLATES / name).exists()} - found
    return found


def classes(page: Path) -> set[str]:
    """Return the classes that a template names, in whatever branch."""
    text = " ".join(one.read_text() for one in parts(page))
    given = re.findall(r'class="((?:{%.*?%}|{{.*?}}|[^"])*)"', text)
    return {name for one in given for name in re.sub(r"{%.*?%}|{{.*?}}", " ", one).split()}


def linked(page: Path) -> set[str]:
    text = " ".join(one.read_text() for one in parts(page))
    return set(re.findall(r"css/(\w+\.css)", text))


def pages() -> list[Path]:
    """Return the templates that are whole pages of ours."""
    own = [page for page in TEMPLATES.rglob("*.html") if "admin" not in page.parts]
    return sorted(page for page in own if "tokens.css" in linked(page))


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_no_style_sheet_is_longer_than_300_lines(style: Path) -> None:
    assert len(style.read_text().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_every_class_with_a_rule_is_named_by_a_template_or_a_script(style: Path) -> None:
    named = MADE_BY_TEMPLATES | set(
        re.findall(
            r"[\w-]+",
            " ".join(
                one.read_text()
                for folder, kind in (("templates", "*.html"), ("static/js", "*.js"))
                for one in (settings.BASE_DIR / folder).rglob(kind)
            ),
        )
    )

    assert styled(style) - named == set()


@pytest.mark.parametrize("page", pages(), ids=lambda path: path.stem)
def test_a_page_loads_the_rules_of_every_class_it_may_show(page: Path) -> None:
    loaded = linked(page)
    on_screen = loaded - {"print.css"}
    shown = classes(page)

    missing = {
        (style.name, name)
        for style in STYLES
        if style.name not in loaded
        for name in styled(style) & shown
        if not any(name in styled(other) for other in STYLES if other.name in on_screen)
    }

    assert missing == set()


def test_every_style_sheet_is_loaded_by_a_page() -> None:
    linked_somewhere = {name for page in TEMPLATES.rglob("*.html") for name in linked(page)}

    assert linked_somewhere == {style.name for style in STYLES}
