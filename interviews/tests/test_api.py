"""The interview API: shapes, codes and headers that clients depend on."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework.throttling import ScopedRateThrottle

from accounts.models import User
from accounts.testing import make_api_client, make_user
from ai.testing import StubModel
from interviews import services
from interviews.models import Answer, Interview, InterviewSession, Turn
from interviews.services.lookups import fresh
from interviews.services.turn.lease import claim
from interviews.testing import ear_in_use, make_interview, make_recruiter, make_screening

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]

NEW = {"position": "Software engineer", "interview_type": "technical", "num_questions": 2}
SUBMIT = "/api/interviews/session/submit"
QUESTION = {"turn", "number", "text", "competency", "is_follow_up", "time_limit_seconds"}
SECRETS = ("key_points", "anchors", "reference_answer", "k1 k2 k3", "Key point 1")


class Candidate:
    """Somebody who talks to the API."""

    def __init__(self, user: User | None = None) -> None:
        self.user = user or make_user()
        self.client: APIClient = make_api_client(self.user)

    def create(self, **fields: Any) -> Any:
        return self.client.post("/api/interviews/", {**NEW, **fields})

    def begin(self, **fields: Any) -> str:
        interview = self.create(**fields).json()
        started = self.client.post(f"/api/interviews/{interview['id']}/start")
        token: str = started.json()["session_token"]
        return token

    def submit(
        self, token: str, turn: int = 1, text: str = "k1 k2 k3", key: str = "", **more: Any
    ) -> Any:
        body = {"session_token": token, "turn": turn, "response_text": text, **more}
        return self.client.post(SUBMIT, body, headers={"Idempotency-Key": key} if key else {})


def test_an_interview_is_made_listed_changed_and_deleted() -> None:
    ada = Candidate()

    made = ada.create(title="Mine")

    assert made.status_code == 201
    wanted = {"id", "title", "position", "interview_type", "difficulty", "num_questions"}
    assert wanted | {"mode", "language", "status", "created_at"} <= set(made.json())
    assert (made.json()["mode"], made.json()["status"]) == ("practice", "draft")
    url = f"/api/interviews/{made.json()['id']}/"
    listed = {name: value for name, value in made.json().items() if name != "plan_notes"}
    assert ada.client.get("/api/interviews/").json()["results"] == [listed]
    assert ada.client.patch(url, {"num_questions": 3}).json()["num_questions"] == 3
    assert ada.client.delete(url).status_code == 204
    assert ada.client.get(url).status_code == 404


@pytest.mark.parametrize("path", ["/api/interviews", "/api/interviews/"])
def test_a_trailing_slash_is_optional(path: str) -> None:
    assert Candidate().client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["interviews/", "interviews/session/submit", "auth/login"])
def test_json_without_end_is_a_problem_of_the_sender(path: str) -> None:
    client = Candidate().client

    reply = client.post(f"/api/{path}", "[" * 100_000, content_type="application/json")

    assert reply.status_code == 400
    assert "nested too deeply" in reply.json()["detail"]


def test_lists_are_filtered_ordered_and_paginated() -> None:
    ada = Candidate()
    for difficulty in ("easy", "hard", "hard"):
        ada.create(difficulty=difficulty)

    found = ada.client.get("/api/interviews/", {"difficulty": "hard", "ordering": "id"}).json()

    assert found["count"] == 2
    assert found["next"] is None
    assert [item["id"] for item in found["results"]] == sorted(i["id"] for i in found["results"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("num_questions", 0),
        ("num_questions", 21),
        ("num_questions", "many"),
        ("interview_type", "x"),
        ("difficulty", "x"),
        ("mode", "screening"),
        ("mode", "x"),
        ("language", "xx"),
        ("position", ""),
        ("position", "x" * 121),
        ("follow_ups_per_question", 4),
        ("session_time_limit_minutes", 1),
    ],
)
def test_a_bad_value_is_named(field: str, value: object) -> None:
    response = Candidate().create(**{field: value})

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert {"type", "title", "status", "detail"} <= set(problem)
    assert problem["errors"][field]


def test_starting_returns_the_first_question_and_no_secret() -> None:
    ada = Candidate()
    interview = ada.create().json()

    response = ada.client.post(f"/api/interviews/{interview['id']}/start/")

    assert response.status_code == 200
    body = response.json()
    assert {"session_token", "status", "question", "progress"} <= set(body)
    assert set(body["question"]) >= QUESTION
    assert body["progress"] == {"answered": 0, "total": 2, "percent": 0}
    assert not any(secret in response.content.decode() for secret in SECRETS)


def test_a_turn_answers_with_everything_a_client_needs() -> None:
    ada = Candidate()

    response = ada.submit(ada.begin())

    assert response.status_code == 200
    body = response.json()
    assert (body["turn"], body["status"], body["next_step"]) == (1, "active", "continue")
    assert body["transcript"] == "k1 k2 k3"
    assert body["progress"] == {"answered": 1, "total": 2, "percent": 50}
    evaluation = body["evaluation"]
    assert (evaluation["status"], evaluation["score"]) == ("scored", 100)
    assert evaluation["ratings"][0]["evidence"][0] == {
        "quote": "k1",
        "start": 0,
        "end": 2,
        "start_utf16": 0,
        "end_utf16": 2,
    }
    assert set(body["next_question"]) >= QUESTION


def test_an_interview_ends_and_has_results() -> None:
    ada = Candidate()
    token = ada.begin()
    ada.submit(token)

    last = ada.submit(token, turn=2).json()

    assert (last["status"], last["next_step"], last["next_question"]) == (
        "completed",
        "complete",
        None,
    )
    assert last["progress"]["percent"] == 100
    interview = Interview.objects.get()
    results = ada.client.get(f"/api/interviews/{interview.pk}/results/").json()
    assert (results["status"], results["overall_score"]) == ("complete", 100)
    wanted = {"competencies", "strengths", "improvements", "summary", "turns", "provenance"}
    assert wanted <= set(results)


def test_a_partial_answer_leads_to_a_follow_up() -> None:
    ada = Candidate()

    body = ada.submit(ada.begin(), text="only k1").json()

    assert body["next_step"] == "follow_up"
    assert body["next_question"]["is_follow_up"] is True


def test_the_same_key_again_is_a_replay() -> None:
    ada = Candidate()
    token = ada.begin()
    first = ada.submit(token, key="one")

    again = ada.submit(token, key="one")

    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    assert Answer.objects.count() == 1


def test_without_a_key_the_same_words_are_a_replay() -> None:
    ada = Candidate()
    token = ada.begin()
    ada.submit(token)

    assert ada.submit(token)["Idempotent-Replayed"] == "true"


def test_another_key_on_an_answered_turn_is_409_with_the_state() -> None:
    ada = Candidate()
    token = ada.begin()
    ada.submit(token, key="one")

    response = ada.submit(token, key="two", text="other words")

    assert response.status_code == 409
    assert response.json()["state"]["question"]["turn"] == 2


def test_the_same_key_with_another_body_is_422() -> None:
    ada = Candidate()
    token = ada.begin()
    ada.submit(token, key="one")

    assert ada.submit(token, key="one", text="other words").status_code == 422


def test_while_somebody_else_works_it_is_202_and_the_answer_is_safe() -> None:
    ada = Candidate()
    token = ada.begin()
    claim(fresh(InterviewSession.objects.get()))

    response = ada.submit(token, key="one")

    assert response.status_code == 202
    assert response["Retry-After"] == "2"
    assert Answer.objects.count() == 1
    past = timezone.now() - timedelta(seconds=1)
    InterviewSession.objects.update(lease_until=past)
    again = ada.submit(token, key="one")
    assert (again.status_code, again.json()["next_question"]["turn"]) == (200, 2)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"text": ""}, "response_text"),
        ({"text": "x" * 20_001}, "response_text"),
        ({"turn": 0}, "turn"),
        ({"key": "x" * 129}, "Idempotency-Key"),
    ],
)
def test_a_bad_submission_names_its_field_and_stores_nothing(
    more: dict[str, Any], field: str
) -> None:
    ada = Candidate()

    response = ada.submit(ada.begin(), **more)

    assert response.status_code == 400
    assert field in response.json()["errors"]
    assert not Answer.objects.exists()


def test_neither_words_nor_skip_is_refused() -> None:
    ada = Candidate()
    body = {"session_token": ada.begin(), "turn": 1}

    response = ada.client.post(SUBMIT, body)

    assert response.status_code == 400
    assert "skip" in response.json()["errors"]["response_text"][0]


def test_a_skipped_question_is_rated_1() -> None:
    ada = Candidate()

    body = ada.submit(ada.begin(), text="", skip=True).json()

    assert body["evaluation"]["ratings"][0]["score"] == 1
    assert "skipped" in body["evaluation"]["ratings"][0]["rationale"]


def test_audio_without_a_speech_provider_is_503() -> None:
    ada = Candidate()
    token = ada.begin()
    encoded = base64.b64encode(b"RIFF").decode()
    file = SimpleUploadedFile("a.wav", b"RIFF", "audio/wav")

    with ear_in_use(None):
        as_text = ada.client.post(
            SUBMIT, {"session_token": token, "turn": 1, "audio_base64": encoded}
        )
        as_file = ada.client.post(
            SUBMIT, {"session_token": token, "turn": 1, "audio": file}, format="multipart"
        )

    for response in (as_text, as_file):
        assert response.status_code == 503
        assert "No speech provider is configured" in response.json()["detail"]


def test_the_state_has_everything_to_resume() -> None:
    ada = Candidate()
    token = ada.begin()
    ada.submit(token)

    response = ada.client.get(f"/api/interviews/session/{token}")

    assert response.status_code == 200
    state = response.json()
    assert {"session_token", "status", "question", "progress", "turns", "deadline"} <= set(state)
    assert state["question"]["turn"] == 2
    assert state["turns"][0]["answer"] == "k1 k2 k3"
    assert {"turn", "text", "is_follow_up", "answer", "evaluation"} <= set(state["turns"][0])


def test_in_a_screening_a_candidate_sees_no_evaluation_at_all() -> None:
    candidate = Candidate()
    session = make_screening(make_user(staff=True), candidate.user)
    url = f"/api/interviews/{session.interview_id}"
    token = candidate.client.post(f"{url}/start").json()["session_token"]

    submitted = candidate.submit(token)
    state = candidate.client.get(f"/api/interviews/session/{token}")

    assert submitted.json()["evaluation"] is None
    assert state.json()["turns"][0]["evaluation"] is None
    assert candidate.client.get(f"{url}/results").status_code == 404
    assert candidate.client.get(f"{url}/").status_code == 404
    assert not any(s in state.content.decode() for s in ("key_points", "anchors", "Key point"))


def test_its_owner_sees_the_results_of_a_screening() -> None:
    owner, candidate = make_recruiter(), Candidate()
    session = make_screening(owner, candidate.user, num_questions=1)
    url = f"/api/interviews/{session.interview_id}"
    candidate.client.post(f"{url}/start")
    candidate.submit(session.token)

    results = make_api_client(owner).get(f"{url}/results").json()

    assert results["overall_score"] == 100
    assert results["candidate"] == candidate.user.full_name


def test_a_stranger_gets_404_for_everything() -> None:
    ada, eve = Candidate(), Candidate()
    token = ada.begin()
    pk = Interview.objects.get().pk

    answers = [
        eve.client.get(f"/api/interviews/{pk}/"),
        eve.client.patch(f"/api/interviews/{pk}/", {"title": "x"}),
        eve.client.delete(f"/api/interviews/{pk}/"),
        eve.client.post(f"/api/interviews/{pk}/start"),
        eve.client.get(f"/api/interviews/{pk}/results"),
        eve.client.get(f"/api/interviews/session/{token}"),
        eve.submit(token),
    ]

    assert [response.status_code for response in answers] == [404] * 7
    assert Interview.objects.get().title == ""


def test_an_outage_is_a_pending_evaluation(stub: StubModel) -> None:
    ada = Candidate()
    token = ada.begin()
    stub.is_down = True

    body = ada.submit(token).json()

    assert body["evaluation"]["status"] == "pending"
    assert body["next_question"]["turn"] == 2


def test_a_published_screening_is_patched_into_a_new_version() -> None:
    staff = Candidate(make_user(staff=True))
    session = make_screening(staff.user, make_user())

    response = staff.client.patch(f"/api/interviews/{session.interview_id}/", {"title": "New"})

    assert response.status_code == 200
    assert (response.json()["version"], response.json()["status"]) == (2, "draft")
    assert response.json()["id"] != session.interview_id


def test_begun_practice_is_not_patched() -> None:
    ada = Candidate()
    ada.begin()

    response = ada.client.patch(f"/api/interviews/{Interview.objects.get().pk}/", {"title": "New"})

    assert response.status_code == 409


def test_an_interview_with_other_peoples_sessions_is_not_deleted() -> None:
    staff = Candidate(make_user(staff=True))
    session = make_screening(staff.user, make_user())

    response = staff.client.delete(f"/api/interviews/{session.interview_id}/")

    assert response.status_code == 409


def test_the_demo_runs_every_node_and_stores_nothing() -> None:
    response = Candidate().client.post(
        "/api/interviews/demo/complete-workflow", {"response_text": "k1 k2", **NEW}
    )

    assert response.status_code == 200
    body = response.json()
    assert {
        "state",
        "trace",
        "questions",
        "transcript",
        "evaluation",
        "next_step",
        "report",
    } == set(body)
    assert [step["node"] for step in body["trace"]] == [
        "initialize_session",
        "generate_questions",
        "present_question",
        "process_audio",
        "evaluate_response",
        "determine_next_step",
        "present_question",
        "complete_interview",
    ]
    assert all({"node", "updates", "ms"} == set(step) for step in body["trace"])
    assert {"spec", "questions", "history", "scores", "evaluation"} <= set(body["state"])
    assert not Turn.objects.exists()


def test_the_demo_of_one_question_completes() -> None:
    body = (
        Candidate()
        .client.post(
            "/api/interviews/demo/complete-workflow",
            {**NEW, "response_text": "k1 k2 k3", "num_questions": 1},
        )
        .json()
    )

    assert (body["next_step"], body["trace"][-1]["node"]) == ("complete", "complete_interview")
    assert body["report"]["overall_score"] == 100


def test_submitting_too_often_is_429(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ScopedRateThrottle.THROTTLE_RATES, "submit", "1/min")
    ada = Candidate()
    token = ada.begin()
    ada.submit(token)

    response = ada.submit(token, turn=2)

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert response["Content-Type"] == "application/problem+json"


def test_a_busy_database_is_503_with_a_time_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_kwargs: object) -> None:
        raise OperationalError("database is locked")

    ada = Candidate()
    token = ada.begin()
    monkeypatch.setattr(services, "submit_response", refuse)

    response = ada.submit(token)

    assert response.status_code == 503
    assert response["Retry-After"] == "2"


def test_nonsense_as_a_body_is_400_and_another_type_is_415() -> None:
    client = Candidate().client

    broken = client.generic("POST", SUBMIT, "{", content_type="application/json")
    strange = client.generic("POST", SUBMIT, "x", content_type="text/plain")

    assert (broken.status_code, strange.status_code) == (400, 415)
    assert strange["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("name", "value"),
    [("status", "published"), ("owner", 1), ("version", 7), ("content_hash", "x")],
)
def test_a_candidate_cannot_choose_the_status_or_owner(name: str, value: object) -> None:
    response = Candidate().create(**{name: value})

    assert response.status_code == 400
    assert name in response.json()["errors"]
    assert not Interview.objects.exists()


def test_an_interview_of_staff_is_not_in_a_candidates_list() -> None:
    make_interview(make_user(staff=True), mode="screening")

    assert Candidate().client.get("/api/interviews/").json()["count"] == 0
