"""Errors of the API are problem JSON, whatever causes them, and their types tell causes apart."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from rest_framework import exceptions
from rest_framework.throttling import SimpleRateThrottle
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.testing import PASSWORD, make_api_client, make_user
from ai.testing import StubEar
from interviewer.problem_types import ALL, BY_KIND
from interviewer.problems import KINDS, problem_response
from interviews import errors, services
from interviews.testing import ear_in_use, make_recruiter, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]

PROBLEM = "application/problem+json"
SUBMIT = "/api/interviews/session/submit"


def kind_of(response: Any) -> str:
    """Return the last part of a problem's type, after checking its shape."""
    assert response["Content-Type"] == PROBLEM
    body = response.json()
    assert {"type", "title", "status", "detail"} <= set(body)
    assert body["status"] == response.status_code
    page, kind = body["type"].split("#")
    assert page == "/api/problems"
    assert BY_KIND[kind].status == response.status_code
    return str(kind)


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "head"])
@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/nothing", "/api/interviews/x/", "/api/a/b"]
)
def test_an_unknown_path_is_a_problem(method: str, path: str) -> None:
    response = getattr(Client(enforce_csrf_checks=True), method)(path)

    assert response.status_code == 404
    assert response["Content-Type"] == PROBLEM


@pytest.mark.parametrize("accept", ["", "*/*", PROBLEM])
@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("post", "/health", "GET, HEAD"),
        ("delete", "/health/", "GET, HEAD"),
        ("put", SUBMIT, "POST, OPTIONS"),
        ("post", "/api/schema", "GET, HEAD, OPTIONS"),
        ("post", "/api/docs", "GET, HEAD, OPTIONS"),
        ("post", "/api/problems", "GET, HEAD"),
    ],
)
def test_another_method_is_a_problem_that_names_the_right_ones(
    method: str, path: str, allowed: str, accept: str
) -> None:
    client = Client(enforce_csrf_checks=True)
    headers = {"Accept": accept, "Authorization": f"Bearer {access()}"}

    response = getattr(client, method)(path, headers=headers)

    assert kind_of(response) == "method-not-allowed"
    assert response["Allow"] == allowed


def access() -> str:
    return str(RefreshToken.for_user(make_user()).access_token)


@pytest.mark.parametrize("path", ["/api/users/me", "/api/nothing"])
def test_a_host_that_is_not_ours_is_a_problem(client: Client, path: str) -> None:
    response = client.get(path, headers={"Host": "evil.example"})

    assert (response.status_code, kind_of(response)) == (400, "unreadable")


def test_what_breaks_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_kwargs: object) -> None:
        raise ZeroDivisionError

    user = make_user()
    url = f"/api/interviews/{make_session(user).interview_id}/start"
    monkeypatch.setattr(services, "start_interview", fail)
    caller = make_api_client(user)
    caller.raise_request_exception = False

    response = caller.post(url)

    assert kind_of(response) == "server-error"


@pytest.mark.parametrize("accept", [PROBLEM, f"{PROBLEM}, */*;q=0.1", f"{PROBLEM};q=0.9"])
def test_a_client_that_accepts_only_problems_is_served(accept: str) -> None:
    headers = {"Accept": accept}
    client = make_api_client(make_user())

    found = client.get("/api/users/me", headers=headers)
    missing = client.get("/api/interviews/999999/", headers=headers)

    assert (found.status_code, found["Content-Type"]) == (200, "application/json")
    assert kind_of(missing) == "not-found"
    assert client.get("/api/schema", headers=headers).status_code == 200
    assert client.get("/health", headers=headers).status_code == 200


def test_a_client_that_accepts_nothing_we_have_is_told_so() -> None:
    client = make_api_client(make_user())

    for path in ("/api/users/me", "/api/schema"):
        assert kind_of(client.get(path, headers={"Accept": "image/png"})) == "not-acceptable"


def test_a_program_gets_problems_from_pages_too(client: Client) -> None:
    guarded = Client(enforce_csrf_checks=True)

    for accept in (PROBLEM, "application/json"):
        headers = {"Accept": accept}
        assert kind_of(client.get("/nothing/", headers=headers)) == "not-found"
        assert kind_of(guarded.post("/account/sign-in/", headers=headers)) == "csrf"
    for accept in ("text/html", "*/*", "text/html, application/json"):
        page = client.get("/nothing/", headers={"Accept": accept})
        assert page["Content-Type"].startswith("text/html")


def test_causes_of_401_are_told_apart() -> None:
    user = make_user()
    wrong = {"email": user.email, "password": "wrong-password"}
    stale = {"Authorization": "Bearer stale"}
    client = make_api_client()

    assert kind_of(client.get("/api/users/me")) == "not-authenticated"
    assert kind_of(client.get("/api/users/me", headers=stale)) == "token-not-valid"
    assert kind_of(client.post("/api/auth/refresh", {"refresh": "stale"})) == "token-not-valid"
    assert kind_of(client.post("/api/auth/login", wrong)) == "sign-in-failed"


def test_causes_of_429_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    user, client = make_user(), make_api_client()
    wrong = {"email": user.email, "password": "wrong-password"}
    for _ in range(settings.AXES_FAILURE_LIMIT):
        client.post("/api/auth/login", wrong)

    locked = client.post("/api/auth/login", {**wrong, "password": PASSWORD})
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "register", "1/min")
    client.post("/api/auth/register", {})
    throttled = client.post("/api/auth/register", {})

    assert (kind_of(locked), kind_of(throttled)) == ("locked-out", "throttled")
    assert int(locked["Retry-After"]) > 0
    assert int(throttled["Retry-After"]) > 0


def test_causes_of_400_and_415_are_told_apart() -> None:
    user = make_user()
    client, token = make_api_client(user), make_session(user).token
    spoken = {"session_token": token, "turn": 1, "audio_base64": "bm8gc291bmQ="}

    assert kind_of(client.post("/api/interviews/", {})) == "invalid"
    broken = client.generic("POST", "/api/interviews/", "{", content_type="application/json")
    assert kind_of(broken) == "unreadable"
    text = client.generic("POST", SUBMIT, "x", content_type="text/plain")
    assert kind_of(text) == "unsupported-media-type"
    with ear_in_use(StubEar()):
        assert kind_of(client.post(SUBMIT, spoken)) == "not-audio"


def test_causes_of_409_are_told_apart() -> None:
    boss, ada = make_recruiter(), make_user()
    client = make_api_client(boss)
    screening, practice = make_screening(boss, ada).interview, make_session(boss)
    answered = {"session_token": practice.token, "turn": 9, "response_text": "x"}

    held = client.delete(f"/api/interviews/{screening.pk}/")
    begun = client.patch(f"/api/interviews/{practice.interview_id}/", {"title": "x"})
    late = client.post(SUBMIT, answered)
    services.archive_interview(interview=screening, actor=boss)
    closed = make_api_client(ada).post(f"/api/interviews/{screening.pk}/start")

    kinds = [kind_of(reply) for reply in (held, begun, late, closed)]
    assert kinds == ["still-needed", "interview-frozen", "turn-not-open", "interview-closed"]


def test_still_working_is_no_problem() -> None:
    response: Any = problem_response(errors.StillWorking("Saved."), {})

    assert (response.status_code, response["Content-Type"]) == (202, "application/json")
    assert response["Retry-After"] == "2"
    assert response.content == b'{"status": "working", "detail": "Saved.", "retry_after": 2}'


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (errors.Busy("x"), "provider-busy"),
        (errors.SpeechMissing("x"), "speech-missing"),
        (errors.TooLarge("x"), "recording-too-large"),
        (errors.QuotaUsed("x"), "too-many-recordings"),
        (errors.KeyReused("x"), "key-reused"),
        (errors.Changed("x"), "precondition-failed"),
        (errors.NotFound("x"), "not-found"),
        (OperationalError("x"), "database-busy"),
        (exceptions.PermissionDenied(), "permission-denied"),
    ],
)
def test_an_error_has_its_type(error: Exception, kind: str) -> None:
    response: Any = problem_response(error, {})

    assert response.status_code == BY_KIND[kind].status
    assert f"#{kind}".encode() in response.content


def test_every_error_of_the_domain_has_a_type() -> None:
    still_working = {errors.StillWorking, errors.LeaseLost}

    direct = set(errors.InterviewError.__subclasses__()) | set(errors.Conflict.__subclasses__())
    assert set(KINDS) == direct - still_working
    assert {kind for _status, kind in KINDS.values()} <= set(BY_KIND)


def test_every_type_in_the_code_is_documented(client: Client) -> None:
    sources = [
        source.read_text("utf-8")
        for app in ("accounts", "interviewer", "interviews")
        for source in Path(settings.BASE_DIR, app).rglob("*.py")
        if "tests" not in source.parts
    ]
    used = {kind for text in sources for kind in re.findall(r'kind="([a-z-]+)"', text)}
    page = client.get("/api/problems").content.decode()

    assert "turn-not-open" in used
    assert used <= set(BY_KIND)
    for one in ALL:
        assert f'id="{one.kind}"' in page
        assert one.address in page


def test_a_format_that_is_not_there_is_named() -> None:
    client = make_api_client(make_user())

    response = client.get("/api/users/me?format=xml")

    assert kind_of(response) == "invalid"
    assert response.json()["errors"] == {"format": ["Use one of: json."]}


def test_an_unknown_parameter_is_called_a_parameter() -> None:
    response = make_api_client(make_user()).get("/api/interviews?pagesize=5")

    assert response.json()["errors"] == {
        "pagesize": ["There is no such parameter here. Did you mean “page_size”?"]
    }


def test_a_refused_media_type_says_what_is_taken() -> None:
    client = make_api_client(make_user())

    wrong = client.post("/api/interviews", "x", content_type="text/plain")
    unheard = client.get("/api/users/me", headers={"accept": "text/html"})

    assert "“Content-Type: application/json”" in wrong.json()["detail"]
    assert "“Accept: application/json”" in unheard.json()["detail"]


def test_the_scheme_of_a_token_may_be_written_in_lower_case(client: Client) -> None:
    access = str(RefreshToken.for_user(make_user()).access_token)

    response = client.get("/api/users/me", headers={"authorization": f"bearer {access}"})

    assert response.status_code == 200
