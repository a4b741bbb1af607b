"""Results, overruling, and what may be stored."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.testing import make_user
from ai.testing import StubModel
from interviews import services
from interviews.errors import Conflict, InvalidInput, NotFound
from interviews.models import AuditEvent, InterviewSession, Rating, Turn
from interviews.services.cleaning import clean_workflow_state_for_db
from interviews.services.lookups import fresh
from interviews.testing import answer, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def make_finished(*answers: str) -> InterviewSession:
    session = make_session(num_questions=len(answers), follow_ups_per_question=0)
    for text in answers:
        answer(session, text)
    return fresh(session).session


def make_screened(*answers: str) -> tuple[InterviewSession, User]:
    """Make a screening session with these answers, and the recruiter who may review it."""
    owner = make_user()
    fields = {"num_questions": max(len(answers), 1), "follow_ups_per_question": 0}
    session = make_screening(owner, make_user(), **fields)
    services.start_interview(interview=session.interview, user=session.candidate)
    for text in answers:
        answer(session, text)
    return fresh(session).session, owner


def results_for(reviewer: User, session: InterviewSession) -> dict[str, Any]:
    return services.interview_results(interview=session.interview, user=reviewer)


def results_of(session: InterviewSession, **fields: str) -> dict[str, Any]:
    return services.interview_results(interview=session.interview, user=session.candidate, **fields)


def test_results_are_the_mean_of_the_questions() -> None:
    session = make_finished("k1 k2 k3", "nothing of it")

    results = results_of(session)

    assert (results["status"], results["overall_score"]) == ("complete", 50)
    assert [q["score"] for q in results["questions"]] == [100, 0]
    assert results["provenance"][0]["model"] == "stub-1"
    assert json.loads(json.dumps(results)) == results


def test_results_are_incomplete_while_a_rating_is_pending(stub: StubModel) -> None:
    session = make_session(num_questions=1)
    stub.is_down = True
    answer(session)
    stub.is_down = False

    results = results_of(session)

    assert (results["status"], results["overall_score"], results["pending"]) == (
        "incomplete",
        None,
        [1],
    )


def test_results_are_incomplete_while_the_interview_goes_on() -> None:
    session = make_session(num_questions=2)
    answer(session)

    results = results_of(session)

    assert (results["status"], results["recommendation"]) == ("incomplete", None)


def test_in_practice_what_cannot_be_rated_is_left_out_and_named(client: Client) -> None:
    session = make_finished("k1 k2 k3", "nothing of it")
    Turn.objects.filter(session=session, number=2).update(evaluation="not_scored", reason="Code.")
    client.force_login(session.candidate)

    results = results_of(session)
    page = client.get(reverse("results", args=[session.token])).content.decode()

    assert (results["status"], results["overall_score"]) == ("complete", 100)
    assert (results["left_out"], results["needs_person"]) == ([2], [])
    assert "Left out of the total" in page
    assert "Not rated. Code. It does not count." in page
    assert "Not final" not in page


def test_a_practice_of_which_nothing_can_be_rated_has_no_total(client: Client) -> None:
    session = make_finished("k1 k2 k3")
    Turn.objects.filter(session=session).update(evaluation="not_scored")
    client.force_login(session.candidate)

    results = results_of(session)
    page = client.get(reverse("results", args=[session.token])).content.decode()

    assert (results["status"], results["overall_score"]) == ("complete", None)
    assert "None of your answers could be rated" in page


def test_a_screening_waits_for_a_person() -> None:
    session, owner = make_screened("k1 k2 k3", "nothing of it")
    Turn.objects.filter(session=session, number=2).update(
        evaluation="not_scored", needs_person=True
    )

    results = results_for(owner, session)

    assert (results["status"], results["left_out"], results["needs_person"]) == (
        "incomplete",
        [],
        [2],
    )


def test_a_candidate_gets_no_results_of_a_screening() -> None:
    session = make_screening(make_user(staff=True), make_user())

    with pytest.raises(NotFound):
        results_of(session)


def test_of_several_sessions_one_has_to_be_named() -> None:
    staff, one, two = make_user(staff=True), make_user(), make_user()
    first = make_screening(staff, one)
    second = services.assign_interview(interview=first.interview, candidate=two, actor=staff)

    with pytest.raises(InvalidInput, match="session=TOKEN"):
        services.interview_results(interview=first.interview, user=staff)
    named = services.interview_results(interview=first.interview, user=staff, token=second.token)

    assert named["session_token"] == second.token


def test_a_persons_rating_wins_and_the_machines_stays() -> None:
    session, owner = make_screened("k1 k2 k3")
    turn = session.turns.get(number=1)

    services.override_rating(turn=turn, score=2, reason="Copied from a book.", actor=owner)

    results = results_for(owner, session)
    assert results["overall_score"] == 25
    assert results["turns"][0]["evaluation"]["ratings"][0]["rationale"] == "Copied from a book."
    assert list(Rating.objects.values_list("score", "by_person").order_by("pk")) == [
        (5, False),
        (2, True),
    ]
    assert AuditEvent.objects.filter(action="rating.overridden", actor=owner).exists()


def test_the_latest_person_wins() -> None:
    session, owner = make_screened("k1 k2 k3")
    turn = session.turns.get(number=1)
    for score in (2, 4):
        services.override_rating(turn=turn, score=score, reason="Second look.", actor=owner)

    assert results_for(owner, session)["overall_score"] == 75


def test_a_person_can_rate_what_the_machine_could_not(stub: StubModel) -> None:
    session, owner = make_screened()
    stub.is_down = True
    answer(session)
    turn = session.turns.get()
    Turn.objects.update(evaluation="not_scored", needs_person=True)

    services.override_rating(turn=turn, score=3, reason="Read it.", actor=owner)

    turn.refresh_from_db()
    assert (turn.evaluation, turn.needs_person) == ("scored", False)
    assert results_for(owner, session)["overall_score"] == 50


@pytest.mark.parametrize(
    ("score", "reason", "field"),
    [(0, "x", "score"), (6, "x", "score"), (3, " ", "reason"), (3, "x" * 501, "reason")],
)
def test_overruling_needs_a_level_and_a_reason(score: int, reason: str, field: str) -> None:
    session, owner = make_screened("k1")
    turn = session.turns.get()

    with pytest.raises(InvalidInput) as caught:
        services.override_rating(turn=turn, score=score, reason=reason, actor=owner)

    assert caught.value.field == field


def test_an_open_turn_cannot_be_rated() -> None:
    session, owner = make_screened()
    turn = session.turns.get()

    with pytest.raises(Conflict):
        services.override_rating(turn=turn, score=3, reason="x", actor=owner)


@given(JSON)
def test_what_is_stored_is_json_that_every_database_holds(value: Any) -> None:
    cleaned = clean_workflow_state_for_db(value)

    text = json.dumps(cleaned, ensure_ascii=False, allow_nan=False)
    assert "\x00" not in text
    text.encode("utf-8")
    assert clean_workflow_state_for_db(cleaned) == cleaned


def test_plain_values_are_stored_as_they_are() -> None:
    state = {"a": [1, 2.5, None, True, "ä"], "b": {"c": ()}}

    assert clean_workflow_state_for_db(state) == {"a": [1, 2.5, None, True, "ä"], "b": {"c": []}}


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (math.nan, ValueError),
        (math.inf, ValueError),
        ({1: "x"}, TypeError),
        ({"x": object()}, TypeError),
        ([{1, 2}], TypeError),
    ],
)
def test_what_is_not_json_is_refused(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        clean_workflow_state_for_db(value)


def spans_in(value: Any) -> list[dict[str, Any]]:
    """Return every evidence span anywhere in a reply."""
    if isinstance(value, dict):
        here = value.get("evidence", []) if isinstance(value.get("evidence"), list) else []
        return [*here, *(span for item in value.values() for span in spans_in(item))]
    return [s for item in value for s in spans_in(item)] if isinstance(value, list) else []


def javascript_slice(text: str, span: dict[str, Any]) -> str:
    units = text.encode("utf-16-le")
    return units[2 * span["start_utf16"] : 2 * span["end_utf16"]].decode("utf-16-le")


def test_every_evidence_span_is_right_in_python_and_in_javascript() -> None:
    text = "😀 First 👩‍👩‍👧 k1"
    session = make_session(num_questions=1, follow_ups_per_question=0)
    reply = answer(session, text).reply
    at = text.index("k1")
    older = [{"quote": "k1", "start": at, "end": at + 2}]
    Rating.objects.update(evidence=older)

    state = services.session_state(fresh(session))
    results = results_of(session)

    for shape in (reply, state, results):
        spans = spans_in(shape)
        assert spans
        for span in spans:
            assert text[span["start"] : span["end"]] == span["quote"] == "k1"
            assert javascript_slice(text, span) == "k1"


def test_the_demos_evidence_is_right_in_javascript_too() -> None:
    text = "😀 k1"
    spec: Any = {
        "position": "Software engineer",
        "interview_type": "technical",
        "difficulty": "medium",
        "num_questions": 1,
        "mode": "practice",
        "language": "en",
        "job_description": "",
        "follow_ups_per_question": 0,
        "seed": "demo",
    }

    done = services.complete_workflow(spec=spec, response_text=text)

    assert {javascript_slice(text, span) for span in spans_in(done)} == {"k1"}
