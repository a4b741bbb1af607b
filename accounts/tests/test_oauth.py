"""Signing in as OAuth 2.0 clients do: a form with a username and a password."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.testing import PASSWORD, make_api_client, make_user

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"


def ask(body: str, path: str = "/api/auth/token") -> Any:
    return make_api_client().generic("POST", path, body, content_type=FORM)


@pytest.fixture
def form() -> str:
    return f"username={make_user('ada@example.org').email}&password={PASSWORD}"


@pytest.mark.parametrize(
    "more",
    ["", "&grant_type=password", "&grant_type=password&scope=&client_id=app&client_secret=x"],
)
def test_a_form_signs_in(form: str, more: str) -> None:
    response = ask(form + more)

    assert response.status_code == 200
    body = response.json()
    assert (body["access_token"], body["refresh_token"]) == (body["access"], body["refresh"])
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 900)
    signed_in = {"Authorization": f"Bearer {body['access_token']}"}
    assert make_api_client().get("/api/users/me", headers=signed_in).json() == body["user"]


def test_json_still_signs_in_and_is_answered_as_before(form: str) -> None:
    body = {"email": "ada@example.org", "password": PASSWORD}

    response = make_api_client().post("/api/auth/token/", body)

    assert set(response.json()) == {"user", "access", "refresh", "token_type"}


def test_a_form_with_a_wrong_password_is_401(form: str) -> None:
    assert ask(form + "x").status_code == 401


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ("&grant_type=refresh_token", "grant_type"),
        ("&username=eve@example.org", "username"),
        ("&email=ada@example.org", "email"),
    ],
)
def test_what_a_form_cannot_say_is_named(form: str, more: str, name: str) -> None:
    response = ask(form + more)

    assert response.status_code == 400
    assert set(response.json()["errors"]) == {name}


def test_only_the_token_call_reads_forms(form: str) -> None:
    assert ask(form, "/api/auth/login").status_code == 415
