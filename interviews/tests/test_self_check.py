"""What candidates check of their practice themselves, since nobody rates it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.testing import make_api_client, make_user
from ai.testing import StubModel
from interviews import services
from interviews.live.events import evaluation_events
from interviews.models import InterviewSession, PointClaim
from interviews.services.lookups import fresh
from interviews.services.turn.run import Step
from interviews.testing import answer, make_recruiter, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]

CODE = "def first(items):\n    return items[0]"
POLISH = "Najpierw sprawdzam plan zapytania, a potem dodaję indeks na kolumnie z datą zamówienia."
GERMAN = "Ich lese zuerst den Abfrageplan und lege danach einen Index auf die Spalte mit dem Datum."
POINTS = [{"id": f"k{n}", "point": f"Key point {n}"} for n in (1, 2, 3)]


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(session: InterviewSession, name: str = "results") -> str:
    url = reverse(name, args=[session.token])
    return client_of(session.candidate).get(url).content.decode()


def ticked(page: str) -> list[str]:
    return re.findall(r'value="(k\d)" checked', page)


def tick(session: InterviewSession, *points: str, user: User | None = None, turn: int = 1) -> Any:
    form = {"turn": turn, "point": points}
    url = reverse("ticks", args=[session.token])
    return client_of(user or session.candidate).post(url, form)


def answered(text: str = CODE, **fields: Any) -> InterviewSession:
    session = make_session(**{"num_questions": 1, **fields})
    answer(session, text)
    return fresh(session).session


@pytest.mark.parametrize("text", [CODE, POLISH])
def test_what_cannot_be_rated_shows_its_points_to_tick_off(text: str) -> None:
    session = make_session(num_questions=1)

    evaluation = answer(session, text).reply["evaluation"]

    assert evaluation["status"] == "not_scored"
    assert evaluation["self_check"] == POINTS
    assert page_of(session).count("Check it yourself</h4>") == 1


def test_an_answer_in_a_language_that_is_not_rated_is_checked_by_oneself(stub: StubModel) -> None:
    stub.languages = frozenset({"en"})

    session = answered(GERMAN, language="de")

    assert session.turns.get().evaluation == "not_scored"
    assert "Check it yourself</h4>" in page_of(session)


def test_a_rated_answer_has_nothing_to_tick_off() -> None:
    session = make_session(num_questions=1)

    evaluation = answer(session).reply["evaluation"]

    assert evaluation["status"] == "scored"
    assert evaluation["self_check"] == []
    assert "Check it yourself" not in page_of(session)


def test_it_is_there_in_the_room_after_the_answer_with_a_good_one_beside_it() -> None:
    session = answered(num_questions=2)

    page = page_of(session, "room")

    assert 'name="point" value="k3"' in page
    assert "A good answer, beside yours" in page
    assert "A mirror, no score" in page
    assert page.count("cannot be") + page.count("This is code without a sentence") == 1


def test_the_socket_brings_the_same_form_with_the_pages_own_token() -> None:
    session = answered(num_questions=2)

    loaded = fresh(session)
    (event,) = evaluation_events(Step("rated", loaded, loaded.turns[0]), for_page=True)

    assert event["evaluation"]["self_check"] == POINTS
    assert f'action="{reverse("ticks", args=[session.token])}"' in event["feedback_html"]
    assert 'name="csrfmiddlewaretoken"' in event["feedback_html"]
    assert "A person has to rate it" not in event["feedback_html"]


def test_ticks_are_kept_and_can_be_taken_away() -> None:
    session = answered()

    reply = tick(session, "k1", "k3")
    first = ticked(page_of(session))
    tick(session, "k2", "k3")

    assert reply.url == reverse("results", args=[session.token]) + "#answer-1"
    assert first == ["k1", "k3"]
    assert ticked(page_of(session)) == ["k2", "k3"]


def test_ticks_show_in_the_room_too() -> None:
    session = answered(num_questions=2)

    tick(session, "k2")

    assert ticked(page_of(session, "room")) == ["k2"]


def test_ticks_change_no_result() -> None:
    session = answered()
    get: dict[str, Any] = {"interview": session.interview, "user": session.candidate}
    before = services.interview_results(**get)

    tick(session, "k1")
    after = services.interview_results(**get)

    assert after["turns"][0].pop("claims") == ["k1"]
    assert before["turns"][0].pop("claims") == []
    assert after == before
    assert after["overall_score"] is None


def test_over_rest_a_point_is_ticked_by_its_claim() -> None:
    session = answered()
    url = reverse("api-claim", args=[session.token, 1, "k2"])

    assert make_api_client(session.candidate).put(url).status_code == 200
    assert ticked(page_of(session)) == ["k2"]


def test_results_over_rest_have_the_model_answer_and_the_mirror() -> None:
    session = answered()

    url = f"/api/interviews/{session.interview_id}/results/"
    (turn,) = make_api_client(session.candidate).get(url).json()["turns"]

    assert turn["evaluation"]["self_check"] == POINTS
    assert turn["model_answer"] == "k1 k2 k3"
    assert turn["mirror"]["words"] > 0


def test_results_give_no_model_answer_away_while_more_can_be_asked() -> None:
    session = answered("only k1", num_questions=2)

    (turn,) = services.session_results(fresh(session))["turns"]

    assert turn["model_answer"] is None
    assert turn["evaluation"]["self_check"] == []


def test_a_screening_has_nothing_to_tick_off_and_no_mirror() -> None:
    owner = make_recruiter()
    session = make_screening(owner, make_user(), num_questions=1)
    services.start_interview(interview=session.interview, user=session.candidate)
    answer(session, CODE)

    (turn,) = services.interview_results(interview=session.interview, user=owner)["turns"]

    assert turn["evaluation"]["self_check"] == []
    assert turn["model_answer"] is turn["mirror"] is None
    assert tick(session, "k1").status_code == 404


def test_a_stranger_gets_404() -> None:
    assert tick(answered(), "k1", user=make_user()).status_code == 404
    assert not PointClaim.objects.exists()


@pytest.mark.parametrize(("points", "turn"), [(["k9"], 1), (["k1", "k9"], 1), (["k1"], 7)])
def test_what_is_no_point_of_the_answer_cannot_be_ticked(points: list[str], turn: int) -> None:
    assert tick(answered(), *points, turn=turn).status_code == 404
    assert not PointClaim.objects.exists()


def test_a_question_that_is_not_answered_yet_takes_no_ticks() -> None:
    session = make_session(num_questions=1)

    assert tick(session, "k1").url == reverse("room", args=[session.token])
    assert not PointClaim.objects.exists()


def test_a_skipped_question_counts_only_if_answers_in_its_language_are_rated(
    stub: StubModel,
) -> None:
    english = make_session(num_questions=1)
    answer(english, "", skipped=True)
    stub.languages = frozenset({"en"})
    german = make_session(num_questions=1, language="de")
    answer(german, "", skipped=True)

    assert english.turns.get().evaluation == "scored"
    assert german.turns.get().evaluation == "not_scored"
    assert services.session_results(fresh(german))["overall_score"] is None
    assert "Check it yourself</h4>" not in page_of(german)


def test_what_is_not_rated_is_told_before_it_is_set_up_and_before_it_starts(
    stub: StubModel,
) -> None:
    stub.languages = frozenset({"en"})
    session = make_session(language="de")
    owner = session.candidate
    draft = services.create_interview(owner=owner, position="Nurse", num_questions=2, language="de")

    form = client_of(owner).get(reverse("new-interview")).content.decode()
    page = client_of(owner).get(reverse("interview", args=[draft.pk])).content.decode()

    assert "are kept, but not rated here. You can check them yourself" in form
    assert "Answers in German are kept, but not rated here. You can check them yourself." in page
    assert "Answers are not rated, but you can check them yourself" in page
    assert "A follow-up can only help" not in page
    assert "lowest level" not in page


def test_where_answers_are_rated_nothing_is_said_of_checking_them_oneself() -> None:
    draft = services.create_interview(owner=make_user(), position="Nurse", num_questions=2)

    form = client_of(draft.owner).get(reverse("new-interview")).content.decode()
    page = client_of(draft.owner).get(reverse("interview", args=[draft.pk])).content.decode()

    assert "check them yourself" not in form + page
    assert "A follow-up can only help" in page
    assert "It counts as the lowest level" in page
