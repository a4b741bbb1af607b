"""Feedback after each answer or all at the end, and no level between questions unless wanted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.testing import make_api_client, make_user
from interviews import services
from interviews.errors import NotFound
from interviews.models import Interview, InterviewSession
from interviews.pages.advice import practise_again
from interviews.services.practice_plans import attempts_of
from interviews.testing import answer, make_interview, make_plan, make_recruiter, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]
AT_THE_END = "at_the_end"
CHOICES = pytest.mark.parametrize(
    ("feedback", "is_told"), [("after_each", True), (AT_THE_END, False)]
)
SET_UP = {"position": "Software engineer", "interview_type": "technical", "num_questions": 2}
CHOSEN = {"difficulty": "medium", "follow_ups_per_question": 1, "language": "en"}
FORM = {**SET_UP, **CHOSEN, "time_factor": "1.0"}


def begun(feedback: str, candidate: User | None = None) -> InterviewSession:
    return make_session(candidate, follow_ups_per_question=0, feedback=feedback)


def submit(session: InterviewSession, turn: int = 1) -> Any:
    body = {"session_token": session.token, "turn": turn, "response_text": "only k1"}
    return make_api_client(session.candidate).post("/api/interviews/session/submit", body).json()


def state_of(session: InterviewSession) -> Any:
    url = reverse("api-session", args=[session.token])
    return make_api_client(session.candidate).get(url).json()


def room_of(session: InterviewSession) -> str:
    return signed_in(session).get(reverse("room", args=[session.token])).content.decode()


def signed_in(session: InterviewSession) -> Client:
    client = Client()
    client.force_login(session.candidate)
    return client


def results_of(session: InterviewSession) -> Any:
    return services.interview_results(interview=session.interview, user=session.candidate)


@CHOICES
def test_the_reply_to_a_submit_and_the_state_tell_only_if_wanted(
    feedback: str, is_told: bool
) -> None:
    session = begun(feedback)

    reply = submit(session)

    assert (reply["evaluation"] is not None) is is_told
    assert (state_of(session)["turns"][0]["evaluation"] is not None) is is_told
    assert reply["next_question"]["turn"] == 2


@CHOICES
def test_the_room_tells_only_if_wanted(feedback: str, is_told: bool) -> None:
    session = begun(feedback)
    answer(session, "only k1")

    page = room_of(session)

    assert ("Feedback on your last answer" in page) is is_told
    assert "Question 2 of 2" in page


@CHOICES
def test_results_are_there_before_the_end_only_if_wanted(feedback: str, is_told: bool) -> None:
    session = begun(feedback)
    answer(session, "only k1")

    if is_told:
        assert results_of(session)["turns"][0]["evaluation"]["score"] == 25
    else:
        with pytest.raises(NotFound):
            results_of(session)


@CHOICES
def test_nothing_is_claimed_or_said_again_before_it_is_told(feedback: str, is_told: bool) -> None:
    session = begun(feedback)
    answer(session, "only k1")
    client = make_api_client(session.candidate)

    claimed = client.put(reverse("api-claim", args=[session.token, 1, "k2"]))
    again = client.get(reverse("api-again", args=[session.token, 1]))

    expected = 200 if is_told else 409
    assert (claimed.status_code, again.status_code) == (expected, expected)


@CHOICES
def test_the_plan_does_not_tell_either_by_what_comes_back(feedback: str, is_told: bool) -> None:
    plan = make_plan()
    session = begun(feedback, plan.owner)
    answer(session, "only k1")

    before = [attempt.has_gaps for attempt in attempts_of(plan)]
    answer(session, "k1 k2 k3")

    assert before == [is_told]
    assert sorted(attempt.has_gaps for attempt in attempts_of(plan)) == [False, True]


def test_at_the_end_everything_is_told() -> None:
    session = begun(AT_THE_END)
    answer(session, "only k1")

    last = submit(session, turn=2)
    told = state_of(session)
    page = signed_in(session).get(reverse("results", args=[session.token])).content.decode()

    assert last["status"] == "completed"
    assert last["evaluation"]["status"] == "scored"
    assert [turn["evaluation"]["score"] for turn in told["turns"]] == [25, 25]
    assert results_of(session)["overall_score"] == 25
    assert "Level 2 of 5" in page


def test_what_ran_out_of_time_is_told_too() -> None:
    session = begun(AT_THE_END)
    answer(session, "only k1")
    InterviewSession.objects.filter(pk=session.pk).update(
        status="expired", finished_at=session.started_at
    )

    assert state_of(session)["turns"][0]["evaluation"] is not None


def test_the_default_is_after_each_answer_and_rest_takes_the_other() -> None:
    client = make_api_client(make_user())

    plain = client.post("/api/interviews/", SET_UP)
    chosen = client.post("/api/interviews/", {**SET_UP, "feedback": AT_THE_END})
    unknown = client.post("/api/interviews/", {**SET_UP, "feedback": "never"})

    assert plain.json()["feedback"] == "after_each"
    assert chosen.json()["feedback"] == AT_THE_END
    assert unknown.status_code == 400
    assert "feedback" in unknown.json()["errors"]


def test_a_draft_changes_it_and_an_interview_that_has_begun_does_not() -> None:
    session, draft = begun(AT_THE_END), make_interview()
    change = {"feedback": "after_each"}

    late = make_api_client(session.candidate).patch(
        f"/api/interviews/{session.interview_id}/", change
    )
    early = make_api_client(draft.owner).patch(
        f"/api/interviews/{draft.pk}/", {"feedback": AT_THE_END}
    )

    assert late.status_code == 409
    assert early.json()["feedback"] == AT_THE_END


def test_a_screening_has_no_such_choice() -> None:
    owner = make_recruiter()
    client = make_api_client(owner)
    screening = make_interview(owner, mode="screening")
    practice = make_interview(owner, feedback=AT_THE_END)

    made = client.post("/api/interviews/", {**SET_UP, "mode": "screening", "feedback": AT_THE_END})
    changed = client.patch(f"/api/interviews/{screening.pk}/", {"feedback": AT_THE_END})
    turned = client.patch(f"/api/interviews/{practice.pk}/", {"mode": "screening"})

    for reply in (made, changed, turned):
        assert reply.status_code == 400
        assert "feedback" in reply.json()["errors"]


def test_the_page_takes_the_choice_and_says_what_to_expect() -> None:
    client, user = Client(), make_user()
    client.force_login(user)

    client.post(reverse("new-interview"), {**FORM, "feedback": AT_THE_END})
    interview = Interview.objects.get()
    page = client.get(reverse("interview", args=[interview.pk])).content.decode()

    assert interview.feedback == AT_THE_END
    assert "after the last one, all at once" in page
    assert "After each answer you see" not in page


def test_the_page_of_a_screening_does_not_ask_for_it() -> None:
    owner = make_recruiter()
    client = Client()
    client.force_login(owner)

    practice = client.get(reverse("new-interview")).content.decode()
    screening = client.get(reverse("new-screening")).content.decode()

    assert 'name="feedback"' in practice
    assert 'name="feedback"' not in screening


def test_practising_again_keeps_the_choice() -> None:
    interview = make_interview(feedback=AT_THE_END)

    again = practise_again(interview, {"overall_range": None, "overall_sure": False})

    assert "feedback=at_the_end" in again["url"]


def test_between_questions_the_level_is_shown_on_request_only() -> None:
    session = begun("after_each")
    answer(session, "only k1")
    page = room_of(session)
    answer(session, "only k1")
    results = signed_in(session).get(reverse("results", args=[session.token])).content.decode()

    before, _summary, after = page.partition("<summary>Show the level</summary>")
    assert "What was heard" in before
    assert "Level 2 of 5" not in before
    assert "Level 2 of 5" in after
    assert "Show the level" not in results
    assert "Level 2 of 5" in results


def test_between_questions_a_skipped_one_is_no_level_either() -> None:
    session = begun("after_each")
    answer(session, "", skipped=True)

    before = room_of(session).partition("<summary>Show the level</summary>")[0]

    assert "This question was skipped." in before
    assert "level 1" not in before


def test_a_conflict_tells_no_more_than_the_state() -> None:
    session = begun(AT_THE_END)
    submit(session)
    body = {"session_token": session.token, "turn": 1, "response_text": "other words"}

    reply = make_api_client(session.candidate).post("/api/interviews/session/submit", body)

    assert reply.status_code == 409
    assert reply.json()["state"]["turns"][0]["evaluation"] is None
    assert "k2" not in json.dumps(reply.json()["state"]["turns"])
