"""The room over its socket: one answer, one rating, tabs in step, and forms when the socket dies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from accounts.testing import make_user
from interviews import testing
from interviews.models import InterviewSession
from interviews.testing import make_session
from interviews.tests.browser.checks import problems
from interviews.tests.browser.live import (
    CUT,
    MEND,
    TEAR,
    elsewhere,
    enter,
    running_daphne,
    send,
    visiting,
)
from interviews.tests.browser.people import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("stub", "bank")]

WHOLE = "k1 k2 k3"
CODE = "def first(items):\n    return items[0]"
OWN_WORDS = "What I wrote in the second tab."
# A closed socket says nothing more: what the server sent just before must not arrive after.
REFUSE = """(code) => window.wires.all.forEach((wire) => {
  wire.onmessage = null;
  wire.onclose({ code });
})"""


@pytest.fixture(scope="module")
def url(django_db_setup: None) -> Iterator[str]:
    with running_daphne(STUB_EAR="1") as address:
        yield address


@pytest.fixture
def rosa(browser: Browser, transactional_db: None, url: str) -> Iterator[Visitor]:
    with visiting(browser, url) as visitor:
        yield visitor


@pytest.fixture
def session(transactional_db: None) -> InterviewSession:
    return make_session(make_user(full_name="Rosa Room"), num_questions=3)


def expect_turn(page: Page, number: int) -> None:
    expect(page.locator("[data-room-form] [name=turn]")).to_have_value(str(number))


def posts(page: Page) -> list[str]:
    """Note every form that the page posts from now on."""
    noted: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            noted.append(request.url)

    page.on("request", note)
    return noted


def test_a_whole_interview_without_a_single_form(rosa: Visitor, session: InterviewSession) -> None:
    page = enter(rosa, session)
    noted = posts(page)

    for turn in (1, 2, 3):
        expect_turn(page, turn)
        page.get_by_label("Your answer").fill(WHOLE)
        page.get_by_text("Draft saved.").wait_for()
        send(page)
    expect(page.locator("[data-room-over]")).to_be_visible()

    assert [url for url in noted if "draft" in url] == []
    assert session.answers.count() == 3
    assert problems(rosa, page) == []


def test_the_new_question_has_the_focus_and_the_feedback_stands_above(
    rosa: Visitor, session: InterviewSession
) -> None:
    page = enter(rosa, session)
    page.get_by_label("Your answer").fill(WHOLE)

    page.keyboard.press("Control+Enter")

    expect_turn(page, 2)
    expect(page.locator(".feedback .level")).to_contain_text("Level")
    expect(page.locator("#question")).to_be_focused()
    expect(page.locator("[data-announce]")).not_to_be_empty()
    assert problems(rosa, page) == []


@pytest.mark.parametrize("is_torn", [False, True])
def test_points_to_tick_off_do_not_hold_up_the_next_question(
    rosa: Visitor, session: InterviewSession, *, is_torn: bool
) -> None:
    page, other = enter(rosa, session), enter(rosa, session)
    for turn in (1, 2):
        expect_turn(page, turn)
        page.get_by_label("Your answer").fill(CODE)
        if is_torn:
            page.evaluate(CUT)
            page.evaluate(TEAR)
        send(page)
        expect_turn(page, turn + 1)
        expect_turn(other, turn + 1)
        expect(page.locator("#question")).to_be_focused()

    page.get_by_text("Check it yourself: the key points").click()
    page.get_by_label("Key point 2").check()
    page.get_by_role("button", name="Keep my ticks").click()

    expect_turn(page, 3)
    expect(page.get_by_label("Key point 2")).to_be_checked()
    assert is_torn or problems(rosa, page) == []


def test_a_second_tab_follows_the_first(rosa: Visitor, session: InterviewSession) -> None:
    first, second = enter(rosa, session), enter(rosa, session)
    first.get_by_label("Your answer").fill(WHOLE)

    send(first)

    expect_turn(first, 2)
    expect_turn(second, 2)
    expect(second.get_by_role("alert")).to_have_count(0)


def test_a_second_tab_that_follows_shows_the_words_it_had_not_sent(
    rosa: Visitor, session: InterviewSession
) -> None:
    first, second = enter(rosa, session), enter(rosa, session)
    second.get_by_label("Your answer").fill(OWN_WORDS)
    first.get_by_label("Your answer").fill(WHOLE)

    send(first)

    expect_turn(second, 2)
    expect(second.get_by_role("alert")).to_contain_text(OWN_WORDS)
    assert [answer.text for answer in session.answers.all()] == [WHOLE]
    assert problems(rosa, second) == []


def test_a_socket_that_is_gone_is_replaced_by_forms(
    rosa: Visitor, session: InterviewSession
) -> None:
    page = enter(rosa, session)
    page.evaluate(CUT)
    page.evaluate(TEAR)
    noted = posts(page)

    page.get_by_label("Your answer").fill(WHOLE)
    send(page)
    expect_turn(page, 2)

    assert any(f"/room/{session.token}/" in url for url in noted)
    assert [answer.text for answer in session.answers.all()] == [WHOLE]


def test_an_answer_that_the_socket_swallowed_goes_by_the_form_with_the_same_key(
    rosa: Visitor, session: InterviewSession
) -> None:
    page = enter(rosa, session)
    page.get_by_label("Your answer").fill(WHOLE)
    key = page.locator("[name=key]").input_value()
    page.evaluate(CUT)

    send(page)

    expect_turn(page, 2)
    assert [(answer.text, answer.key) for answer in session.answers.all()] == [(WHOLE, key)]


def test_an_answer_under_way_without_any_network_arrives_once_when_it_is_back(
    rosa: Visitor, session: InterviewSession
) -> None:
    page = enter(rosa, session)
    page.get_by_label("Your answer").fill(WHOLE)
    page.route("**/room/**", lambda route: route.abort())
    page.evaluate(CUT)
    send(page)
    expect(page.locator("#saved")).to_contain_text("Your answer is kept here")

    page.evaluate(TEAR)
    page.evaluate(MEND)

    expect_turn(page, 2)
    assert [answer.text for answer in session.answers.all()] == [WHOLE]


def test_words_typed_while_the_socket_is_away_become_a_draft(
    rosa: Visitor, session: InterviewSession
) -> None:
    page = enter(rosa, session)
    page.evaluate(CUT)
    page.evaluate(TEAR)

    page.get_by_label("Your answer").press_sequentially("Half a")

    expect(page.get_by_text("Draft saved.")).to_be_visible()
    assert session.turns.get().draft == "Half a"


def test_what_happened_while_the_socket_was_away_is_there_when_it_is_back(
    rosa: Visitor, session: InterviewSession
) -> None:
    page = enter(rosa, session)
    page.evaluate(CUT)
    page.evaluate(TEAR)
    elsewhere(lambda: testing.answer(session))

    page.evaluate(MEND)

    expect_turn(page, 2)


def test_an_answer_is_sent_while_the_browser_asks_for_the_microphone(
    rosa: Visitor, session: InterviewSession
) -> None:
    page = enter(rosa, session)
    page.evaluate("() => { navigator.mediaDevices.getUserMedia = () => new Promise(() => {}); }")
    page.get_by_role("button", name="Speak").click()
    expect(page.get_by_text("Opening the microphone…")).to_be_visible()
    page.get_by_label("Your answer").fill(WHOLE)

    send(page)

    expect_turn(page, 2)
    assert [answer.text for answer in session.answers.all()] == [WHOLE]


@pytest.mark.parametrize(
    ("code", "words"),
    [(4401, "You are signed out."), (4404, "not there any more"), (4429, "Sending works without")],
)
def test_a_socket_that_is_refused_says_why(
    code: int, words: str, rosa: Visitor, session: InterviewSession
) -> None:
    page = enter(rosa, session)

    page.evaluate(REFUSE, code)

    expect(page.locator("#saved")).to_contain_text(words)


def test_an_answer_typed_without_a_socket_in_a_tab_that_was_closed_goes_on_the_next_visit(
    rosa: Visitor, session: InterviewSession
) -> None:
    page = enter(rosa, session)
    page.get_by_label("Your answer").fill(WHOLE)
    page.route("**/room/**", lambda route: route.abort())
    page.evaluate(CUT)
    page.evaluate(TEAR)
    send(page)
    expect(page.locator("#saved")).to_contain_text("Your answer is kept here")
    page.close()

    again = enter(rosa, session)

    expect_turn(again, 2)
    assert [answer.text for answer in session.answers.all()] == [WHOLE]
