"""“I did say this”: kept beside the machine's view, and read by no rating."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.testing import make_api_client, make_user
from interviews import services
from interviews.models import InterviewSession, PointClaim
from interviews.services.lookups import fresh
from interviews.testing import answer, make_recruiter, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]


@pytest.fixture
def session() -> InterviewSession:
    session = make_session(num_questions=1, follow_ups_per_question=0)
    answer(session, "only k1")
    return fresh(session).session


def screened(owner: User) -> InterviewSession:
    session = make_screening(owner, make_user(), num_questions=1, follow_ups_per_question=0)
    services.start_interview(interview=session.interview, user=session.candidate)
    return session


def claim(session: InterviewSession, user: User, point: str = "k2", *, verb: str = "put") -> Any:
    url = reverse("api-claim", args=[session.token, 1, point])
    return getattr(make_api_client(user), verb)(url)


def test_a_claim_is_kept_once_with_its_person_and_time(session: InterviewSession) -> None:
    first, again = claim(session, session.candidate), claim(session, session.candidate)

    kept = PointClaim.objects.get()
    assert first.status_code == again.status_code == 200
    assert again.json() == first.json()
    assert first.json()["point"] == kept.point == "k2"
    assert kept.person == session.candidate
    assert kept.created_at is not None


def test_a_claim_stands_beside_the_machines_view_and_changes_none(
    session: InterviewSession,
) -> None:
    get: dict[str, Any] = {"interview": session.interview, "user": session.candidate}
    before = services.interview_results(**get)
    claim(session, session.candidate)

    after = services.interview_results(**get)

    assert after["turns"][0].pop("claims") == ["k2"]
    assert before["turns"][0].pop("claims") == []
    assert after == before


def test_a_claim_can_be_taken_back(session: InterviewSession) -> None:
    claim(session, session.candidate)

    assert claim(session, session.candidate, verb="delete").status_code == 204
    assert claim(session, session.candidate, verb="delete").status_code == 204
    assert not PointClaim.objects.exists()


@pytest.mark.parametrize("verb", ["put", "delete"])
def test_a_stranger_gets_404(session: InterviewSession, verb: str) -> None:
    assert claim(session, make_user(), verb=verb).status_code == 404
    assert not PointClaim.objects.exists()


def test_what_is_no_point_of_the_answer_cannot_be_claimed(session: InterviewSession) -> None:
    assert claim(session, session.candidate, "k9").status_code == 404


def test_nothing_is_claimed_while_more_can_be_asked() -> None:
    session = make_session(num_questions=2)
    answer(session, "only k1")

    assert claim(session, session.candidate).status_code == 409
    assert not PointClaim.objects.exists()


def test_a_screening_takes_claims_when_it_is_over_and_its_reviewer_sees_them() -> None:
    owner = make_recruiter()
    session = screened(owner)
    answer(session, "only k1")

    assert claim(session, session.candidate).status_code == 200
    client = Client()
    client.force_login(owner)
    page = client.get(reverse("review", args=[session.token])).content.decode()

    results = services.interview_results(interview=session.interview, user=owner)
    assert page.count("The candidate says that this was said.") == 1
    assert "I did say this" not in page
    assert results["overall_score"] == 25
    assert claim(session, owner).status_code == 404


def test_a_screening_takes_no_claims_while_it_goes_on() -> None:
    session = make_screening(make_recruiter(), make_user(), follow_ups_per_question=0)
    services.start_interview(interview=session.interview, user=session.candidate)
    answer(session, "only k1")

    assert claim(session, session.candidate).status_code == 409


def test_the_results_page_offers_it_by_a_plain_form(session: InterviewSession) -> None:
    client = Client()
    client.force_login(session.candidate)
    results, url = reverse("results", args=[session.token]), reverse("claim", args=[session.token])
    form = {"turn": 1, "point": "k2"}

    said: Any = client.post(url, form)
    page = client.get(results).content.decode()
    client.post(url, form | {"withdraw": "1"})

    assert said.url == f"{results}#answer-1"
    assert page.count("I did say this") == 1
    assert page.count("You say that you said this.") == 1
    assert not PointClaim.objects.exists()


@pytest.mark.parametrize("form", [{}, {"turn": "x", "point": "k2"}, {"turn": 1, "point": "k9"}])
def test_a_form_that_names_no_point_gets_404(session: InterviewSession, form: Any) -> None:
    client = Client()
    client.force_login(session.candidate)

    assert client.post(reverse("claim", args=[session.token]), form).status_code == 404


def test_claims_go_with_their_person(session: InterviewSession) -> None:
    claim(session, session.candidate)

    services.erase_person(person=session.candidate, actor=session.candidate)

    assert not PointClaim.objects.exists()


def test_a_point_is_claimed_once(session: InterviewSession) -> None:
    mine = {"turn": session.turns.get(), "point": "k2", "person": session.candidate}
    PointClaim.objects.create(**mine)

    with pytest.raises(IntegrityError, match=r"pointclaim|claim_once"):
        PointClaim.objects.create(**mine)


def test_a_claim_names_a_point(session: InterviewSession) -> None:
    with pytest.raises(IntegrityError, match="claim_names_a_point"):
        PointClaim.objects.create(turn=session.turns.get(), point="", person=session.candidate)
