"""Every page: accessible in both colour schemes, quiet in the console, and never wider than a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, expect

from accounts.models import User
from accounts.testing import make_user
from interviews.pages.candidate import HistoryView
from interviews.tests.browser import world as worlds
from interviews.tests.browser.checks import (
    console_problems,
    problems,
    small_targets,
    width_problems,
)
from interviews.tests.browser.people import Visitor
from interviews.tests.browser.world import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("stub")]

Pages = Callable[[World], list[str]]
AUDIENCES: dict[str, tuple[str | None, Pages]] = {
    "visitor": (None, worlds.visitor_pages),
    "newcomer": ("newcomer", worlds.newcomer_pages),
    "candidate": ("candidate", worlds.candidate_pages),
    "staff": ("staff", worlds.staff_pages),
}


def visit(visitor: Visitor, path: str) -> list[str]:
    """Open a page; return what is wrong with its status."""
    response = visitor.page.goto(path)
    assert response is not None
    if path == "/api/docs":
        visitor.page.locator(".opblock").first.wait_for()
    return [f"status {response.status}"] if response.status >= 500 else []


def problems_by_path(visitor: Visitor, paths: list[str]) -> dict[str, list[str]]:
    found = {path: visit(visitor, path) + problems(visitor, visitor.page, path) for path in paths}
    return {path: wrong for path, wrong in found.items() if wrong}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_whatever_can_be_pressed_is_as_large_as_a_finger(audience: str, visitor: Visitor) -> None:
    who, pages = AUDIENCES[audience]
    world = make_world()
    sign_in(visitor, world, who)
    own = [path for path in pages(world) if not path.startswith(("/admin", "/api"))]

    found = {path: visit(visitor, path) + small_targets(visitor.page) for path in own}

    assert {path: small for path, small in found.items() if small} == {}


def sign_in(visitor: Visitor, world: World, who: str | None) -> None:
    if who is not None:
        person: User = getattr(world, who)
        visitor.sign_in(person)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_page_is_accessible_and_quiet(audience: str, visitor: Visitor) -> None:
    who, pages = AUDIENCES[audience]
    world = make_world()
    sign_in(visitor, world, who)

    assert problems_by_path(visitor, pages(world)) == {}


def note_alert(dialog: Dialog, alerts: list[str]) -> None:
    alerts.append(dialog.message)
    dialog.dismiss()


@pytest.mark.parametrize("audience", ["candidate", "staff"])
def test_hostile_words_never_run_and_never_break_the_layout(
    audience: str, visitor: Visitor
) -> None:
    world = make_world(
        name=worlds.HOSTILE_NAME, title=worlds.HOSTILE_TITLE, text=worlds.HOSTILE_ANSWER
    )
    alerts: list[str] = []
    visitor.page.on("dialog", lambda dialog: note_alert(dialog, alerts))
    sign_in(visitor, world, audience)

    _who, pages = AUDIENCES[audience]
    found = {path: visit(visitor, path) + shape_problems(visitor) for path in pages(world)}

    assert [*filter(None, found.values())] == []
    assert alerts == []


def shape_problems(visitor: Visitor) -> list[str]:
    return console_problems(visitor) + width_problems(visitor.page)


def test_hostile_words_stand_on_the_page_as_they_were_written(visitor: Visitor) -> None:
    world = make_world(text=worlds.HOSTILE_ANSWER)
    visitor.sign_in(world.candidate)

    visitor.page.goto(f"/room/{world.done.token}/results/")

    shown = visitor.page.locator("#question-1 .answer-text")
    assert shown.text_content() == worlds.HOSTILE_ANSWER
    assert visitor.page.locator("main script, main img").count() == 0


@pytest.mark.parametrize(
    "path", ["/account/sign-up/", "/account/sign-in/", "/account/password/reset/"]
)
def test_a_refused_form_names_the_field_and_takes_the_focus_there(
    path: str, visitor: Visitor
) -> None:
    page = visitor.page
    page.goto(path)
    page.locator("main form").evaluate("form => form.noValidate = true")

    page.locator("main button[type=submit]").click()

    first = page.locator("[aria-invalid=true]").first
    expect(first).to_be_focused()
    expect(page.locator(".error").first).to_be_visible()
    assert problems(visitor, page) == []


def test_what_breaks_says_so_in_our_own_words(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.sign_in(make_user())
    page = visitor.page
    monkeypatch.setattr(HistoryView, "get_queryset", lambda _view: 1 / 0)

    page.goto("/history/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Something broke on our side")
    visitor.complaints.clear()
    assert problems(visitor, page) == []


def test_a_stale_form_says_what_to_do(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/account/sign-in/")
    page.locator("[name=csrfmiddlewaretoken]").last.evaluate("field => field.value = 'stale'")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Password").fill("whatever-it-was")

    page.locator("main button[type=submit]").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("This form has gone stale")
    assert problems(visitor, page) == []
