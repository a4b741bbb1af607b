"""The interview room under rough handling: nothing typed is lost, nothing sent counts twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from accounts.testing import make_user
from ai.testing import StubModel
from interviews.models import Answer, InterviewSession
from interviews.testing import make_session
from interviews.tests.browser.people import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("stub")]

TYPED = "k1 comes first, and k2 follows from it."
WHOLE = "k1 k2 k3"
FOCUS = "() => window.dispatchEvent(new Event('focus'))"


@pytest.fixture
def session(transactional_db: None, bank: None) -> InterviewSession:
    return make_session(make_user(full_name="Rosa Room"), num_questions=3)


@pytest.fixture
def room(visitor: Visitor, session: InterviewSession) -> Page:
    """Open the session's room as its candidate."""
    return open_room(visitor, session)


def open_room(visitor: Visitor, session: InterviewSession) -> Page:
    visitor.sign_in(session.candidate)
    page = visitor.new_tab()
    page.goto(f"/room/{session.token}/")
    return page


def write(page: Page, text: str) -> None:
    page.get_by_label("Your answer").press_sequentially(text)


def send(page: Page) -> None:
    page.get_by_role("button", name="Send answer").click()


def expect_turn(page: Page, number: int) -> None:
    expect(page.locator("[data-room-form] [name=turn]")).to_have_value(str(number))


def draft_of(session: InterviewSession) -> str:
    return session.turns.open().get().draft


def wait_for_draft(session: InterviewSession, text: str, *, within: float) -> None:
    """Wait in real time until the server holds the draft."""
    end = time.monotonic() + within
    while draft_of(session) != text:
        assert time.monotonic() < end, f"After {within} s the server holds {draft_of(session)!r}."
        time.sleep(0.1)


def set_time_left(session: InterviewSession, seconds: float) -> None:
    deadline = timezone.now() + timedelta(seconds=seconds)
    session.turns.open().update(deadline=deadline)


def test_a_double_click_stores_one_answer(room: Page, session: InterviewSession) -> None:
    write(room, WHOLE)

    room.get_by_role("button", name="Send answer").dblclick()

    expect_turn(room, 2)
    assert [answer.text for answer in session.answers.all()] == [WHOLE]
    assert session.turns.count() == 2


def test_a_double_click_without_javascript_stores_one_answer(
    new_visitor: Callable[..., Visitor], session: InterviewSession
) -> None:
    room = open_room(new_visitor(java_script_enabled=False), session)
    room.get_by_label("Your answer").fill(WHOLE)

    room.get_by_role("button", name="Send answer").dblclick(no_wait_after=True)

    expect(room.get_by_text("Question 2 of 3")).to_be_visible()
    assert [answer.text for answer in session.answers.all()] == [WHOLE]


def test_the_second_tab_keeps_its_words_when_the_first_has_answered(
    room: Page, visitor: Visitor, session: InterviewSession
) -> None:
    second = open_room(visitor, session)
    second.get_by_label("Your answer").fill("What I wrote in the second tab.")
    room.get_by_label("Your answer").fill(WHOLE)
    send(room)
    expect_turn(room, 2)

    send(second)

    notice = second.get_by_role("alert")
    expect(notice).to_contain_text("This question is answered already.")
    expect(notice).to_contain_text("What I wrote in the second tab.")
    expect_turn(second, 2)
    assert [answer.text for answer in session.answers.all()] == [WHOLE]


def test_a_reload_comes_back_to_the_same_question_with_the_draft(
    room: Page, session: InterviewSession
) -> None:
    room.get_by_label("Your answer").fill(WHOLE)
    send(room)
    expect_turn(room, 2)
    write(room, TYPED)

    room.reload()

    expect_turn(room, 2)
    expect(room.get_by_label("Your answer")).to_have_value(TYPED)
    assert session.turns.count() == 2


def test_a_draft_is_on_the_server_at_most_five_seconds_after_it_was_typed(
    room: Page, session: InterviewSession
) -> None:
    write(room, TYPED)

    wait_for_draft(session, TYPED, within=5)

    expect(room.get_by_text("Draft saved.")).to_be_visible()


def test_a_shorter_text_in_a_second_window_does_not_replace_the_first_ones_draft(
    room: Page, visitor: Visitor, session: InterviewSession
) -> None:
    second = open_room(visitor, session)
    write(room, TYPED)
    wait_for_draft(session, TYPED, within=5)

    write(second, "k1")

    notice = second.locator("[data-other-draft]")
    expect(notice).to_contain_text(TYPED)
    assert draft_of(session) == TYPED
    write(second, " k2")
    wait_for_draft(session, "k1 k2", within=5)


def test_somebody_who_never_stops_typing_loses_at_most_five_seconds(
    room: Page, session: InterviewSession
) -> None:
    room.get_by_label("Your answer").focus()
    end = time.monotonic() + 5

    while time.monotonic() < end:
        room.keyboard.type("x", delay=100)

    assert draft_of(session)


def test_words_typed_without_a_network_are_saved_once_it_is_back(
    room: Page, visitor: Visitor, session: InterviewSession
) -> None:
    visitor.context.set_offline(True)
    write(room, TYPED)
    expect(room.get_by_text("No connection. Your text is kept here")).to_be_visible()
    assert draft_of(session) == ""

    visitor.context.set_offline(False)

    wait_for_draft(session, TYPED, within=5)
    expect(room.get_by_text("Draft saved.")).to_be_visible()


def test_an_answer_sent_without_a_network_goes_by_itself_when_it_is_back(
    room: Page, visitor: Visitor, session: InterviewSession
) -> None:
    visitor.context.set_offline(True)
    write(room, WHOLE)
    send(room)
    expect(room.locator("#saved")).to_contain_text("Your answer is kept here")
    expect(room.get_by_label("Your answer")).to_have_value(WHOLE)

    visitor.context.set_offline(False)

    expect_turn(room, 2)
    assert [answer.text for answer in session.answers.all()] == [WHOLE]


def test_somebody_signed_out_in_another_tab_keeps_their_words_which_go_once_they_are_back(
    room: Page, visitor: Visitor, session: InterviewSession
) -> None:
    write(room, TYPED)
    visitor.context.clear_cookies()
    send(room)
    expect(room.get_by_text("You are signed out.").first).to_be_visible()
    expect(room.get_by_label("Your answer")).to_have_value(TYPED)

    assert not Answer.objects.exists()

    visitor.sign_in(session.candidate)
    room.evaluate(FOCUS)

    expect_turn(room, 2)
    assert first_answer(session).text == TYPED


def test_an_empty_answer_says_what_to_do_and_keeps_the_place(
    room: Page, session: InterviewSession
) -> None:
    send(room)

    expect(room.get_by_role("alert")).to_have_text("Write an answer, or skip the question.")
    expect(room.get_by_label("Your answer")).to_be_focused()
    assert not session.answers.exists()


def test_control_enter_sends_and_the_new_question_gets_the_focus(room: Page) -> None:
    write(room, WHOLE)

    room.keyboard.press("Control+Enter")

    expect_turn(room, 2)
    expect(room.locator("#question")).to_be_focused()
    expect(room.locator("[data-announce]")).to_contain_text("Question 2 of 3")


def test_skipping_what_was_written_asks_first(room: Page, session: InterviewSession) -> None:
    write(room, TYPED)
    room.once("dialog", lambda dialog: dialog.dismiss())

    room.get_by_role("button", name="Skip this question").click()

    expect(room.get_by_label("Your answer")).to_have_value(TYPED)
    assert not session.answers.exists()


def test_a_provider_outage_does_not_stop_the_room(
    room: Page, stub: StubModel, session: InterviewSession
) -> None:
    stub.is_down = True
    write(room, WHOLE)

    send(room)

    expect_turn(room, 2)
    expect(room.get_by_text("Its rating follows; you need not wait.")).to_be_visible()
    assert [answer.text for answer in session.answers.all()] == [WHOLE]


@pytest.fixture
def timed(transactional_db: None, bank: None, settings: Settings) -> InterviewSession:
    settings.ANSWER_GRACE_SECONDS = 4
    session = make_session(make_user(), num_questions=3, timed=True)
    set_time_left(session, 3)
    return session


def first_answer(session: InterviewSession) -> Answer:
    return session.answers.get(turn__number=1)


def test_when_the_time_is_over_what_is_written_is_sent(
    timed: InterviewSession, visitor: Visitor
) -> None:
    room = open_room(visitor, timed)
    expect(room.get_by_text("left", exact=False).first).to_be_visible()

    write(room, TYPED)

    expect_turn(room, 2)
    assert first_answer(timed).text == TYPED


@pytest.mark.usefixtures("loop")
def test_when_the_time_is_over_with_nothing_written_the_next_question_comes(
    timed: InterviewSession, visitor: Visitor
) -> None:
    room = open_room(visitor, timed)

    expect_turn(room, 2)

    assert first_answer(timed).text == ""
    assert visitor.complaints == []


@pytest.mark.usefixtures("loop")
def test_the_draft_of_somebody_who_went_away_is_their_answer(
    timed: InterviewSession, visitor: Visitor
) -> None:
    set_time_left(timed, 60)
    room = open_room(visitor, timed)
    write(room, TYPED)
    wait_for_draft(timed, TYPED, within=5)
    room.close()
    set_time_left(timed, -60)

    expect_turn(open_room(visitor, timed), 2)

    assert first_answer(timed).text == TYPED
    assert first_answer(timed).modality == Answer.Modality.DRAFT
