"""Before the interview: the microphone is tried out, one question does not count, and nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from accounts.testing import make_user
from interviews.models import Answer, Recording
from interviews.models.choices import Language
from interviews.pages.device_check import SENTENCES
from interviews.tests.browser.checks import PHONE, problems
from interviews.tests.browser.live import require_speech, running_daphne, speaking, speech, visiting
from interviews.tests.browser.people import Visitor, press_on, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("stub")]

SENTENCE = SENTENCES[Language.ENGLISH]
HEARD_WITHIN = 60_000


@pytest.fixture(scope="module")
def url(django_db_setup: None) -> Iterator[str]:
    require_speech()
    with running_daphne() as address:
        yield address


@pytest.fixture
def candidate(transactional_db: None) -> User:
    return make_user(full_name="Carla Careful")


def open_page(visitor: Visitor, candidate: User, path: str) -> Page:
    visitor.sign_in(candidate)
    visitor.page.goto(path)
    return visitor.page


def expect_hearing(page: Page) -> None:
    expect(page.locator("[data-voice-status]")).to_have_text("I can hear you.")


def nothing_is_kept() -> bool:
    return not Recording.objects.exists() and not Answer.objects.exists()


def test_the_microphone_is_chosen_its_level_seen_and_a_sentence_heard(
    browser: Browser, url: str, candidate: User, tmp_path: Path
) -> None:
    with speaking(browser, speech(tmp_path, SENTENCE), url) as carla:
        page = open_page(carla, candidate, "/microphone/?language=en")
        page.get_by_role("button", name="Speak").click()
        expect_hearing(page)
        page.wait_for_timeout(6000)
        page.get_by_role("button", name="Done").click()

        expect(page.locator("[data-verdict]")).to_contain_text(
            "comes across well", timeout=HEARD_WITHIN
        )
        expect(page.locator("[data-heard-text]")).to_contain_text("single order")
        assert problems(carla, page) == []
        assert nothing_is_kept()


def test_the_microphone_can_be_opened_and_changed_by_keyboard(
    browser: Browser, url: str, candidate: User, tmp_path: Path
) -> None:
    with speaking(browser, speech(tmp_path, SENTENCE), url, viewport=PHONE) as carla:
        page = open_page(carla, candidate, "/microphone/")
        press_on(page, "Open the microphone")
        expect(page.get_by_label("Microphone", exact=True)).to_be_focused()
        expect(page.locator("[data-device-status]")).to_have_text("I can hear you.")

        page.keyboard.press("ArrowDown")

        expect(page.locator("[data-level-line]")).to_be_visible()
        assert page.evaluate("() => localStorage.getItem('microphone')")
        assert problems(carla, page) == []


def test_what_is_misheard_suggests_typing(
    browser: Browser, url: str, candidate: User, tmp_path: Path
) -> None:
    other = "A completely different story about rabbits in the garden behind my house."
    with speaking(browser, speech(tmp_path, other), url) as carla:
        page = open_page(carla, candidate, "/microphone/?language=en")
        page.get_by_role("button", name="Speak").click()
        expect_hearing(page)
        page.wait_for_timeout(4000)
        page.get_by_role("button", name="Done").click()

        expect(page.locator("[data-verdict]")).to_contain_text(
            "You can type your answers instead", timeout=HEARD_WITHIN
        )


def test_the_question_that_does_not_count_by_keyboard(
    browser: Browser, url: str, candidate: User, tmp_path: Path
) -> None:
    with speaking(browser, speech(tmp_path, SENTENCE), url, viewport=PHONE) as carla:
        page = open_page(carla, candidate, "/microphone/practice/?language=en")
        tab_to(page, "Speak")
        page.keyboard.press("Space")
        expect_hearing(page)
        page.wait_for_timeout(5500)
        press_on(page, "Done")
        expect(page.get_by_label("Your answer")).not_to_have_value("", timeout=HEARD_WITHIN)
        assert problems(carla, page) == []

        press_on(page, "Send answer")

        expect(page.get_by_role("heading", name="That is how it works.")).to_be_visible()
        assert problems(carla, page) == []
        assert nothing_is_kept()


def test_without_speech_both_pages_say_so(
    browser: Browser, candidate: User, django_db_setup: None
) -> None:
    with (
        running_daphne(SPEECH_PROVIDER="none") as address,
        visiting(browser, address) as carla,
    ):
        for path in ("/microphone/", "/microphone/practice/"):
            page = open_page(carla, candidate, path)
            expect(page.get_by_text("answers are typed")).to_be_visible()
            expect(page.get_by_role("button", name="Speak")).to_have_count(0)
            assert problems(carla, page) == []
