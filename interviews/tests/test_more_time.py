"""Extra time, or no timer, in practice for those who want it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.testing import make_api_client, make_user
from interviews import services
from interviews.errors import Conflict, InvalidInput
from interviews.models import AuditEvent, Interview, InterviewSession, Turn
from interviews.pages.advice import practise_again
from interviews.services.asking import start_clock
from interviews.services.loaded_session import LoadedSession
from interviews.services.lookups import fresh
from interviews.testing import answer, make_interview, make_recruiter, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]

PLANNED = 180


def timed(**fields: Any) -> InterviewSession:
    return make_session(**{"timed": True, "follow_ups_per_question": 0, **fields})


def give(session: InterviewSession, factor: float | None) -> LoadedSession:
    return services.give_more_time(user=session.candidate, token=session.token, factor=factor)


def put(session: InterviewSession, body: Any, user: User | None = None) -> Any:
    url = reverse("api-more-time", args=[session.token])
    return make_api_client(user or session.candidate).put(url, body, format="json")


def client_of(session: InterviewSession) -> Client:
    client = Client()
    client.force_login(session.candidate)
    return client


def room_of(session: InterviewSession) -> str:
    return client_of(session).get(reverse("room", args=[session.token])).content.decode()


def press(session: InterviewSession, factor: str, **fields: Any) -> Any:
    url = reverse("more-time", args=[session.token])
    form = {"turn": 1, "time_factor": factor, "response_text": "So far", "base": "", **fields}
    return client_of(session).post(url, form)


def end_the_time(session: InterviewSession) -> None:
    session.turns.open().update(deadline=timezone.now() - timedelta(minutes=1))


@pytest.mark.parametrize(("factor", "seconds"), [(1.0, 180), (1.5, 270), (2.0, 360)])
def test_a_practice_interview_is_set_up_with_extra_time(factor: float, seconds: int) -> None:
    session = timed(time_factor=factor)

    state = services.session_state(fresh(session))

    assert state["question"]["time_limit_seconds"] == seconds
    assert state["time_factor"] == factor
    turn = session.turns.get()
    assert turn.deadline is not None
    assert turn.deadline - turn.asked_at >= timedelta(seconds=seconds)


def test_the_time_for_the_whole_interview_grows_with_it() -> None:
    session = make_session(time_factor=1.5, session_time_limit_minutes=10)

    assert session.deadline is not None
    assert session.started_at is not None
    assert session.deadline - session.started_at == timedelta(minutes=15)


@pytest.mark.parametrize("factor", [1.5, 2.0])
def test_more_time_moves_the_ends_of_the_open_question_and_of_the_interview(factor: float) -> None:
    session = timed(session_time_limit_minutes=10)
    before, end = session.turns.get().deadline, session.deadline

    after = give(session, factor)

    assert before is not None
    assert end is not None
    assert session.turns.get().deadline == before + timedelta(seconds=PLANNED * (factor - 1))
    assert after.deadline == end + timedelta(minutes=10 * (factor - 1))
    assert services.session_state(after)["question"]["time_limit_seconds"] == PLANNED * factor


def test_more_time_is_given_step_by_step_and_none_twice() -> None:
    session = timed()
    before = session.turns.get().deadline

    for factor in (1.5, 1.5, 2.0):
        give(session, factor)

    assert before is not None
    assert session.turns.get().deadline == before + timedelta(seconds=PLANNED)
    told = AuditEvent.objects.filter(action="session.more_time").values_list("detail", flat=True)
    assert sorted(told) == ["time factor 1.5", "time factor 2"]


def test_it_holds_for_the_questions_that_follow() -> None:
    session = timed()
    give(session, 2)

    following = answer(session).reply["next_question"]

    assert following["time_limit_seconds"] == 2 * PLANNED


def test_without_a_timer_nothing_runs_out() -> None:
    session = timed(session_time_limit_minutes=10)

    after = give(session, None)
    following = answer(session).reply["next_question"]

    assert after.deadline is None
    assert after.time_factor is None
    assert following["deadline"] is following["seconds_left"] is None
    assert not Turn.objects.overdue(
        now=timezone.now() + timedelta(days=1), grace=timedelta(0)
    ).exists()


def test_a_clock_that_starts_later_goes_by_what_was_asked_for_meanwhile() -> None:
    session = timed()
    session.turns.update(deadline=None)
    stale = fresh(session)
    give(session, None)

    start_clock(stale)

    assert session.turns.get().deadline is None


@pytest.mark.parametrize(("has", "wanted"), [(2.0, 1.5), (None, 2.0), (1.5, 1.0)])
def test_less_time_than_there_is_is_refused(has: float | None, wanted: float) -> None:
    session = timed()
    give(session, has)
    before = session.turns.get().deadline

    with pytest.raises(InvalidInput, match="more time than that"):
        give(session, wanted)

    assert session.turns.get().deadline == before


def test_no_time_is_given_once_the_time_is_over() -> None:
    session = timed()
    end_the_time(session)
    before = session.turns.get().deadline

    with pytest.raises(Conflict, match="is over"):
        give(session, 2)

    assert session.turns.get().deadline == before
    assert fresh(session).time_factor == 1


def test_no_time_is_given_once_the_interview_is_over() -> None:
    session = timed(num_questions=1)
    answer(session)

    with pytest.raises(Conflict, match="interview is over"):
        give(session, 2)


def test_a_screening_gets_no_extra_time() -> None:
    session = make_screening(make_recruiter(), make_user(), timed=True)
    services.start_interview(interview=session.interview, user=session.candidate)

    reply, page = put(session, {"time_factor": 2}), press(session, "2")

    assert reply.status_code == page.status_code == 409
    assert fresh(session).time_factor == 1
    assert "More time" not in room_of(session)


def test_a_screening_is_not_set_up_with_extra_time() -> None:
    owner = make_recruiter()
    practice = make_interview(owner, time_factor=2.0)

    with pytest.raises(InvalidInput, match="same time for everyone"):
        make_interview(owner, mode="screening", time_factor=1.5)
    with pytest.raises(InvalidInput, match="same time for everyone"):
        services.edit_interview(interview=practice, actor=owner, mode="screening")

    assert list(Interview.objects.values_list("mode", "time_factor")) == [("practice", 2.0)]
    client = Client()
    client.force_login(owner)
    assert "time_factor" not in client.get(reverse("new-screening")).content.decode()


@pytest.mark.parametrize("factor", [1.5, 2, 2.0, None])
def test_rest_gives_more_time_and_returns_the_state(factor: float | None) -> None:
    session = timed()

    reply = put(session, {"time_factor": factor})

    assert reply.status_code == 200
    assert reply.json()["time_factor"] == factor == fresh(session).time_factor
    assert (reply.json()["question"]["deadline"] is None) == (factor is None)


@pytest.mark.parametrize("factor", [3, 0, "2", True, []])
def test_rest_takes_no_other_factor(factor: Any) -> None:
    session = timed()

    assert put(session, {"time_factor": factor}).status_code == 400
    assert put(session, {}).status_code == 400
    assert fresh(session).time_factor == 1


@pytest.mark.parametrize(("factor", "status"), [(1.5, 201), (1, 201), (1.2, 400), ("2", 400)])
def test_rest_sets_an_interview_up_with_extra_time(factor: Any, status: int) -> None:
    body = {"position": "Nurse", "timed": True, "time_factor": factor}

    reply = make_api_client(make_user()).post("/api/interviews/", body, format="json")

    assert reply.status_code == status
    assert reply.json().get("time_factor") == (factor if status == 201 else None)


def test_a_stranger_gets_404() -> None:
    session = timed()

    assert put(session, {"time_factor": 2}, user=make_user()).status_code == 404
    assert fresh(session).time_factor == 1


def test_the_form_sets_it_up() -> None:
    owner = make_user()
    client = Client()
    client.force_login(owner)
    form = {
        "position": "Nurse",
        "interview_type": "mixed",
        "difficulty": "medium",
        "num_questions": 2,
        "follow_ups_per_question": 1,
        "timed": "on",
        "time_factor": "1.5",
        "feedback": "after_each",
        "language": "en",
    }

    reply: Any = client.post(reverse("new-interview"), form)
    page = client.get(reply.url).content.decode()

    assert Interview.objects.get().time_factor == 1.5
    assert "one for each question, half as much again" in page
    assert "You can ask for more time while you answer." in page


def test_the_room_offers_what_is_more_than_there_is() -> None:
    session = timed()

    first = room_of(session)
    press(session, "2")
    second = room_of(session)
    press(session, "none")
    third = room_of(session)

    assert [page.count('name="time_factor"') for page in (first, second, third)] == [3, 1, 0]
    assert "data-timer" in second
    assert "data-timer" not in third


def test_a_room_without_a_timer_offers_no_more_time() -> None:
    assert "More time" not in room_of(make_session())


def test_what_is_typed_is_kept_when_more_time_is_asked_for() -> None:
    session = timed()

    reply = press(session, "1.5", response_text="Half an answer")

    assert reply.url == reverse("room", args=[session.token])
    assert session.turns.get().draft == "Half an answer"
    assert fresh(session).time_factor == 1.5


def test_words_that_come_too_late_for_more_time_are_shown_again() -> None:
    session = timed()
    end_the_time(session)

    reply = press(session, "2", response_text="Half an answer")

    assert reply.status_code == 409
    assert "The time for this question is over." in reply.content.decode()
    assert "Half an answer" in reply.content.decode()


@pytest.mark.parametrize("factor", ["3", "", "nan"])
def test_a_form_with_another_factor_gets_404(factor: str) -> None:
    session = timed()

    assert press(session, factor).status_code == 404
    assert fresh(session).time_factor == 1


def test_the_mirror_goes_by_the_time_that_each_answer_had() -> None:
    session = timed(num_questions=3)
    answer(session)
    room_of(session)
    give(session, 1.5)
    answer(session)
    room_of(session)
    give(session, None)
    answer(session)

    turns = services.session_results(fresh(session))["turns"]

    assert [turn["mirror"]["limit"] for turn in turns] == [180, 270, None]


def test_the_next_interview_keeps_the_timer_and_its_extra_time() -> None:
    results = {"overall_range": None, "overall_sure": False}
    again = practise_again(make_interview(timed=True, time_factor=2.0), results)
    untimed = practise_again(make_interview(), results)

    assert "timed=on&time_factor=2.0" in again["url"]
    assert "time" not in untimed["url"]
