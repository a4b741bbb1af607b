"""The room in trouble: clocks that jump, tabs that close, browsers that are old or forbid to keep anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Dialog, Page, expect

from accounts.models import User
from accounts.testing import make_user
from interviews.models import InterviewSession
from interviews.testing import make_session
from interviews.tests.browser.people import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("stub", "bank")]

TYPED = "k1 comes first, and k2 follows from it."
WHOLE = "k1 k2 k3"
HOUR = 3_600_000
TIME_OF_DAY = f"() => {{ const now = Date.now; Date.now = () => now() + {HOUR}; }}"
SINCE_START = (
    "() => { const now = performance.now.bind(performance);"
    f" performance.now = () => now() + {HOUR}; }}"
)
# What is newer than Chrome 119, Firefox 119 and Safari 17.0, each gone from at least one of them.
NEWER = """(() => {
  for (const [holder, names] of [
    [AbortSignal, ["any"]], [Promise, ["try", "withResolvers"]], [URL, ["canParse", "parse"]],
    [Array, ["fromAsync"]], [Object, ["groupBy"]], [Map, ["groupBy"]],
    [Set.prototype, ["union", "difference", "intersection"]],
    [window, ["requestIdleCallback", "scheduler", "navigation", "CookieStore", "cookieStore"]],
    [Navigator.prototype, ["sendBeacon", "userActivation", "wakeLock"]],
    [Iterator?.prototype ?? {}, ["map", "filter", "toArray"]],
  ]) for (const name of names) delete holder[name];
})();"""
NO_STORAGE = """for (const name of ["localStorage", "sessionStorage", "indexedDB"]) {
  Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });
}"""
LOST_FAREWELL = "() => { navigator.sendBeacon = () => true; }"
FULL_STORAGE = """Storage.prototype.setItem = () => {
  throw new DOMException("full", "QuotaExceededError");
}"""


@pytest.fixture
def session(transactional_db: None) -> InterviewSession:
    return make_session(make_user(full_name="Rosa Room"), num_questions=3, timed=True)


@pytest.fixture
def rosa(visitor: Visitor, session: InterviewSession) -> Visitor:
    visitor.sign_in(session.candidate)
    return visitor


def enter(rosa: Visitor, session: InterviewSession) -> Page:
    page = rosa.new_tab()
    page.goto(f"/room/{session.token}/")
    return page


def send(page: Page) -> None:
    page.get_by_role("button", name="Send answer").click()


def expect_turn(page: Page, number: int) -> None:
    expect(page.locator("[data-room-form] [name=turn]")).to_have_value(str(number))


def texts(session: InterviewSession) -> list[str]:
    return [answer.text for answer in session.answers.all()]


def leave_behind(rosa: Visitor, session: InterviewSession, text: str, *, sent: bool) -> str:
    """Write, and maybe send, without a network, and close the tab; return the key of the answer."""
    page = enter(rosa, session)
    page.route("**/room/**", lambda route: route.abort())
    page.evaluate(LOST_FAREWELL)
    page.get_by_label("Your answer").fill(text)
    if sent:
        send(page)
        expect(page.get_by_text("Your answer is kept here")).to_be_visible()
    key = page.locator("[name=key]").input_value()
    page.close()
    rosa.complaints.clear()
    return key


def run_out(session: InterviewSession) -> None:
    session.turns.open().update(deadline=timezone.now() - timedelta(minutes=5))


@pytest.mark.parametrize("jump", [TIME_OF_DAY, SINCE_START], ids=["clock set", "slept"])
def test_a_clock_that_jumps_sends_nothing_and_is_set_by_the_server(
    jump: str, rosa: Visitor, session: InterviewSession
) -> None:
    page = enter(rosa, session)
    page.get_by_label("Your answer").fill(TYPED)

    with page.expect_response(lambda answer: answer.request.method == "GET") as asked:
        page.evaluate(jump)

    assert asked.value.ok
    page.wait_for_timeout(1100)
    expect(page.locator("[data-timer]")).not_to_have_text("The time is over.")
    expect_turn(page, 1)
    assert texts(session) == []


def test_what_was_typed_survives_a_closed_tab_and_is_not_called_saved(
    rosa: Visitor, session: InterviewSession
) -> None:
    leave_behind(rosa, session, TYPED, sent=False)

    page = enter(rosa, session)

    expect(page.get_by_label("Your answer")).to_have_value(TYPED)
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    assert session.turns.get().draft == TYPED
    page.get_by_label("Your answer").press_sequentially(" More")
    assert page.locator("#saved").text_content() != "Draft saved."


@pytest.mark.parametrize("place", ["room", "dashboard"])
def test_an_answer_sent_from_a_tab_that_was_closed_goes_with_its_key_on_the_next_visit(
    place: str, rosa: Visitor, session: InterviewSession
) -> None:
    key = leave_behind(rosa, session, WHOLE, sent=True)

    page = rosa.new_tab()
    page.goto("/dashboard/" if place == "dashboard" else f"/room/{session.token}/")

    if place == "dashboard":
        expect(page.get_by_text("Your answer from before has arrived.")).to_be_visible()
    else:
        expect_turn(page, 2)
    assert [(answer.text, answer.key) for answer in session.answers.all()] == [(WHOLE, key)]


@pytest.mark.usefixtures("loop")
@pytest.mark.parametrize("sent", [True, False], ids=["sent", "typed"])
def test_words_of_a_closed_tab_that_come_too_late_are_told_until_they_are_put_away(
    sent: bool, rosa: Visitor, session: InterviewSession
) -> None:
    leave_behind(rosa, session, TYPED, sent=sent)
    run_out(session)

    page = enter(rosa, session)

    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("This came after its time.")
    expect(notice).to_contain_text(TYPED)
    expect_turn(page, 2)
    assert texts(session) == [""]

    page.reload()
    page.get_by_role("button", name="Put this away").click()
    page.reload()

    expect_turn(page, 2)
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize(
    "script", [NEWER + FULL_STORAGE, NO_STORAGE], ids=["three years old and full", "no storage"]
)
def test_drafts_and_answers_go_in_a_browser_that_is_old_or_keeps_nothing(
    script: str, rosa: Visitor, session: InterviewSession
) -> None:
    rosa.context.add_init_script(script)
    page = enter(rosa, session)
    page.get_by_label("Your answer").fill(WHOLE)
    expect(page.get_by_text("Draft saved.")).to_be_visible()

    send(page)

    expect_turn(page, 2)
    assert texts(session) == [WHOLE]
    assert rosa.complaints == []


def test_a_browser_that_keeps_nothing_asks_before_it_closes_on_unsaved_words(
    rosa: Visitor, session: InterviewSession
) -> None:
    rosa.context.add_init_script(NO_STORAGE)
    page = enter(rosa, session)
    rosa.context.set_offline(True)
    page.get_by_label("Your answer").press_sequentially(WHOLE)
    asked: list[str] = []

    def close(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", close)

    with page.expect_event("close"):
        page.close(run_before_unload=True)

    assert asked == ["beforeunload"]


@pytest.mark.parametrize(
    ("status", "words"),
    [(413, "too large to be sent"), (404, "not there any more")],
)
def test_an_answer_that_is_refused_says_so_at_once_and_keeps_its_words(
    status: int, words: str, rosa: Visitor, session: InterviewSession
) -> None:
    page = enter(rosa, session)
    page.get_by_label("Your answer").fill(TYPED)
    page.route("**/room/*/", lambda route: route.fulfill(status=status, body="no"))

    send(page)

    expect(page.locator("#problem")).to_contain_text(words)
    expect(page.get_by_label("Your answer")).to_have_value(TYPED)
    expect(page.get_by_label("Your answer")).to_be_editable()


def test_a_server_that_is_away_for_a_moment_gets_the_answer_when_it_is_back(
    rosa: Visitor, session: InterviewSession
) -> None:
    page = enter(rosa, session)
    page.get_by_label("Your answer").fill(WHOLE)
    page.route("**/room/*/", lambda route: route.fulfill(status=502, body="Bad gateway"))
    send(page)
    expect(page.locator("#saved")).to_contain_text("The server cannot take your answer right now")

    page.unroute("**/room/*/")

    expect_turn(page, 2)
    assert texts(session) == [WHOLE]


def test_no_connection_goes_when_it_is_over_though_nothing_is_left_to_save(
    rosa: Visitor, session: InterviewSession
) -> None:
    page = enter(rosa, session)
    page.route("**/draft/", lambda route: route.abort())
    page.get_by_label("Your answer").fill(TYPED)
    expect(page.locator("#saved")).to_contain_text("No connection.")

    page.get_by_label("Your answer").fill("")
    page.unroute("**/draft/")

    expect(page.locator("#saved")).to_have_text("")


def test_a_deadline_reads_the_same_in_a_browser_that_is_elsewhere(
    new_visitor: Callable[..., Visitor], session: InterviewSession
) -> None:
    User.objects.filter(pk=session.candidate_id).update(time_zone="Pacific/Auckland")
    deadline = datetime(2031, 1, 15, 17, 30, tzinfo=UTC)
    InterviewSession.objects.filter(pk=session.pk).update(deadline=deadline)
    visitor = new_visitor(timezone_id="America/New_York")
    visitor.sign_in(session.candidate)

    for page in (enter(visitor, session), visitor.page):
        if page is visitor.page:
            page.goto("/dashboard/")
        expect(page.get_by_text("16 Jan 2031, 06:30 (Pacific/Auckland)")).to_be_visible()
