"""The room and the dashboard as pages without JavaScript: what was written is never lost, and what is said is true."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.testing import PASSWORD, make_user
from interviews import services
from interviews.errors import TooLate
from interviews.live.events import room_html
from interviews.models import AuditEvent, Interview, InterviewSession
from interviews.services.lookups import fresh
from interviews.services.turn.answer import Submission
from interviews.testing import answer, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]

TYPED = "k1 comes first <b>and</b> k2 follows."
KEY = "a-key-of-the-page"


@pytest.fixture
def session() -> InterviewSession:
    return make_session(make_user("rosa@example.org"), num_questions=2)


@pytest.fixture
def rosa(session: InterviewSession) -> Client:
    client = Client()
    client.force_login(session.candidate)
    return client


def room(session: InterviewSession) -> str:
    return reverse("room", args=[session.token])


def send(client: Client, session: InterviewSession, text: str = TYPED, **more: Any) -> Any:
    form = {"turn": 1, "key": KEY, "action": "answer", "response_text": text}
    return client.post(room(session), form | more)


def sign_in(client: Client, user: User, then: str = "") -> None:
    form = {"username": user.email, "password": PASSWORD, "next": then}
    assert client.post(reverse("sign-in"), form).status_code == 302


def run_out(session: InterviewSession) -> None:
    session.turns.open().update(deadline=timezone.now() - timedelta(minutes=5))


def test_an_answer_sent_after_the_sign_in_expired_is_there_after_signing_in(
    session: InterviewSession,
) -> None:
    client = Client()

    asked = send(client, session)
    sign_in(client, session.candidate, asked.url)
    page = client.get(room(session))

    assert asked.url.startswith(reverse("sign-in"))
    assert page.context["typed"] == TYPED
    assert page.context["key"] == KEY
    assert "It is not sent yet" in page.content.decode()
    assert not session.answers.exists()


def test_the_sign_in_page_says_that_the_answer_is_kept(session: InterviewSession) -> None:
    client = Client()

    asked = send(client, session)

    assert "Your answer is kept" in client.get(asked.url).content.decode()


def test_an_answer_that_was_kept_goes_once_it_is_sent(session: InterviewSession) -> None:
    client = Client()
    send(client, session)
    sign_in(client, session.candidate)

    send(client, session)
    page = client.get(room(session))

    assert session.answers.get().text == TYPED
    assert "typed" not in page.context
    assert page.context["question"]["turn"] == 2


def test_an_answer_that_was_kept_too_long_is_shown_beside_the_next_question(
    session: InterviewSession,
) -> None:
    client = Client()
    send(client, session)
    answer(session)
    sign_in(client, session.candidate)

    page = client.get(room(session))

    assert page.context["unsent"] == TYPED
    assert "answered already" in page.context["why"]


def test_an_answer_that_was_kept_is_nobody_elses(session: InterviewSession) -> None:
    client, other = Client(), make_session()
    send(client, session)
    sign_in(client, other.candidate)

    assert client.get(room(session)).status_code == 404
    assert TYPED not in client.get(room(other)).content.decode()


def test_nothing_is_kept_for_a_room_that_does_not_exist() -> None:
    client = Client()

    client.post(reverse("room", args=["no-such-token"]), {"turn": 1, "response_text": "x"})

    assert not client.session.keys()


def test_an_answer_in_a_stale_form_comes_back_to_be_sent_again(session: InterviewSession) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(session.candidate)

    refused = send(strict, session, csrfmiddlewaretoken="stale")

    assert refused.status_code == 403
    assert refused.context["kept"]["response_text"] == TYPED
    token = refused.context["csrf_token"]
    assert send(strict, session, csrfmiddlewaretoken=token).status_code == 302
    assert session.answers.get().text == TYPED


def test_an_answer_after_its_time_is_told_so(rosa: Client, session: InterviewSession) -> None:
    services.save_draft(user=session.candidate, token=session.token, turn=1, text="k1")
    run_out(session)

    page = send(rosa, session)

    assert page.status_code == 409
    assert "came after its time" in page.context["why"]
    assert page.context["unsent"] == TYPED
    assert "answered already" not in page.content.decode()


def test_an_answer_after_the_time_of_the_whole_interview_is_told_so(
    rosa: Client, session: InterviewSession
) -> None:
    InterviewSession.objects.update(deadline=timezone.now() - timedelta(minutes=5))

    page = send(rosa, session)

    assert page.status_code == 409
    assert "came after its time" in page.content.decode()


def test_an_answer_to_a_question_answered_before_is_told_so(
    rosa: Client, session: InterviewSession
) -> None:
    answer(session)

    page = send(rosa, session)

    assert "This question is answered already." in page.context["why"]


def test_the_same_key_with_other_words_is_told_in_the_pages_words(
    rosa: Client, session: InterviewSession
) -> None:
    send(rosa, session)

    page = send(rosa, session, "Something else.")

    assert page.context["unsent"] == "Something else."
    assert "Idempotency" not in page.content.decode()


def test_a_skip_that_is_refused_says_why(rosa: Client, session: InterviewSession) -> None:
    answer(session)

    page = send(rosa, session, "", action="skip")

    assert "This question is answered already." in page.content.decode()


def test_a_late_answer_over_the_api_has_an_error_of_its_own(session: InterviewSession) -> None:
    run_out(session)

    with pytest.raises(TooLate, match="Nothing was written by then"):
        services.submit_response(
            user=session.candidate, token=session.token, submission=Submission(1, "late")
        )


DEADLINE = datetime(2031, 1, 15, 17, 30, tzinfo=UTC)


def in_auckland(session: InterviewSession) -> None:
    User.objects.filter(pk=session.candidate_id).update(time_zone="Pacific/Auckland")
    InterviewSession.objects.filter(pk=session.pk).update(deadline=DEADLINE)


@pytest.mark.parametrize("page", ["room", "dashboard"])
def test_a_deadline_is_in_the_persons_time_zone_and_names_it(
    page: str, rosa: Client, session: InterviewSession
) -> None:
    in_auckland(session)

    shown = rosa.get(room(session) if page == "room" else reverse("dashboard")).content.decode()

    assert "16 Jan 2031, 06:30</time> (Pacific/Auckland)" in shown
    assert '<html lang="en" data-time-zone="Pacific/Auckland">' in shown


def test_the_socket_brings_the_same_time_zone_as_the_page(session: InterviewSession) -> None:
    in_auckland(session)

    assert "16 Jan 2031, 06:30</time> (Pacific/Auckland)" in room_html(fresh(session))["html"]


def test_a_time_zone_that_this_machine_does_not_know_breaks_no_page(
    rosa: Client, session: InterviewSession
) -> None:
    in_auckland(session)
    User.objects.update(time_zone="Mars/Olympus_Mons")

    assert "17:30</time> (UTC)" in rosa.get(room(session)).content.decode()


def test_a_question_with_an_open_follow_up_is_not_counted_as_answered(
    rosa: Client, session: InterviewSession
) -> None:
    answer(session)
    answer(session, "only k1")

    page = rosa.get(reverse("dashboard")).content.decode()

    assert "1 of 2 questions answered" in page
    assert "2 of 2" not in page


def test_an_interview_with_nothing_left_to_answer_is_not_to_be_carried_on(
    rosa: Client, session: InterviewSession
) -> None:
    answer(session)
    session.turns.open().update(flow="answered", evaluation="pending")

    page = rosa.get(reverse("dashboard")).content.decode()

    assert "Your last answer is saved and being read." in page
    assert "2 of 2" not in page
    assert "Carry on<" not in page


def test_a_half_done_practice_is_deleted_after_asking(
    rosa: Client, session: InterviewSession
) -> None:
    answer(session)
    url = reverse("delete-interview", args=[session.interview_id])
    assert url in rosa.get(reverse("dashboard")).content.decode()

    asked = rosa.get(url)
    assert "cannot be undone" in asked.content.decode()
    assert Interview.objects.exists()
    rosa.post(url)

    assert not Interview.objects.exists()
    assert not InterviewSession.objects.exists()
    assert AuditEvent.objects.filter(action="interview.deleted", actor=session.candidate).exists()


def test_a_screening_cannot_be_deleted_by_its_candidate(session: InterviewSession) -> None:
    staff = make_user(staff=True)
    screening = make_screening(staff, session.candidate)
    client = Client()

    for user in (session.candidate, staff):
        client.force_login(user)
        url = reverse("delete-interview", args=[screening.interview_id])
        assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)
    assert InterviewSession.objects.filter(pk=screening.pk).exists()
