"""What pages say of an answer: heard, not heard, in doubt; paired with its words, and never more than may be known yet."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.testing import make_api_client, make_user
from interviews import services
from interviews.live.events import evaluation_events
from interviews.models import BankQuestion, InterviewSession, Rating, Turn
from interviews.services.lookups import fresh
from interviews.services.readings import page_turns
from interviews.services.turn.run import Step
from interviews.testing import answer, make_recruiter, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]

NOT_SAID = ("Key point 2", "Key point 3")


@pytest.fixture
def session() -> InterviewSession:
    return make_session(make_user("rosa@example.org"), num_questions=2)


def client_of(session: InterviewSession) -> Client:
    client = Client()
    client.force_login(session.candidate)
    return client


def room_of(session: InterviewSession) -> str:
    return client_of(session).get(reverse("room", args=[session.token])).content.decode()


def results_of(session: InterviewSession) -> str:
    return client_of(session).get(reverse("results", args=[session.token])).content.decode()


def everything_told(session: InterviewSession) -> str:
    """Return all that a candidate's clients get to know of a session now, beside the pages."""
    api, pk = make_api_client(session.candidate), session.interview_id
    state = api.get(f"/api/interviews/session/{session.token}/").json()
    results = api.get(f"/api/interviews/{pk}/results/").json()
    loaded = fresh(session)
    turn = loaded.answered_turns[-1]
    events = evaluation_events(Step("rated", loaded, turn), for_page=True)
    return json.dumps([state, results, events])


def change_point(turn: Turn, number: int, **found: Any) -> None:
    """Read a point of a rated turn otherwise."""
    turn.points[number - 1] |= found
    turn.save(update_fields=["points"])


def finished(session: InterviewSession, *answers: str) -> InterviewSession:
    for text in answers:
        answer(session, text)
    return fresh(session).session


def test_what_may_be_asked_next_is_nowhere_while_a_follow_up_is_open(
    session: InterviewSession,
) -> None:
    reply = answer(session, "only k1").reply

    told = json.dumps(reply) + everything_told(session) + room_of(session)

    assert reply["next_step"] == "follow_up"
    assert "Key point 1" in told
    assert not any(text in told for text in NOT_SAID)
    assert reply["evaluation"]["missing"] == []
    assert reply["evaluation"]["feedback"] == "Heard: Key point 1."


def test_what_was_perhaps_said_is_not_told_while_more_can_be_asked(
    session: InterviewSession,
) -> None:
    answer(session, "k1 and k2")
    change_point(session.turns.get(number=1), 2, sure=False)

    told = everything_told(session) + room_of(session)

    assert "Key point 1" in told
    assert "Key point 2" not in told


def test_what_was_not_heard_is_told_once_no_follow_up_can_come(session: InterviewSession) -> None:
    answer(session, "only k1")
    reply = answer(session, "and k2").reply

    assert reply["next_step"] == "continue"
    assert "Key point 3" in reply["evaluation"]["missing"]
    assert "Key point 3" in room_of(session)
    assert "Key point 3" in everything_told(session)


def test_a_screening_hides_nothing_from_its_reviewer() -> None:
    owner = make_recruiter()
    screening = make_screening(owner, make_user(), num_questions=2)
    services.start_interview(interview=screening.interview, user=screening.candidate)
    answer(screening, "only k1")

    results = services.interview_results(interview=screening.interview, user=owner)

    assert results["turns"][0]["evaluation"]["missing"] == [*NOT_SAID]


def test_each_point_is_paired_with_its_words(session: InterviewSession) -> None:
    finished(session, "first k1, then k2", "k3", "k1 k2 k3")

    page = results_of(session)

    assert '<a id="words-1-6" href="#point-1-1"' in page
    assert 'class="words said p1" data-points="1">k1</a>' in page
    assert '<li id="point-1-1" tabindex="-1" class="p1">' in page
    assert '<a class="point-words" href="#words-1-6">' in page


def test_words_that_carry_two_points_belong_to_both(session: InterviewSession) -> None:
    answer(session, "k1 k2 k3")
    turn = session.turns.get(number=1)
    change_point(turn, 2, quote="k1 k2", start=0, end=5)

    parts = page_turns(fresh(session))[0]["parts"]

    assert "".join(part["text"] for part in parts) == "k1 k2 k3"
    shown = [(part["text"], [p["number"] for p in part["points"]], part["label"]) for part in parts]
    assert shown == [
        ("k1", [1, 2], "1"),
        (" k2", [2], "2"),
        (" ", [], ""),
        ("k3", [3], "3"),
    ]


@pytest.mark.parametrize("start", [0, 6])
def test_words_that_stand_there_twice_are_marked_where_they_were_read(
    session: InterviewSession, start: int
) -> None:
    answer(session, "k2 or k2 k1 k3")
    turn = session.turns.get(number=1)
    for number in (1, 3):
        change_point(turn, number, quote="", start=0, end=0, state="not_said")
    change_point(turn, 2, quote="k2", start=start, end=start + 2)

    parts = page_turns(fresh(session))[0]["parts"]

    marked = [part["start"] for part in parts if part["points"]]
    assert marked == [start]
    assert f'id="words-1-{start}"' in room_of(session)
    assert f'href="#words-1-{start}"' in room_of(session)


def test_what_was_not_heard_stands_once_at_the_last_answer_to_a_question(
    session: InterviewSession,
) -> None:
    loaded = finished(session, "only k1", "k2", "k1 k2 k3")

    first, second, last = (
        {group["kind"]: [p["id"] for p in group["points"]] for group in turn["groups"]}
        for turn in page_turns(fresh(loaded))
    )

    assert first == {"heard": ["k1"]}
    assert second == {"heard": ["k2"], "not_heard": ["k3"]}
    assert last == {"heard": ["k1", "k2", "k3"]}


def test_a_follow_up_that_failed_takes_nothing_away_and_counts_nothing(
    session: InterviewSession,
) -> None:
    finished(session, "only k1", "no idea", "k1 k2 k3")

    page = results_of(session)

    assert "Nothing new was heard in this answer. It takes nothing away" in page
    assert "Covered 0 of 3" not in page
    assert "Level 1 of 5" not in page


def test_a_contradiction_is_put_as_it_seems_and_never_as_an_accusation(
    session: InterviewSession,
) -> None:
    finished(session, "k1 k2 k3", "k1 k2 k3")
    change_point(session.turns.get(number=1), 2, state="contradicted")

    page = results_of(session)

    assert "You seem to say the opposite: Key point 2" in page


def test_doubt_is_called_doubt_and_gets_no_figure(session: InterviewSession) -> None:
    finished(session, "k1 k2 k3", "k1 k2 k3")
    change_point(session.turns.get(number=1), 2, sure=False)
    session.turns.update(is_sure=False, level=3.2, lowest_level=2, highest_level=4)

    page = results_of(session)

    assert "Level between 2 and 4; not sure" in page
    assert "Perhaps heard: Key point 2" in page
    assert "Between 25 and 75 of 100; not sure" in page
    assert "between 25 and 75; not sure" in page
    assert "of 5</span>" not in page
    assert "score-number" not in page


def test_the_question_keeps_its_best_level(session: InterviewSession) -> None:
    loaded = finished(session, "k1 and k2", "k3", "k1 k2 k3")

    levels = [turn.get("question_level") for turn in page_turns(fresh(loaded))]

    assert levels == [None, {"sure": True, "best": 4}, {"sure": True, "best": 5}]


def test_the_model_answer_comes_when_no_follow_up_can_and_pairs_its_points() -> None:
    BankQuestion.objects.update(reference_answer="A first word. Point 2 is another key.")
    session = make_session(num_questions=2)
    answer(session, "only k1")

    open_room = room_of(session)
    answer(session, "and k2")
    settled_room = room_of(session)

    assert "One good answer" not in open_room
    assert "A good answer, beside yours" in settled_room
    assert "Point 2 is another key.</span>" in settled_room


def test_a_screening_shows_no_model_answer_to_its_reviewer() -> None:
    owner = make_recruiter()
    screening = make_screening(owner, make_user(), num_questions=1, follow_ups_per_question=0)
    services.start_interview(interview=screening.interview, user=screening.candidate)
    answer(screening, "k1 k2")

    assert page_turns(fresh(screening))[-1]["model"] is None


def test_the_scale_stands_beside_the_answer_as_a_scale(session: InterviewSession) -> None:
    finished(session, "k1 k2 k3", "k1 k2 k3")

    page = results_of(session)

    assert "<dt>Level 3 is for</dt><dd>Some.</dd>" in page
    assert "It describes answers in general, not you." in page


def test_an_answer_rated_before_there_were_points_shows_its_evidence(
    session: InterviewSession,
) -> None:
    answer(session, "so k1 k2 k3")
    session.turns.update(points=[])
    Rating.objects.update(evidence=[{"quote": "k1", "start": 3, "end": 5}])

    assert "<mark>k1</mark>" in room_of(session)


def test_staff_reads_of_it_in_their_own_words() -> None:
    owner = make_recruiter()
    screening = make_screening(owner, make_user(), num_questions=1, follow_ups_per_question=0)
    services.start_interview(interview=screening.interview, user=screening.candidate)
    answer(screening, "k1 k2")
    change_point(screening.turns.get(), 2, state="contradicted")
    client = Client()
    client.force_login(owner)

    page = client.get(reverse("review", args=[screening.token])).content.decode()

    for title in ("Heard", "Seems to contradict", "Not heard"):
        assert f"</svg> {title}</h4>" in page
    assert "You seem to" not in page


def test_the_mirror_is_no_score_and_tells_nothing_of_what_is_asked_next(
    session: InterviewSession,
) -> None:
    answer(session, "I measured it 3 times, k1")

    page = room_of(session)

    assert "A mirror, no score" in page
    assert "<dt>Numbers</dt><dd>3</dd>" in page
    assert "Key point 2" not in page


def test_staff_sees_no_mirror() -> None:
    owner = make_recruiter()
    screening = make_screening(owner, make_user(), num_questions=1, follow_ups_per_question=0)
    services.start_interview(interview=screening.interview, user=screening.candidate)
    answer(screening, "k1 k2")
    client = Client()
    client.force_login(owner)

    page = client.get(reverse("review", args=[screening.token])).content.decode()

    assert "A mirror, no score" not in page


def test_results_begin_with_three_sentences_at_most(session: InterviewSession) -> None:
    finished(session, "k1 k2 k3", "k1 k2", "nothing")

    page = results_of(session)

    told = (
        "You told most about Competency 0: keep that. Add this first, in Competency 1: Key point 3."
    )
    assert f'<p class="lead">{told}</p>' in page
    assert page.index(told) < page.index('class="overall"')
