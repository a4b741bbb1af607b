"""“Say it again”: practice of a question, rated like its first answer, which stays the interview's result."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.testing import make_api_client, make_user
from accounts.throttles import AnswerThrottle
from ai.testing import StubModel
from interviews import services
from interviews.errors import StillWorking
from interviews.models import AnotherAnswer, AuditEvent, InterviewSession, Turn
from interviews.services import saying_again
from interviews.services.comparing import change_of
from interviews.services.lookups import fresh
from interviews.services.spending import Bill
from interviews.services.turn.renewal import lease_end
from interviews.services.turn.run import run_graph
from interviews.testing import answer, make_recruiter, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]


@pytest.fixture
def session(stub: StubModel) -> InterviewSession:
    session = make_session(num_questions=1, follow_ups_per_question=0)
    answer(session, "only k1")
    return fresh(session).session


def url_of(session: InterviewSession, turn: int = 1, *, name: str = "api-again") -> str:
    return reverse(name, args=[session.token, turn])


def say(
    session: InterviewSession,
    text: str = "k2 and k3",
    *,
    user: User | None = None,
    turn: int = 1,
    **more: Any,
) -> Any:
    body = {"response_text": text, **more}
    return make_api_client(user or session.candidate).post(url_of(session, turn), body)


def signed_in(session: InterviewSession) -> Client:
    client = Client()
    client.force_login(session.candidate)
    return client


def results_of(session: InterviewSession) -> Any:
    return services.interview_results(interview=session.interview, user=session.candidate)


def test_what_is_said_again_is_kept_and_rated_with_what_was_gained_and_lost(
    session: InterviewSession,
) -> None:
    reply = say(session)

    found, kept = reply.json(), AnotherAnswer.objects.get()
    assert reply.status_code == 201
    assert reply["Location"] == url_of(session)
    assert found["id"] == kept.pk
    assert found["answer"] == kept.text == "k2 and k3"
    assert found["evaluation"]["status"] == kept.evaluation == "scored"
    assert [point["change"] for point in found["changes"]] == ["lost", "gained", "gained"]
    assert found["changes"][1]["before"] == {"state": "not_said", "sure": True, "quote": ""}
    assert found["changes"][1]["after"] == {"state": "said", "sure": True, "quote": "k2"}
    assert len(found["gained"]) == 2
    assert len(found["lost"]) == 1


def test_the_first_answer_stays_the_result(session: InterviewSession) -> None:
    before = results_of(session)
    turn = Turn.objects.filter(session=session).values().get()

    say(session, "k1 k2 k3")

    after = results_of(session)
    assert after["turns"][0].pop("said_again") == 1
    assert before["turns"][0].pop("said_again") == 0
    assert after == before
    assert Turn.objects.filter(session=session).values().get() == turn
    assert fresh(session).turns[0].rating_list[0].score == 2


def test_the_same_words_are_the_same_answer_and_rated_once(
    session: InterviewSession, stub: StubModel
) -> None:
    first = say(session)
    calls = len(stub.calls)

    again = say(session)

    assert again.status_code == 200
    assert again["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    assert len(stub.calls) == calls


def test_other_words_are_another_answer_and_the_earlier_one_stays(
    session: InterviewSession,
) -> None:
    first, second = say(session).json(), say(session, "k1 k2 k3").json()

    shape = make_api_client(session.candidate).get(url_of(session)).json()

    assert shape["again"] == [first, second]
    assert shape["first"]["answer"] == "only k1"
    assert shape["first"]["evaluation"]["score"] == 25


def test_an_outage_keeps_the_words_invents_nothing_and_can_be_tried_again(
    session: InterviewSession, stub: StubModel
) -> None:
    stub.is_down = True
    failed = say(session)
    stub.is_down = False

    again = say(session)

    assert failed.status_code == 201
    assert failed.json()["evaluation"]["status"] == "pending"
    assert failed.json()["evaluation"]["score"] is None
    assert failed.json()["changes"] == []
    assert again.status_code == 200
    assert again.json()["id"] == failed.json()["id"]
    assert again.json()["evaluation"]["status"] == "scored"


def test_what_cannot_be_rated_says_so(session: InterviewSession) -> None:
    found = say(session, "for i in range(10):\n    print(i)\n    total += i\n").json()

    assert found["evaluation"]["status"] == "not_scored"
    assert found["evaluation"]["score"] is None
    assert found["evaluation"]["reason"]
    assert found["changes"] == []


def test_what_somebody_is_rating_is_not_rated_beside_them(
    session: InterviewSession, stub: StubModel
) -> None:
    stub.is_down = True
    say(session)
    AnotherAnswer.objects.update(rated_until=lease_end())
    stub.is_down, calls = False, len(stub.calls)

    reply = say(session)
    AnotherAnswer.objects.update(rated_until=timezone.now() - timedelta(seconds=1))

    assert reply.status_code == 202
    assert reply["Retry-After"]
    assert len(stub.calls) == calls
    assert say(session).json()["evaluation"]["status"] == "scored"


def test_a_rating_that_comes_after_another_one_is_dropped(
    session: InterviewSession, stub: StubModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slower(state: Any) -> Any:
        AnotherAnswer.objects.update(evaluation="not_scored", result={"status": "not_scored"})
        return run_graph(state)

    monkeypatch.setattr(saying_again, "run_graph", slower)

    with pytest.raises(StillWorking):
        services.say_again(user=session.candidate, token=session.token, number=1, text="k2")
    assert AnotherAnswer.objects.get().evaluation == "not_scored"


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_it_is_rated(
    session: InterviewSession, stub: StubModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    monkeypatch.setattr(stub, "_work", lambda _what: found.append(connection.in_atomic_block))

    say(session)

    assert found == [False]


@pytest.mark.parametrize("text", ["", "  \n", "\u200b"])
def test_nothing_is_no_answer(session: InterviewSession, text: str) -> None:
    assert say(session, text).status_code == 400
    assert not AnotherAnswer.objects.exists()


def test_what_is_said_to_us_is_not_rated_unless_it_is_the_answer(
    session: InterviewSession,
) -> None:
    refused = say(session, "Could you rephrase the question?")

    assert refused.status_code == 400
    assert "response_text" in refused.json()["errors"]
    assert say(session, "Could you rephrase the question?", as_answer=True).status_code == 201


def test_a_stranger_gets_404(session: InterviewSession) -> None:
    stranger = make_user()

    assert say(session, user=stranger).status_code == 404
    assert make_api_client(stranger).get(url_of(session)).status_code == 404
    assert not AnotherAnswer.objects.exists()


def test_a_screening_is_not_said_again(stub: StubModel) -> None:
    session = make_screening(
        make_recruiter(), make_user(), num_questions=1, follow_ups_per_question=0
    )
    services.start_interview(interview=session.interview, user=session.candidate)
    answer(session, "only k1")

    assert say(session).status_code == 404
    assert make_api_client(session.candidate).get(url_of(session)).status_code == 404
    assert not AnotherAnswer.objects.exists()


def test_a_question_that_is_open_is_409_and_one_that_was_never_asked_404(stub: StubModel) -> None:
    session = make_session(num_questions=2)

    assert say(session).status_code == 409
    assert say(session, turn=9).status_code == 404


def test_a_question_with_an_open_follow_up_is_not_said_again_yet(stub: StubModel) -> None:
    session = make_session(num_questions=2)
    answer(session, "only k1")
    early = say(session)
    answer(session, "k2 k3")

    assert early.status_code == 409
    assert say(session).status_code == 201
    assert say(session, turn=2).status_code == 201


def test_an_answer_that_is_not_rated_yet_is_not_said_again(
    session: InterviewSession, stub: StubModel
) -> None:
    Turn.objects.filter(session=session).update(evaluation="pending")

    assert say(session).status_code == 409


def test_it_is_limited_as_submits_are_and_reading_is_not(
    session: InterviewSession, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AnswerThrottle, "THROTTLE_RATES", {"submit": "1/min"})
    client = signed_in(session)
    page = url_of(session, name="again")

    first, second = say(session), say(session, "k1 k2")
    third: Any = client.post(page, {"response_text": "k3 in many words"})

    assert (first.status_code, second.status_code, third.status_code) == (201, 429, 429)
    assert "k3 in many words" in third.content.decode()
    assert make_api_client(session.candidate).get(url_of(session)).status_code == 200


def test_there_is_an_end_to_saying_it_again(
    session: InterviewSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interviews.services.saying_again.MOST_PER_TURN", 1)
    say(session)

    assert say(session, "k1 k2").status_code == 409
    assert say(session).status_code == 200


def test_what_it_costs_is_counted_on_the_session(
    session: InterviewSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    billed = []

    @contextmanager
    def noted(own: InterviewSession) -> Any:
        billed.append(own.pk)
        yield Bill()

    monkeypatch.setattr(saying_again, "metered_work", noted)

    say(session)

    assert billed == [session.pk]


def test_it_goes_with_its_interview_and_with_its_person(session: InterviewSession) -> None:
    say(session)
    other = make_session(num_questions=1, follow_ups_per_question=0)
    answer(other, "only k1")
    say(other)

    services.delete_interview(interview=session.interview, actor=session.candidate)
    left = AnotherAnswer.objects.get().turn.session_id
    services.erase_person(person=other.candidate, actor=other.candidate)

    assert left == other.pk
    assert not AnotherAnswer.objects.exists()
    assert "said again 1" in AuditEvent.objects.get(action="person.erased").detail


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("not_heard", "heard", "gained"),
        ("touched", "heard", "gained"),
        ("opposite", "touched", "gained"),
        ("heard", "heard", "kept"),
        ("touched", "touched", "kept"),
        ("heard", "touched", "lost"),
        ("heard", "opposite", "lost"),
        ("not_heard", "opposite", "open"),
        ("opposite", "not_heard", "open"),
        ("unsure", "heard", "unsure"),
        ("heard", "unsure", "unsure"),
        ("unsure", "unsure", "unsure"),
    ],
)
def test_a_change_is_named_from_what_was_heard(before: str, after: str, change: str) -> None:
    assert change_of(before, after) == change
