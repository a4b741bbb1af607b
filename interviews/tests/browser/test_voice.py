"""A spoken interview: heard, confirmed with a correction, and not one word lost on a bad line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from accounts.testing import make_user
from interviews.models import Answer, InterviewSession, Recording
from interviews.testing import make_session
from interviews.tests.browser.checks import PHONE, problems
from interviews.tests.browser.live import (
    cut,
    enter,
    require_speech,
    running_daphne,
    send,
    speaking,
    speech,
)
from interviews.tests.browser.people import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("stub", "bank")]

DESK: ViewportSize = {"width": 1280, "height": 900}
SENTENCE = "Last summer our team moved the old system to a new place without losing a single order."
LONG = (
    "First we made a plan for the whole team. Then we tested every part of the old system. "
    "After that we moved the data to a new server at night. "
    "One morning a customer could not pay for an order. "
    "We found the problem in an hour and wrote down what we had learned. "
    "In the end the manager was happy with the result."
)
LANDMARKS = ["plan", "tested", "server", "customer", "problem", "learned", "manager", "result"]
HEARD_WITHIN = 60_000
CORRECTION = " That is, without losing two orders."


@pytest.fixture(scope="module")
def url(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    require_speech()
    recordings = tmp_path_factory.mktemp("recordings")
    with running_daphne(RECORDINGS_DIR=str(recordings)) as address:
        yield address


@pytest.fixture
def session(transactional_db: None) -> InterviewSession:
    candidate = make_user(full_name="Sven Speaker")
    return make_session(candidate, num_questions=2, follow_ups_per_question=0)


def status(page: Page) -> str:
    return page.locator("[data-voice-status]").text_content() or ""


def expect_status(page: Page, words: str) -> None:
    expect(page.locator("[data-voice-status]")).to_contain_text(words, timeout=HEARD_WITHIN)


def expect_heard(page: Page) -> None:
    expect(page.get_by_label("Your answer")).not_to_have_value("", timeout=HEARD_WITHIN)


def say_it(page: Page, *, seconds: float) -> None:
    page.get_by_role("button", name="Speak").click()
    expect_status(page, "I can hear you.")
    page.wait_for_timeout(seconds * 1000)
    page.get_by_role("button", name="Done").click()
    expect_heard(page)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_whole_spoken_interview_keeps_what_was_heard_beside_what_was_confirmed(
    browser: Browser, url: str, session: InterviewSession, tmp_path: Path, *, size: ViewportSize
) -> None:
    with speaking(browser, speech(tmp_path, SENTENCE), url, viewport=size) as sven:
        page = enter(sven, session)
        say_it(page, seconds=5.5)
        expect_status(page, "Read it")
        assert "old system" in page.get_by_label("Your answer").input_value()
        assert problems(sven, page) == []
        page.set_viewport_size(size)

        page.get_by_label("Your answer").press("End")
        page.keyboard.type(CORRECTION)
        send(page)
        expect(page.locator("[data-room-form] [name=turn]")).to_have_value("2")
        say_it(page, seconds=5.5)
        send(page)
        expect(page.locator("[data-room-over]")).to_be_visible()

        expect_both_versions(sven, page, session)


def expect_both_versions(visitor: Visitor, page: Page, session: InterviewSession) -> None:
    page.get_by_role("link", name="See your results").click()
    first = page.locator("#question-1")
    expect(first.locator(".answer-text").first).to_contain_text(CORRECTION.strip())
    expect(first.locator("audio")).to_have_count(1)
    first.locator(".recording summary").click()
    expect(first.locator(".recording .answer-text")).not_to_contain_text(CORRECTION.strip())
    sound = page.request.get(str(first.locator("audio").get_attribute("src")))
    assert (sound.status, sound.headers["content-type"]) == (200, "audio/webm")
    assert [a.modality for a in session.answers.order_by("pk")] == [Answer.Modality.AUDIO] * 2
    assert problems(visitor, page) == []


def test_not_a_word_is_lost_when_the_network_is_cut_five_times_in_mid_answer(
    browser: Browser, url: str, session: InterviewSession, tmp_path: Path
) -> None:
    with speaking(browser, speech(tmp_path, LONG), url) as sven:
        page = enter(sven, session)
        page.get_by_role("button", name="Speak").click()
        expect_status(page, "I can hear you.")
        for _cut in range(5):
            cut(page, seconds=2.4)
            page.wait_for_timeout(1500)
        page.wait_for_timeout(6000)
        page.get_by_role("button", name="Done").click()
        expect_heard(page)

        heard = page.get_by_label("Your answer").input_value().lower()
        assert [word for word in LANDMARKS if word not in heard] == []
        assert page.evaluate("() => window.wires.lost") > 0
        assert page.evaluate("() => window.wires.all.length") >= 6
        assert Recording.objects.count() == 1


def test_without_a_connection_the_recording_goes_on_and_is_heard_later(
    browser: Browser, url: str, session: InterviewSession, tmp_path: Path
) -> None:
    with speaking(browser, speech(tmp_path, SENTENCE), url) as sven:
        page = enter(sven, session)
        page.get_by_role("button", name="Speak").click()
        expect_status(page, "I can hear you.")
        sven.context.set_offline(True)
        expect_status(page, "No connection; I keep recording")
        page.wait_for_timeout(5500)
        page.get_by_role("button", name="Done").click()
        expect_status(page, "The recording is kept here")

        sven.context.set_offline(False)

        expect_heard(page)
        assert "single order" in page.get_by_label("Your answer").input_value()


def test_hands_free_counts_down_visibly_and_cancel_goes_on_listening(
    browser: Browser, url: str, session: InterviewSession, tmp_path: Path
) -> None:
    with speaking(browser, speech(tmp_path, SENTENCE, after=30), url) as sven:
        page = enter(sven, session)
        page.get_by_label("Hands-free").check()
        countdown = page.get_by_text("Finishing in")
        expect(countdown.first).to_be_visible(timeout=HEARD_WITHIN)
        assert problems(sven, page) == []

        page.get_by_role("button", name="Cancel").click()

        expect(page.locator("[data-voice-countdown]")).to_be_hidden()
        page.wait_for_timeout(6000)
        expect(page.locator("[data-voice]")).to_have_attribute("data-state", "recording")
        page.get_by_role("button", name="Done").click()
        expect_heard(page)


def test_hands_free_ends_by_itself_after_the_countdown(
    browser: Browser, url: str, session: InterviewSession, tmp_path: Path
) -> None:
    with speaking(browser, speech(tmp_path, SENTENCE, after=30), url) as sven:
        page = enter(sven, session)

        page.get_by_label("Hands-free").check()

        expect_heard(page)


def test_a_held_space_bar_records_until_it_is_let_go(
    browser: Browser, url: str, session: InterviewSession, tmp_path: Path
) -> None:
    with speaking(browser, speech(tmp_path, SENTENCE), url) as sven:
        page = enter(sven, session)
        page.get_by_role("button", name="Speak").focus()

        page.keyboard.down(" ")
        expect_status(page, "I can hear you.")
        page.wait_for_timeout(5500)
        page.keyboard.up(" ")

        expect_heard(page)
        expect(page.get_by_role("button", name="Speak")).to_be_focused()


def test_nothing_heard_asks_again_and_stores_no_answer(
    browser: Browser, url: str, session: InterviewSession, tmp_path: Path
) -> None:
    with speaking(browser, speech(tmp_path, " ", after=20), url) as sven:
        page = enter(sven, session)
        page.get_by_role("button", name="Speak").click()
        expect_status(page, "I hear nothing.")

        page.get_by_role("button", name="Done").click()

        expect_status(page, "I heard nothing.")
        expect(page.get_by_label("Your answer")).to_have_value("")
        assert not session.answers.exists()


def test_who_is_far_too_loud_is_told_to_move_back(
    browser: Browser, url: str, session: InterviewSession, tmp_path: Path
) -> None:
    with speaking(browser, speech(tmp_path, f"{SENTENCE} {SENTENCE}", louder=45), url) as sven:
        page = enter(sven, session)

        page.get_by_role("button", name="Speak").click()

        expect_status(page, "This is very loud.")


def test_sending_in_mid_sentence_first_shows_what_was_heard(
    browser: Browser, url: str, session: InterviewSession, tmp_path: Path
) -> None:
    with speaking(browser, speech(tmp_path, SENTENCE), url) as sven:
        page = enter(sven, session)
        page.get_by_role("button", name="Speak").click()
        expect_status(page, "I can hear you.")
        page.wait_for_timeout(4000)

        send(page)

        expect_heard(page)
        expect(page.locator("[data-room-form] [name=turn]")).to_have_value("1")
        assert not session.answers.exists()


def test_a_blocked_microphone_says_what_to_do(
    browser: Browser, url: str, session: InterviewSession, tmp_path: Path
) -> None:
    with speaking(browser, speech(tmp_path, SENTENCE), url) as sven:
        page = enter(sven, session)
        page.evaluate(
            "() => { navigator.mediaDevices.getUserMedia = () =>"
            " Promise.reject(new DOMException('no', 'NotAllowedError')); }"
        )

        page.get_by_role("button", name="Speak").click()

        expect_status(page, "The microphone is blocked.")
        assert problems(sven, page) == []


def test_an_interview_answered_elsewhere_lets_the_microphone_go(
    browser: Browser, url: str, session: InterviewSession, tmp_path: Path
) -> None:
    with speaking(browser, speech(tmp_path, SENTENCE), url) as sven:
        page, other = enter(sven, session), enter(sven, session)
        page.get_by_role("button", name="Speak").click()
        expect_status(page, "I can hear you.")
        other.get_by_label("Your answer").fill("k1 k2 k3")

        send(other)

        expect(page.locator("[data-room-form] [name=turn]")).to_have_value("2")
        expect(page.locator("[data-voice]")).not_to_have_attribute("data-state", "recording")
