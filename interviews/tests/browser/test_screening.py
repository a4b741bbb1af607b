"""A screening interview, from the candidate's side and from the staff's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.testing import make_user
from interviews import testing
from interviews.models import Interview, InterviewSession, Rating
from interviews.services import publish_interview, start_interview
from interviews.testing import make_interview, make_recruiter, make_screening
from interviews.tests.browser.checks import problems
from interviews.tests.browser.people import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("stub", "bank")]

SECRETS = ["Level", "of 100", "of 5", "Covered", "Missing", "Key point", "Nothing.", "Noted."]
GOOD, POOR = "k1 k2 k3", "Only k1."
REASON = "The second part was right, too."


@pytest.fixture
def staff(transactional_db: None) -> User:
    return make_recruiter(staff=True, full_name="Stella Staff")


@pytest.fixture
def candidate(transactional_db: None) -> User:
    return make_user(full_name="Carl Candidate")


@pytest.fixture
def session(staff: User, candidate: User) -> InterviewSession:
    return make_screening(staff, candidate, title="Platform engineer, first round")


def expect_no_secrets(page: Page) -> None:
    """Look for scores and rubrics in the page's whole source, not only in what shows."""
    source = page.content()
    assert [secret for secret in SECRETS if secret in source] == []


def answer(page: Page, text: str) -> None:
    page.get_by_label("Your answer").fill(text)
    turn = page.locator("[data-room-form] [name=turn]").get_attribute("value")
    page.get_by_role("button", name="Send answer").click()
    expect(page.locator(f"[data-room-form] [name=turn][value='{turn}']")).to_have_count(0)


def test_a_candidate_answers_and_never_sees_a_score(
    visitor: Visitor, candidate: User, session: InterviewSession
) -> None:
    page = visitor.page
    visitor.sign_in(candidate)
    page.goto("/dashboard/")
    expect(page.get_by_role("heading", name="Waiting for you")).to_be_visible()
    page.get_by_role("link", name="See what to expect").click()
    expect_no_secrets(page)
    page.get_by_role("button", name="Start the interview").click()

    while page.locator("[data-room-over]").count() == 0:
        expect_no_secrets(page)
        answer(page, POOR)
    page.get_by_role("link", name="What happens next").click()

    expect(page.get_by_role("heading", name="Thank you, Carl Candidate")).to_be_visible()
    expect(page.get_by_role("heading", name="What happens next")).to_be_visible()
    expect(page.locator(".answer-text").first).to_have_text(POOR)
    expect_no_secrets(page)
    assert problems(visitor, page) == []


def test_a_finished_candidate_finds_no_score_on_any_page_of_theirs(
    visitor: Visitor, candidate: User, session: InterviewSession
) -> None:
    finish(session)
    visitor.sign_in(candidate)

    for path in ("/dashboard/", "/history/", f"/room/{session.token}/results/"):
        visitor.page.goto(path)
        expect(visitor.page.get_by_text("Platform engineer").first).to_be_visible()
        expect_no_secrets(visitor.page)


def finish(session: InterviewSession) -> None:
    start_interview(interview=session.interview, user=session.candidate)
    while session.turns.open().exists():
        testing.answer(session, POOR)


def test_staff_read_the_results_and_overrule_a_rating(
    visitor: Visitor, staff: User, session: InterviewSession
) -> None:
    finish(session)
    page = visitor.page
    visitor.sign_in(staff)
    page.goto(f"/staff/screenings/{session.interview_id}/")
    page.get_by_role("link", name="Review Carl Candidate").click()
    first = page.locator("#question-1")
    expect(first.get_by_text("Level 2 of 5", exact=True)).to_be_visible()
    expect(first.locator(".answer-text .words").first).to_have_text("k1")

    first.locator("summary").click()
    first.get_by_label("Level").select_option("5")
    first.get_by_label("Why").fill(REASON)
    first.get_by_role("button", name="Overrule").click()

    expect(page.get_by_text("Your rating counts now.")).to_be_visible()
    expect(first.get_by_text("Level 5 of 5", exact=True)).to_be_visible()
    expect(first.get_by_text(f"level 5, {REASON}")).to_be_visible()
    assert Rating.objects.filter(turn__session=session, turn__number=1).count() == 2
    assert problems(visitor, page) == []


def test_overruling_without_a_reason_says_so_beside_the_answer(
    visitor: Visitor, staff: User, session: InterviewSession
) -> None:
    finish(session)
    page = visitor.page
    visitor.sign_in(staff)
    page.goto(f"/staff/sessions/{session.token}/")
    first = page.locator("#question-1")
    first.locator("summary").click()
    first.locator("form").evaluate("form => form.noValidate = true")

    first.get_by_role("button", name="Overrule").click()

    expect(first.get_by_text("Say why, in at most 500 characters.")).to_be_visible()
    assert not Rating.objects.filter(by_person=True).exists()
    assert problems(visitor, page) == []


def test_staff_set_up_publish_and_assign(
    new_visitor: Callable[..., Visitor], staff: User, candidate: User
) -> None:
    visitor = new_visitor()
    page = visitor.page
    visitor.sign_in(staff)
    page.goto("/staff/screenings/")
    page.get_by_role("link", name="Set one up").click()
    page.get_by_label("Title").fill("Backend, first round")
    page.get_by_label("Position").fill("Software engineer")
    page.get_by_role("button", name="Choose the questions").click()
    page.get_by_role("button", name="Publish").click()
    page.get_by_label("e-mail address").fill(candidate.email)
    page.get_by_role("button", name="Assign").click()

    expect(page.get_by_text("Assigned to Carl Candidate.")).to_be_visible()
    expect(page.get_by_text(f"{candidate.email} · Waiting")).to_be_visible()
    assert Interview.objects.get().status == Interview.Status.PUBLISHED
    assert problems(visitor, page) == []


def test_somebody_without_an_account_cannot_be_assigned(visitor: Visitor, staff: User) -> None:
    interview = publish_interview(interview=make_interview(staff, mode="screening"), actor=staff)
    page = visitor.page
    visitor.sign_in(staff)
    page.goto(f"/staff/screenings/{interview.pk}/")
    page.get_by_label("e-mail address").fill("nobody@example.org")

    page.get_by_role("button", name="Assign").click()

    expect(page.get_by_text("No candidate has an account under this address.")).to_be_visible()
    assert problems(visitor, page) == []
