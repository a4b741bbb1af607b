"""The notes on a plan: readable and pressable on a phone, in both colour schemes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.testing import make_user
from ai.providers.embedded import EmbeddedModel
from interviews.models import BankQuestion
from interviews.testing import make_bank, make_interview, make_recruiter, model_in_use
from interviews.tests.browser.checks import problems, small_targets
from interviews.tests.browser.people import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("stub")]


def test_a_candidate_reads_the_notes_and_takes_the_nearest_position(visitor: Visitor) -> None:
    make_bank(8)
    BankQuestion.objects.filter(pk__in=BankQuestion.objects.all()[:4]).update(
        position="general", position_names=[]
    )
    candidate = make_user()
    fields = {"position": "Circus clown", "difficulty": "hard", "language": "de"}
    with model_in_use(EmbeddedModel()):
        interview = make_interview(candidate, **fields)
        visitor.sign_in(candidate)
        visitor.page.goto("/interviews/new/")
        found = problems(visitor, visitor.page)
        visitor.page.goto(f"/interviews/{interview.pk}/")
        found += problems(visitor, visitor.page) + small_targets(visitor.page)
        visitor.page.get_by_role("button", name="Software engineer").click()

        expect(visitor.page.get_by_text("No questions for this job")).to_have_count(0)
        expect(visitor.page.get_by_text("Answers in German are kept")).to_be_visible()

    assert found == []


def test_a_recruiter_reads_the_notes_before_publishing(visitor: Visitor) -> None:
    make_bank(4)
    staff = make_recruiter(staff=True)
    interview = make_interview(
        staff, mode="screening", position="Backend software engineer", difficulty="hard"
    )
    visitor.sign_in(staff)

    visitor.page.goto(f"/staff/screenings/{interview.pk}/")

    expect(visitor.page.get_by_role("heading", name="Before you publish")).to_be_visible()
    assert problems(visitor, visitor.page) + small_targets(visitor.page) == []
