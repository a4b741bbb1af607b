"""The admin under our own content security policy."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from accounts.testing import PASSWORD, make_user
from interviews.testing import make_bank, make_screening
from interviews.tests.browser.checks import console_problems
from interviews.tests.browser.people import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("stub")]


@pytest.fixture
def root(visitor: Visitor) -> User:
    root = User.objects.create_superuser("root@example.org", PASSWORD, full_name="Root")
    make_bank(60)
    visitor.sign_in(root)
    return root


@pytest.mark.usefixtures("root")
def test_all_columns_are_left_out_and_taken_in_by_one_box(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(reverse("admin:interviews_bankquestion_export"))
    boxes = page.locator("[data-selectable] input[type=checkbox]")
    every = page.get_by_label("Select all")

    every.uncheck()
    expect(boxes.and_(page.locator(":checked"))).to_have_count(0)
    every.check()
    expect(boxes.and_(page.locator(":checked"))).to_have_count(boxes.count())
    boxes.first.uncheck()
    expect(every).not_to_be_checked()
    assert console_problems(visitor) == []


@pytest.mark.usefixtures("root")
def test_all_questions_of_all_pages_are_chosen_and_deleted_together(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(reverse("admin:interviews_bankquestion_changelist"))

    page.locator("#action-toggle").check()
    page.get_by_text("Select all 60 bank questions").click()
    page.locator("select[name=action]").select_option("delete_selected")
    page.get_by_role("button", name="Go").click()
    page.get_by_role("button", name="Yes, I’m sure").click()

    expect(page.get_by_text("Successfully deleted 60 bank questions")).to_be_visible()
    assert console_problems(visitor) == []


def test_a_candidate_is_found_by_typing(visitor: Visitor, root: User) -> None:
    make_screening(root, make_user(full_name="Cleo Candidate"))
    page = visitor.page
    page.goto(reverse("admin:interviews_interviewsession_add"))

    page.locator(".field-candidate .select2-selection").click()
    page.locator(".select2-search__field").fill("Cleo")
    page.locator(".select2-results__option", has_text="Cleo Candidate").click()

    expect(page.locator(".field-candidate .select2-selection__rendered")).to_contain_text("Cleo")
    assert console_problems(visitor) == []
