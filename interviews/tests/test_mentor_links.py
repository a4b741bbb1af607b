"""A private link for a mentor: who makes and ends it, what it shows, and what it never shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.testing import make_api_client, make_superuser, make_user
from ai.testing import StubEar, make_recording
from interviews import services
from interviews.errors import NotFound
from interviews.models import Aside, AuditEvent, InterviewSession, MentorLink, PointClaim
from interviews.services.mentor_links import MOST_OPEN, mentor_token
from interviews.services.recordings import keep_recording
from interviews.testing import answer, ear_in_use, make_recruiter, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]
HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


@pytest.fixture
def session() -> InterviewSession:
    candidate = make_user("rosa@example.org", full_name="Rosa Candidate")
    session = make_session(candidate, num_questions=1, follow_ups_per_question=0)
    answer(session, "only k1 is in this answer")
    session.refresh_from_db()
    return session


def make_link(session: InterviewSession) -> MentorLink:
    return services.make_mentor_link(user=session.candidate, token=session.token)


def page_of(link: MentorLink) -> str:
    return reverse("mentor", args=[mentor_token(link)])


def web(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def links_url(session: InterviewSession) -> str:
    return f"/api/interviews/session/{session.token}/mentor-links"


@pytest.mark.parametrize("reader", ["anonymous", "stranger", "candidate"])
def test_anybody_with_the_link_reads_the_results(session: InterviewSession, reader: str) -> None:
    people = {"stranger": make_user(), "candidate": session.candidate}
    client = web(people[reader]) if reader in people else Client()

    response = client.get(page_of(make_link(session)))

    page = response.content.decode()
    assert response.status_code == 200
    assert "Software engineer" in page
    assert "is in this answer" in page
    assert "Key point 2" in page
    assert "A good answer, beside yours" in page


def test_the_page_names_nobody_and_has_nothing_to_press(session: InterviewSession) -> None:
    session.interview.title = "Rosa Candidate practises"
    session.interview.save()
    PointClaim.objects.create(turn=session.turns.get(), point="k2", person=session.candidate)

    page = web(session.candidate).get(page_of(make_link(session))).content.decode()

    for told in ("rosa@example.org", "Rosa Candidate", session.token, "You say that you said"):
        assert told not in page
    for part in ("<form", "<button", "<input", "<audio", "csrfmiddlewaretoken", "/room/"):
        assert part not in page


def test_the_candidates_own_page_has_what_the_mentors_leaves_out(session: InterviewSession) -> None:
    page = web(session.candidate).get(reverse("results", args=[session.token])).content.decode()

    for part in ("<form", "I did say this", session.token):
        assert part in page


def test_recordings_and_what_was_said_to_us_are_left_out() -> None:
    candidate = make_user()
    session = make_session(candidate, num_questions=1, follow_ups_per_question=0)
    said: dict[str, Any] = {"user": candidate, "token": session.token, "turn": 1}
    with ear_in_use(StubEar()):
        kept = keep_recording(**said, audio=make_recording("k1"))
    turn = session.turns.get()
    values = {"key": "one", "sha256": "0", "modality": "text", "kind": "help"}
    Aside.objects.create(turn=turn, session=session, text="I am deaf", reply="Write", **values)
    type(turn).objects.update(aside_count=1)
    answer(session, "k1")

    page = Client().get(page_of(make_link(session))).content.decode()

    own = web(candidate).get(reverse("results", args=[session.token])).content.decode()
    for private in (kept.key, "I am deaf"):
        assert private in own
        assert private not in page


@pytest.mark.parametrize("why", ["open", "withdrawn", "forged"])
def test_every_reply_is_kept_out_of_caches_referrers_and_search(
    session: InterviewSession, why: str
) -> None:
    link = make_link(session)
    if why == "withdrawn":
        link.withdraw()

    response = Client().get(page_of(link) if why != "forged" else "/mentor/forged/")

    assert {name: response[name] for name in HEADERS} == HEADERS
    assert '<meta name="robots" content="noindex, nofollow">' in response.content.decode()


def test_the_link_is_the_same_each_time_and_is_nowhere_stored(session: InterviewSession) -> None:
    link = make_link(session)

    assert page_of(link) == page_of(MentorLink.objects.get())
    stored = MentorLink.objects.values_list().get()
    assert not any(mentor_token(link) in str(value) for value in stored)
    assert not AuditEvent.objects.filter(detail__contains=link.nonce).exists()


def test_it_works_for_14_days_and_no_longer(
    session: InterviewSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = make_link(session)
    ends = link.created_at + timedelta(days=14)

    monkeypatch.setattr(timezone, "now", lambda: ends - timedelta(minutes=1))
    assert Client().get(page_of(link)).status_code == 200
    monkeypatch.setattr(timezone, "now", lambda: ends + timedelta(minutes=1))
    ended = Client().get(page_of(link))

    assert ended.status_code == 410
    assert "ask the person who sent it to you for a new one" in ended.content.decode()
    assert "is in this answer" not in ended.content.decode()


def test_a_withdrawn_link_shows_nothing_and_others_go_on(session: InterviewSession) -> None:
    link, other = make_link(session), make_link(session)
    url = reverse("withdraw-mentor-link", args=[session.token, link.pk])

    for _again in range(2):
        assert web(session.candidate).post(url).status_code == 302

    assert Client().get(page_of(link)).status_code == 410
    assert Client().get(page_of(other)).status_code == 200
    assert AuditEvent.objects.filter(action="mentor_link.withdrawn").count() == 1


def test_the_link_of_somebody_who_may_not_sign_in_any_more_has_ended(
    session: InterviewSession,
) -> None:
    link = make_link(session)
    session.candidate.disable()

    assert Client().get(page_of(link)).status_code == 410


@pytest.mark.parametrize("erase", ["interview", "account"])
def test_erasing_the_interview_or_the_account_ends_it(
    session: InterviewSession, erase: str
) -> None:
    link, candidate = make_link(session), session.candidate
    if erase == "interview":
        services.delete_interview(interview=session.interview, actor=candidate)
    else:
        services.erase_person(person=candidate, actor=candidate)

    assert not MentorLink.objects.exists()
    assert Client().get(page_of(link)).status_code == 404


def test_a_forged_link_opens_nothing(session: InterviewSession) -> None:
    link = make_link(session)
    token = mentor_token(link)
    other_salt = signing.Signer(salt="interviews.practice-reminders")
    forged = [
        str(link.pk),
        session.token,
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token.replace(":", "x:", 1),
        other_salt.sign_object([link.pk, link.nonce]),
        signing.Signer(salt="interviews.mentor-links").sign_object([link.pk, "other"]),
    ]

    for one in forged:
        response = Client().get(reverse("mentor", args=[one]))
        assert response.status_code == 404
        assert "copy the whole of it" in response.content.decode()


def test_a_new_nonce_ends_the_link_that_was_given_out(session: InterviewSession) -> None:
    link = make_link(session)
    old = page_of(link)
    MentorLink.objects.update(nonce="another")

    assert Client().get(old).status_code == 404


@pytest.mark.parametrize("path", ["forged", "withdrawn"])
def test_a_program_is_told_in_problem_json(session: InterviewSession, path: str) -> None:
    link = make_link(session)
    link.withdraw()
    url = page_of(link) if path == "withdrawn" else "/mentor/forged/"

    response = Client().get(url, headers={"Accept": "application/json"})

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_the_page_takes_no_posts(session: InterviewSession) -> None:
    assert Client().post(page_of(make_link(session))).status_code == 405


def test_the_results_page_makes_lists_and_withdraws_links(session: InterviewSession) -> None:
    client, results = web(session.candidate), reverse("results", args=[session.token])
    assert "share-link" not in client.get(results).content.decode()

    made = client.post(reverse("make-mentor-link", args=[session.token]))
    page = client.get(results).content.decode()

    link = MentorLink.objects.get()
    assert made["Location"] == f"{results}#mentor"
    assert f"http://testserver{page_of(link)}" in page
    withdraw = reverse("withdraw-mentor-link", args=[session.token, link.pk])
    assert withdraw in page
    client.post(withdraw)
    assert page_of(link) not in client.get(results).content.decode()


def test_there_are_five_links_at_most_at_once(session: InterviewSession) -> None:
    api = make_api_client(session.candidate)
    for _again in range(MOST_OPEN):
        assert api.post(links_url(session)).status_code == 201

    assert api.post(links_url(session)).status_code == 409
    page = web(session.candidate).post(
        reverse("make-mentor-link", args=[session.token]), follow=True
    )
    assert "There are 5 links already." in page.content.decode()
    MentorLink.objects.all()[0].withdraw()
    assert api.post(links_url(session)).status_code == 201


def test_a_client_makes_reads_and_withdraws_links(session: InterviewSession) -> None:
    api, url = make_api_client(session.candidate), links_url(session)

    made = api.post(url)

    link = MentorLink.objects.get()
    assert made.status_code == 201
    assert made["Location"] == made.json()["url"] == f"http://testserver{page_of(link)}"
    assert api.get(url).json() == [made.json()]
    assert set(made.json()) == {"id", "url", "created_at", "expires_at"}
    assert api.delete(f"{url}/{link.pk}").status_code == 204
    assert api.delete(f"{url}/{link.pk}").status_code == 204
    assert api.get(url).json() == []


def test_a_request_with_a_body_of_its_own_is_refused(session: InterviewSession) -> None:
    response = make_api_client(session.candidate).post(links_url(session), {"days": 90})

    assert response.status_code == 400
    assert not MentorLink.objects.exists()


@pytest.mark.parametrize("make_other", [make_user, make_superuser, make_recruiter])
def test_nobody_else_makes_lists_or_withdraws_a_link(
    session: InterviewSession, make_other: Any
) -> None:
    link, other = make_link(session), make_other()
    api, url = make_api_client(other), links_url(session)

    codes = [api.get(url), api.post(url), api.delete(f"{url}/{link.pk}")]

    assert [response.status_code for response in codes] == [404] * 3
    assert Client().get(page_of(link)).status_code == 200
    assert MentorLink.objects.count() == 1


def test_a_link_is_withdrawn_at_its_own_session_only(session: InterviewSession) -> None:
    link = make_link(session)
    other = make_session(session.candidate)
    url = f"{links_url(other)}/{link.pk}"

    assert make_api_client(session.candidate).delete(url).status_code == 404
    assert Client().get(page_of(link)).status_code == 200


def test_an_interview_that_goes_on_is_not_shown() -> None:
    session = make_session(num_questions=2)

    response = make_api_client(session.candidate).post(links_url(session))

    assert response.status_code == 409
    assert not MentorLink.objects.exists()


def test_a_screening_has_no_links_and_a_row_of_one_shows_nothing() -> None:
    owner, candidate = make_recruiter(), make_user()
    session = make_screening(owner, candidate, num_questions=1, follow_ups_per_question=0)
    services.start_interview(interview=session.interview, user=candidate)
    answer(session)
    for person in (candidate, owner):
        with pytest.raises(NotFound):
            services.make_mentor_link(user=person, token=session.token)

    link = MentorLink.objects.create(session=session)

    assert Client().get(page_of(link)).status_code == 410
    results = web(candidate).get(reverse("results", args=[session.token])).content.decode()
    assert "mentor" not in results
