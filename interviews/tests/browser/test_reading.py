"""A point and its words are shown together: under the pointer, by a tap, and by the keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from interviews.tests.browser.people import Visitor
from interviews.tests.browser.world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("stub")]

PAIRED = "element => getComputedStyle(element).backgroundColor"
NOTHING = "rgba(0, 0, 0, 0)"


def open_results(visitor: Visitor) -> Page:
    world = make_world()
    visitor.sign_in(world.candidate)
    visitor.page.emulate_media(reduced_motion="reduce")
    visitor.page.goto(f"/room/{world.done.token}/results/")
    return visitor.page


def is_marked(page: Page, selector: str) -> bool:
    return bool(page.locator(selector).first.evaluate(PAIRED) != NOTHING)


def test_hovering_over_words_marks_their_point_and_no_other(visitor: Visitor) -> None:
    page = open_results(visitor)

    page.locator("#question-1 .words.p1").hover()

    assert is_marked(page, "#point-1-1")
    assert not is_marked(page, "#point-1-2")


def test_a_tap_marks_both_and_leaves_the_address_alone(visitor: Visitor) -> None:
    page = open_results(visitor)
    address = page.url

    page.locator("#question-1 .words.p2").click()

    expect(page.locator("#point-1-2.is-paired")).to_be_visible()
    expect(page.locator("#question-1 .words.p2.is-paired")).to_be_visible()
    expect(page.locator(".is-paired")).to_have_count(2)
    assert page.url == address


def test_the_keyboard_reaches_a_points_words(visitor: Visitor) -> None:
    page = open_results(visitor)
    before = page.locator("#question-1 .words.p2").evaluate(PAIRED)

    page.locator("#point-1-2 .point-words").focus()

    assert page.locator("#question-1 .words.p2").evaluate(PAIRED) != before


def test_without_scripts_a_point_leads_to_its_words(new_visitor: Callable[..., Visitor]) -> None:
    page = open_results(new_visitor(java_script_enabled=False))

    page.locator("#point-1-2 .point-words").click()

    page.wait_for_url(re.compile("#words-1-"))
    expect(page.locator("[data-keep]")).to_be_hidden()


def test_results_are_copied_as_text(visitor: Visitor) -> None:
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = open_results(visitor)

    page.get_by_role("button", name="Copy as text").click()

    expect(page.get_by_text("Copied.")).to_be_visible()
    text = page.evaluate("navigator.clipboard.readText()")
    assert "What was heard" in text
    assert "I did say this" not in text
