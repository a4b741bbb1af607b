"""Nothing that a client sends is dropped in silence: it is honoured, or refused with its name."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import User
from accounts.testing import PASSWORD, make_api_client, make_user
from interviews.models import Answer, Interview
from interviews.testing import make_interview, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]

LIST = "/api/interviews/"
SUBMIT = "/api/interviews/session/submit"
ME = "/api/users/me/"


@pytest.fixture
def ada() -> User:
    return make_user("ada@example.org")


@pytest.fixture
def client(ada: User) -> APIClient:
    return make_api_client(ada)


def refused(response: Any) -> set[str]:
    """Return the names that a 400 finds fault with."""
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    return set(response.json()["errors"])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("auth/register/", {"email": "x@example.org", "password": PASSWORD, "full_name": "X"}),
        ("auth/login/", {"email": "ada@example.org", "password": PASSWORD}),
        ("auth/refresh/", {"refresh": "x"}),
        ("auth/logout/", {"refresh": "x"}),
        ("auth/ws-ticket/", {"session_token": "x"}),
        ("interviews/", {"position": "Software engineer"}),
        ("interviews/session/submit/", {"session_token": "x", "turn": 1, "skip": True}),
        ("interviews/session/transcribe/", {"session_token": "x", "turn": 1, "audio_base64": "x"}),
        ("interviews/demo/complete-workflow/", {"response_text": "x"}),
    ],
)
def test_an_unknown_member_is_refused(client: APIClient, path: str, body: dict[str, Any]) -> None:
    assert refused(client.post(f"/api/{path}", {**body, "extra": 1})) == {"extra"}


def test_an_unknown_member_of_a_form_is_refused(client: APIClient, ada: User) -> None:
    body = {"session_token": make_session(ada).token, "turn": 1, "response_text": "x", "extra": "1"}

    assert refused(client.post(SUBMIT, body, format="multipart")) == {"extra"}


def test_a_field_sent_twice_in_a_form_is_refused(client: APIClient, ada: User) -> None:
    body = {"session_token": make_session(ada).token, "turn": [1, 1], "response_text": "x"}

    assert refused(client.post(SUBMIT, body, format="multipart")) == {"turn"}


def test_a_misspelt_member_is_told_the_right_one(client: APIClient) -> None:
    response = client.post(LIST, {"position": "x", "dificulty": "easy"})

    assert "difficulty" in response.json()["errors"]["dificulty"][0]


def test_starting_takes_no_members(client: APIClient, ada: User) -> None:
    url = f"{LIST}{make_interview(ada).pk}/start"

    assert refused(client.post(url, {"language": "de"})) == {"language"}
    assert client.post(url, {}).status_code == 200
    assert client.post(url).status_code == 200


@pytest.mark.parametrize(
    "body", ['{"position": "a", "position": "b"}', '{"position": "a", "x": {"y": 1, "y": 2}}']
)
def test_a_member_sent_twice_is_refused(client: APIClient, body: str) -> None:
    response = client.post(LIST, body, content_type="application/json")

    assert response.status_code == 400
    assert response.json()["type"] == "/api/problems#unreadable"
    assert "twice" in response.json()["detail"]


@pytest.mark.parametrize("method", ["put", "patch"])
def test_what_was_read_may_be_sent_back_whole(client: APIClient, method: str) -> None:
    profile = client.get(ME).json()

    response = getattr(client, method)(ME, {**profile, "full_name": "Ada King"})

    assert response.status_code == 200
    assert response.json() == {**profile, "full_name": "Ada King"}


def test_an_interview_that_was_read_may_be_sent_back_whole(client: APIClient, ada: User) -> None:
    url = f"{LIST}{make_interview(ada).pk}/"
    interview = client.get(url).json()

    response = client.patch(url, {**interview, "title": "Mine"})

    assert response.status_code == 200
    assert response.json()["title"] == "Mine"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", 0),
        ("version", 2),
        ("version", True),
        ("created_at", "2020-01-01T00:00:00Z"),
        ("estimated_minutes", 1),
    ],
)
def test_a_changed_read_only_member_is_refused(
    client: APIClient, ada: User, name: str, value: object
) -> None:
    url = f"{LIST}{make_interview(ada).pk}/"

    assert refused(client.patch(url, {name: value, "title": "Mine"})) == {name}
    assert Interview.objects.get().title == ""


@pytest.mark.parametrize("path", ["interviews/", "users/"])
@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("colour=red", "colour"),
        ("ordering=nothing", "ordering"),
        ("ordering=id,-nothing", "ordering"),
        ("ordering=password", "ordering"),
        ("page=abc", "page"),
        ("page=", "page"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=1.5", "page"),
        ("page_size=abc", "page_size"),
        ("page_size=0", "page_size"),
        ("page_size=101", "page_size"),
        ("page=1&page=2", "page"),
        ("language=de&language=fr", "language"),
        ("language=xx", "language"),
    ],
)
def test_a_parameter_that_a_list_does_not_know_is_refused(path: str, query: str, name: str) -> None:
    root = User.objects.create_superuser("root@example.org", PASSWORD, full_name="R")

    assert refused(make_api_client(root).get(f"/api/{path}?{query}")) == {name}


def test_a_parameter_where_none_is_known_is_refused(client: APIClient, ada: User) -> None:
    session = make_session(ada)
    for path in (f"{LIST}{session.interview_id}/", f"{LIST}session/{session.token}", ME):
        assert refused(client.get(path, {"status": "draft"})) == {"status"}


def test_a_list_comes_in_pages_of_the_size_that_was_asked_for(client: APIClient, ada: User) -> None:
    made = [make_interview(ada).pk for _ in range(3)]

    first = client.get(LIST, {"page_size": "2", "ordering": "position"}).json()
    second = client.get(first["next"]).json()

    assert [i["id"] for i in first["results"] + second["results"]] == made
    assert (first["count"], second["next"]) == (3, None)
    assert client.get(LIST, {"page_size": 100}).status_code == 200


def test_a_page_past_the_end_is_404_and_says_what_to_do(client: APIClient) -> None:
    response = client.get(LIST, {"page": 99})

    assert response.status_code == 404
    assert response.json()["type"] == "/api/problems#no-such-page"
    assert "page 1" in response.json()["detail"]


@pytest.mark.parametrize("text", ["an answer", " x "])
def test_words_are_not_skipped(client: APIClient, ada: User, text: str) -> None:
    body = {"session_token": make_session(ada).token, "turn": 1, "skip": True}

    assert refused(client.post(SUBMIT, {**body, "response_text": text})) == {"skip"}
    assert refused(client.post(SUBMIT, {**body, "recording": "x"})) == {"skip"}
    assert not Answer.objects.exists()
    assert client.post(SUBMIT, {**body, "response_text": ""}).status_code == 200


def test_sound_is_sent_once(client: APIClient, ada: User) -> None:
    body = {"session_token": make_session(ada).token, "turn": 1, "audio_base64": "UklGRg=="}
    file = SimpleUploadedFile("a.wav", b"RIFF", "audio/wav")

    twice = client.post(SUBMIT, {**body, "audio": file}, format="multipart")

    assert refused(twice) == {"audio_base64"}
    assert refused(client.post(SUBMIT, {**body, "recording": "x"})) == {"recording"}
    assert refused(client.post(SUBMIT, {**body, "response_text": "x"})) == {"audio_base64"}
