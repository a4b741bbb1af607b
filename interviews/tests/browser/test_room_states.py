"""Every state that the room can be in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.testing import make_user
from interviews import testing
from interviews.models import InterviewSession
from interviews.services.lookups import fresh
from interviews.services.turn.answer import Submission, record_answer
from interviews.testing import make_session
from interviews.tests.browser.checks import problems
from interviews.tests.browser.people import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("stub", "bank")]


@pytest.fixture
def session(transactional_db: None) -> InterviewSession:
    return make_session(make_user(full_name="Rosa Room"), num_questions=2)


@pytest.fixture
def rosa(visitor: Visitor, session: InterviewSession) -> Visitor:
    visitor.sign_in(session.candidate)
    return visitor


def enter(rosa: Visitor, session: InterviewSession) -> Page:
    rosa.page.goto(f"/room/{session.token}/")
    return rosa.page


def test_a_follow_up_with_feedback_on_the_answer_before(
    rosa: Visitor, session: InterviewSession
) -> None:
    testing.answer(session, "Only k1.")
    page = enter(rosa, session)

    expect(page.get_by_text("Follow-up")).to_be_visible()
    page.get_by_text("Your last answer in detail").click()

    expect(page.locator(".feedback .answer-text .words")).to_have_text("k1")
    expect(page.get_by_text("Key point 2")).to_have_count(0)
    assert problems(rosa, page) == []


def test_an_answer_that_cannot_be_taken(rosa: Visitor, session: InterviewSession) -> None:
    page = enter(rosa, session)

    page.get_by_role("button", name="Send answer").click()

    expect(page.locator("#problem")).to_be_visible()
    assert problems(rosa, page) == []


def test_an_answer_that_is_too_long_comes_back_whole(
    rosa: Visitor, session: InterviewSession
) -> None:
    page, text = enter(rosa, session), "word " * 4001
    page.get_by_label("Your answer").fill(text)

    page.get_by_role("button", name="Send answer").click()

    expect(page.locator("#problem")).to_contain_text("Shorten it and send again.")
    expect(page.get_by_label("Your answer")).to_have_value(text)
    assert not session.answers.exists()


def test_a_question_that_was_answered_elsewhere(rosa: Visitor, session: InterviewSession) -> None:
    page = enter(rosa, session)
    testing.answer(session)
    page.get_by_label("Your answer").fill("Too late.")

    page.get_by_role("button", name="Send answer").click()

    expect(page.get_by_role("alert")).to_contain_text("Too late.")
    assert problems(rosa, page) == []


@pytest.mark.usefixtures("loop")
def test_the_next_question_comes_by_itself_when_it_takes_long(
    rosa: Visitor, session: InterviewSession
) -> None:
    page = enter(rosa, session)
    until = timezone.now() + timedelta(seconds=3)
    InterviewSession.objects.filter(pk=session.pk).update(lease_owner="else", lease_until=until)
    record_answer(fresh(session), Submission(1, "k1 k2 k3", "key"))
    page.reload()
    expect(page.get_by_role("heading", name="Your answer is saved.")).to_be_visible()
    assert problems(rosa, page) == []

    expect(page.get_by_label("Your answer")).to_be_visible()

    expect(page.locator("#question")).to_be_focused()


def test_the_end(rosa: Visitor, session: InterviewSession) -> None:
    testing.answer(session)
    page = enter(rosa, session)
    page.get_by_label("Your answer").fill("k1 k2 k3")

    page.get_by_role("button", name="Send answer").click()

    expect(page.get_by_role("heading", name="That was the last question.")).to_be_visible()
    assert problems(rosa, page) == []
    page.get_by_role("link", name="See your results").click()
    expect(page.get_by_role("heading", name="What to practise next")).to_be_visible()


def test_a_whole_interview_whose_time_is_over_ends_by_itself(
    rosa: Visitor, session: InterviewSession
) -> None:
    deadline = timezone.now() + timedelta(seconds=2)
    InterviewSession.objects.filter(pk=session.pk).update(deadline=deadline)
    page = enter(rosa, session)

    page.get_by_label("Your answer").fill("Only k1.")

    expect(page.locator("[data-room-form] [name=turn][value='1']")).to_have_count(0)
    assert session.answers.get().text == "Only k1."
