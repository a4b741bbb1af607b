"""What is said to us is kept and answered, leaves the question open, and is never rated."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.testing import make_api_client, make_user
from ai.testing import StubModel
from interviews import services
from interviews.errors import Conflict, KeyReused
from interviews.models import Answer, Aside, InterviewSession, Turn
from interviews.services.asides import record_aside
from interviews.services.loaded_session import load_session
from interviews.services.lookups import fresh
from interviews.services.turn.answer import Submission, Submitted
from interviews.testing import answer, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]
ASKED = "Could you rephrase it?"
FAULT = "The microphone does not work."


def make_screened() -> tuple[InterviewSession, User]:
    owner = make_user()
    session = make_screening(owner, make_user(), num_questions=1, follow_ups_per_question=0)
    services.start_interview(interview=session.interview, user=session.candidate)
    return fresh(session).session, owner


def say(session: InterviewSession, text: str, key: str = "", **more: Any) -> Submitted:
    submission = Submission(1, text, key, **more)
    return services.submit_response(
        user=session.candidate, token=session.token, submission=submission
    )


def test_a_request_is_kept_and_the_question_stays_open(stub: StubModel) -> None:
    session = make_session()
    session.interview.questions.update(in_other_words="What does it do?")

    reply = say(session, ASKED).reply

    assert reply["aside"]["kind"] == "rephrase"
    assert reply["aside"]["reply"] == "In other words: What does it do?"
    assert (reply["status"], reply["next_step"], reply["evaluation"]) == (
        "active",
        "continue",
        None,
    )
    assert reply["next_question"]["turn"] == 1
    assert [a["text"] for a in reply["next_question"]["asides"]] == [ASKED]
    assert reply["progress"]["answered"] == 0
    assert session.turns.get().is_open
    assert Answer.objects.count() == 0
    assert not any(call.startswith("evaluate") for call in stub.calls)


def test_the_time_goes_on(settings: Any) -> None:
    session = make_session(timed=True)
    deadline = fresh(session).turns[0].deadline

    say(session, ASKED)

    assert deadline is not None
    assert session.turns.get().deadline == deadline


def test_the_same_key_gets_the_same_reply_and_stores_nothing_more() -> None:
    session = make_session()
    first = say(session, ASKED, "one")

    again = say(session, ASKED, "one")

    assert (first.is_replay, again.is_replay) == (False, True)
    assert again.reply == first.reply
    assert Aside.objects.count() == session.turns.get().aside_count == 1


def test_without_a_key_the_same_words_are_a_replay() -> None:
    session = make_session()
    say(session, ASKED)

    assert say(session, ASKED).is_replay
    assert Aside.objects.count() == 1


def test_a_replay_is_the_same_after_the_question_was_answered() -> None:
    session = make_session()
    first = say(session, ASKED, "one")
    answer(session)

    again = say(session, ASKED, "one")

    assert again.is_replay
    assert again.reply["aside"] == first.reply["aside"]
    assert again.reply["next_question"]["turn"] == 2


def test_a_key_serves_one_turn_only() -> None:
    session = make_session()
    say(session, ASKED, "one")
    answer(session)

    for turn in (2, 99):
        with pytest.raises(KeyReused):
            services.submit_response(
                user=session.candidate,
                token=session.token,
                submission=Submission(turn, ASKED, "one"),
            )


def test_a_key_serves_one_thing_only() -> None:
    session = make_session()
    say(session, ASKED, "one")

    with pytest.raises(KeyReused):
        say(session, "k1 k2 k3", "one")
    with pytest.raises(KeyReused):
        say(session, ASKED, "one", as_answer=True)
    answer(session, key="two")
    with pytest.raises(KeyReused):
        services.submit_response(
            user=session.candidate, token=session.token, submission=Submission(2, FAULT, "two")
        )


def test_two_at_once_under_one_key_are_one_or_refused() -> None:
    session = fresh(make_session())
    stale, key = fresh(session), "one"
    first, _new = record_aside(session, Submission(1, ASKED, key), "rephrase")

    again, is_new = record_aside(stale, Submission(1, ASKED, key), "rephrase")

    assert (again, is_new) == (first, False)
    assert session.session.turns.get().aside_count == 1
    with pytest.raises(KeyReused):
        record_aside(stale, Submission(1, FAULT, key), "fault")


def test_a_closed_question_takes_no_request() -> None:
    session = make_session()
    answer(session)

    with pytest.raises(Conflict):
        say(session, ASKED)


def test_it_counts_as_no_follow_up_and_changes_no_rating() -> None:
    session = make_session()
    say(session, ASKED)

    reply = answer(session, "only k1").reply

    assert reply["next_step"] == "follow_up"
    assert reply["next_question"]["turn"] == 2
    assert reply["evaluation"]["score"] == 25 * round(4 / 3)


def test_whoever_says_that_it_is_an_answer_has_answered() -> None:
    session = make_session()
    say(session, ASKED)

    reply = say(session, ASKED, as_answer=True).reply

    assert reply["aside"] is None
    assert Answer.objects.get().text == ASKED


@pytest.mark.parametrize(("asked", "is_aside"), [("What do you ask a client?", False), ("", True)])
def test_what_the_question_asks_for_is_an_answer(asked: str, is_aside: bool) -> None:
    session = make_session()
    if asked:
        session.turns.update(text=asked)

    reply = say(session, "What do you mean by that?").reply

    assert (reply["aside"] is not None) is is_aside


def test_an_honest_answer_with_such_a_sentence_is_rated() -> None:
    session = make_session()

    reply = say(
        session, "Could you rephrase it? Well, I think k1 comes first, then k2 and k3."
    ).reply

    assert reply["aside"] is None
    assert reply["evaluation"]["score"] == 100


def test_the_second_one_calls_a_person_in_a_screening_and_stays_so_after_the_rating() -> None:
    session, owner = make_screened()
    say(session, ASKED)
    after_one = session.turns.get().needs_person

    reply = say(session, FAULT).reply
    after_two = session.turns.get()
    answer(session)

    assert (after_one, after_two.needs_person, after_two.is_open) == (False, True, True)
    assert "will see this" in reply["aside"]["reply"]
    results = services.interview_results(interview=session.interview, user=owner)
    assert results["needs_person"] == [1]
    assert [(a["turn"], a["kind"]) for a in results["asides"]] == [(1, "rephrase"), (1, "fault")]
    assert [a["text"] for a in results["turns"][0]["asides"]] == [ASKED, FAULT]


def test_practice_calls_nobody() -> None:
    session = make_session()
    say(session, ASKED)
    say(session, FAULT)

    assert not session.turns.get().needs_person
    assert services.session_results(fresh(session))["needs_person"] == []


def test_its_draft_goes_and_another_stays() -> None:
    session = make_session()
    session.turns.update(draft="Could you reph")
    say(session, ASKED)
    gone = session.turns.get().draft
    session.turns.update(draft="I would begin with")

    say(session, FAULT)

    assert (gone, session.turns.get().draft) == ("", "I would begin with")


def test_a_request_left_as_a_draft_is_no_answer_when_the_time_is_over() -> None:
    session = make_session(timed=True)
    session.turns.update(draft=ASKED, deadline=timezone.now() - timedelta(minutes=5))

    services.catch_up()

    turn = fresh(session).turns[0]
    assert turn.given_answer is not None
    assert turn.given_answer.text == ASKED
    assert turn.evaluation == Turn.Evaluation.NOT_SCORED
    assert turn.reason == "The time ran out on a request, not on an answer."


def test_a_draft_that_answers_is_rated_when_the_time_is_over() -> None:
    session = make_session(timed=True)
    session.turns.update(draft="k1 and k2", deadline=timezone.now() - timedelta(minutes=5))

    services.catch_up()

    assert fresh(session).turns[0].evaluation == Turn.Evaluation.SCORED


def test_it_goes_with_its_person() -> None:
    session = make_session()
    say(session, ASKED)

    services.erase_person(person=session.candidate, actor=session.candidate)

    assert Aside.objects.count() == 0


def test_a_state_holds_it() -> None:
    session = make_session()
    say(session, ASKED)

    state = services.session_state(fresh(session))

    assert [a["text"] for a in state["question"]["asides"]] == [ASKED]


def test_loading_a_session_costs_a_query_more_only_if_there_is_one(
    django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    session = make_session()
    with django_assert_max_num_queries(5) as before:
        load_session(InterviewSession.objects.filter(pk=session.pk))
    say(session, ASKED)

    with django_assert_num_queries(len(before) + 1):
        load_session(InterviewSession.objects.filter(pk=session.pk))


def test_the_api_tells_it_and_takes_it_as_an_answer() -> None:
    session = make_session()
    api = make_api_client(session.candidate)
    body = {"session_token": session.token, "turn": 1, "response_text": ASKED}

    said = api.post("/api/interviews/session/submit", body, format="json")
    again = api.post("/api/interviews/session/submit", body, format="json")
    taken = api.post("/api/interviews/session/submit", {**body, "as_answer": True}, format="json")

    assert (said.status_code, again.status_code, taken.status_code) == (200, 200, 200)
    assert said.json()["aside"]["kind"] == "rephrase"
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == said.json()
    assert taken.json()["aside"] is None
    assert Turn.objects.get(number=1).flow == "closed"


def test_the_room_shows_the_reply_and_offers_to_send_it_as_an_answer() -> None:
    session = make_session()
    client = Client()
    client.force_login(session.candidate)
    room = reverse("room", args=[session.token])
    form = {"turn": 1, "key": "page", "response_text": ASKED}

    reply = client.post(room, {**form, "action": "answer"})
    page = client.get(room).content.decode()
    client.post(room, {**form, "key": "page-as-answer", "action": "as_answer"})

    assert reply.status_code == 302
    assert "Say what you know about it" in page
    assert 'value="as_answer"' in page
    assert f">{ASKED}</textarea>" not in page
    assert Answer.objects.get().text == ASKED


def test_staff_see_it_while_the_question_is_open() -> None:
    session, owner = make_screened()
    say(session, ASKED)
    client = Client()
    client.force_login(owner)

    page = client.get(reverse("review", args=[session.token])).content.decode()

    assert "Open now" in page
    assert ASKED in page


def test_a_candidate_of_a_screening_sees_it_again_at_the_end() -> None:
    session, _owner = make_screened()
    say(session, ASKED)
    answer(session)
    client = Client()
    client.force_login(session.candidate)

    page = client.get(reverse("results", args=[session.token])).content.decode()

    assert ASKED in page
    assert "Said to us instead of answering" in page
