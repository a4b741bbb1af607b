"""A whole interview, from sign-up to results, on the real engine and the real question bank."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from interviews.models import Turn
from interviews.tests.browser.people import Visitor, go_by, press_on, tab_to

pytestmark = pytest.mark.browser

QUESTIONS = 4
MOVED_ON = """number => document.querySelector("[data-room-over]")
  || document.querySelector("[data-room-form] [name=turn]")?.value > number"""
BAD_ANSWER = "I have never done that, so I would have to guess."


@pytest.fixture
def real_bank(transactional_db: None) -> None:
    call_command("load_bank", verbosity=0)


def answer_for(turn: Turn) -> str:
    """Answer the second question badly, and every other one as the bank would."""
    if turn.question.number == 2 and not turn.is_follow_up:
        return BAD_ANSWER
    return turn.question.reference_answer


def open_turn() -> Turn:
    return Turn.objects.open().select_related("question").get()


def sign_up_with_keys(page: Page) -> None:
    page.goto("/")
    go_by(page, "Sign up")
    tab_to(page, "Your name")
    page.keyboard.type("Katherine Keyboard")
    tab_to(page, "E-mail address")
    page.keyboard.type("katherine@example.org")
    tab_to(page, "Password")
    page.keyboard.type("orbital-mechanics-62")
    go_by(page, "Make my account")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Katherine Keyboard")


def set_up_with_keys(page: Page) -> None:
    go_by(page, "Set up an interview")
    tab_to(page, "Position")
    page.keyboard.type("Software engineer")
    go_by(page, "Continue")
    expect(page.get_by_text("about 14 minutes")).to_be_visible()
    go_by(page, "Start the interview")


def answer_with_keys(page: Page, turn: Turn) -> None:
    expect(page.get_by_role("heading", name=turn.text)).to_be_visible()
    tab_to(page, "Your answer")
    page.keyboard.type(answer_for(turn))
    press_on(page, "Send answer")
    page.wait_for_function(MOVED_ON, arg=turn.number)


def expect_follow_up(page: Page) -> None:
    follow_up = Turn.objects.get(question__number=2, is_follow_up=True)
    expect(page.get_by_role("heading", name=follow_up.text)).to_be_visible()
    assert Turn.objects.filter(is_follow_up=False).count() == QUESTIONS


def expect_results(page: Page) -> None:
    expect(page.get_by_role("heading", name="What to practise next")).to_be_visible()
    marked = " ".join(page.locator("#question-1 blockquote.answer-text .words").all_text_contents())
    first = Turn.objects.select_related("answer").get(number=1)
    assert marked
    assert all(word in first.answer.text for word in marked.split())


def test_a_whole_interview_by_keyboard_alone(real_bank: None, visitor: Visitor) -> None:
    page = visitor.page
    sign_up_with_keys(page)
    set_up_with_keys(page)

    while page.locator("[data-room-over]").count() == 0:
        answer_with_keys(page, open_turn())
    go_by(page, "See your results")

    expect_results(page)
    expect_follow_up(page)
    assert visitor.complaints == []


def set_up_without_script(page: Page) -> None:
    page.goto("/account/sign-up/")
    page.get_by_label("Your name").fill("Noel Noscript")
    page.get_by_label("E-mail address").fill("noel@example.org")
    page.get_by_label("Password").fill("orbital-mechanics-62")
    page.get_by_role("button", name="Make my account").click()
    page.get_by_role("link", name="Set up an interview").click()
    page.get_by_label("Position").fill("Software engineer")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Start the interview").click()


def test_a_whole_interview_without_javascript(
    real_bank: None, new_visitor: Callable[..., Visitor]
) -> None:
    page = new_visitor(java_script_enabled=False).page
    set_up_without_script(page)

    while "results" not in page.url:
        turn = open_turn()
        expect(page.get_by_role("heading", level=1)).to_have_text(turn.text)
        page.get_by_label("Your answer").fill(answer_for(turn))
        page.get_by_role("button", name="Send answer").click()

    expect_results(page)
    expect_follow_up(page)
