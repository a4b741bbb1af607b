"""“Say it again” on the pages: a plain form, before and now side by side, and the links that lead to it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.testing import make_user
from ai.testing import StubModel
from interviews import services
from interviews.models import AnotherAnswer, InterviewSession
from interviews.services.lookups import fresh
from interviews.services.turn.renewal import lease_end
from interviews.testing import answer, make_recruiter, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]


@pytest.fixture
def session(stub: StubModel) -> InterviewSession:
    session = make_session(num_questions=1, follow_ups_per_question=0)
    answer(session, "only k1")
    return fresh(session).session


def url_of(session: InterviewSession) -> str:
    return reverse("again", args=[session.token, 1])


def signed_in(session: InterviewSession) -> Client:
    client = Client()
    client.force_login(session.candidate)
    return client


def page_of(session: InterviewSession, client: Client | None = None) -> str:
    client = client or signed_in(session)
    return client.get(url_of(session)).content.decode()


def test_the_page_shows_before_and_now_after_a_plain_post(session: InterviewSession) -> None:
    client, page = signed_in(session), url_of(session)

    posted: Any = client.post(page, {"response_text": "k2 and k3", "action": "answer"})
    shown = page_of(session, client)

    assert posted.url == f"{page}#now"
    assert "2 points gained, 1 lost." in " ".join(shown.split())
    assert shown.index("Before, in the interview") < shown.index("Level 2 of 5")
    assert shown.index("Level 2 of 5") < shown.index("Level 4 of 5")
    for words in ("Points gained", "Points lost", "“<bdi>k2</bdi>”"):
        assert words in shown
    assert "Still not heard" not in shown


def test_the_page_offers_to_rate_what_could_not_be_rated(
    session: InterviewSession, stub: StubModel
) -> None:
    client, page = signed_in(session), url_of(session)
    stub.is_down = True
    client.post(page, {"response_text": "k2 and k3", "action": "answer"})
    before = page_of(session, client)
    stub.is_down = False

    client.post(page, {"response_text": "k2 and k3", "action": "as_answer"})
    after = page_of(session, client)

    assert "Have them rated now" in before
    assert "points gained" not in before
    assert "Have them rated now" not in after
    assert "2 points gained" in after


def test_the_page_says_that_the_words_are_being_rated(
    session: InterviewSession, stub: StubModel
) -> None:
    stub.is_down = True
    services.say_again(user=session.candidate, token=session.token, number=1, text="k2 and k3")
    AnotherAnswer.objects.update(rated_until=lease_end())

    posted: Any = signed_in(session).post(url_of(session), {"response_text": "k2 and k3"})
    shown = page_of(session)

    assert posted.status_code == 302
    assert "Your words are kept, and are being rated." in shown
    assert "Have them rated now" not in shown


def test_the_page_keeps_the_words_it_refuses(session: InterviewSession) -> None:
    text = "Could you rephrase the question?"

    refused = signed_in(session).post(url_of(session), {"response_text": text})

    assert refused.status_code == 400
    assert text in refused.content.decode()
    assert "That is my answer: rate it" in refused.content.decode()


def test_the_results_and_the_feedback_lead_to_it(session: InterviewSession) -> None:
    going_on = make_session(session.candidate, num_questions=2, follow_ups_per_question=0)
    answer(going_on, "only k1")
    client = signed_in(session)

    results = client.get(reverse("results", args=[session.token])).content.decode()
    room = client.get(reverse("room", args=[going_on.token])).content.decode()

    assert url_of(session) in results
    assert url_of(going_on) in room


def test_a_screenings_pages_do_not_lead_to_it(stub: StubModel) -> None:
    owner = make_recruiter()
    session = make_screening(owner, make_user(), num_questions=1, follow_ups_per_question=0)
    services.start_interview(interview=session.interview, user=session.candidate)
    answer(session, "only k1")
    client = Client()
    client.force_login(owner)

    review = client.get(reverse("review", args=[session.token])).content.decode()

    assert "/again/" not in review
    assert signed_in(session).get(url_of(session)).status_code == 404


def test_the_page_of_an_unsettled_question_leads_back_to_the_room(stub: StubModel) -> None:
    session = make_session(num_questions=2)
    answer(session, "only k1")

    page: Any = signed_in(session).get(url_of(session))

    assert page.url == reverse("room", args=[session.token])
