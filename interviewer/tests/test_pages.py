"""What holds for every page: errors in the client's language, and the security headers."""

from __future__ import annotations

import json

import pytest
from django.db import InterfaceError, connection
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from accounts.testing import PASSWORD, make_user
from interviewer import views
from interviews.testing import make_screening, make_session

HTML = {"Accept": "text/html"}
POLICY = ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")


@pytest.mark.django_db
def test_the_welcome_speaks_json_to_clients_and_html_to_browsers(client: Client) -> None:
    as_json, as_page = client.get("/"), client.get("/", headers=HTML)

    assert as_json.json()["name"] == "interviewer"
    assert as_page["Content-Type"].startswith("text/html")


@pytest.mark.django_db
def test_links_of_the_welcome_lead_somewhere(client: Client) -> None:
    for path in client.get("/").json()["links"].values():
        assert client.get(path).status_code in {200, 401, 405}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/nothing", "/api/interviews/x/", "/api/users/x"])
def test_an_unknown_api_path_is_a_404_problem(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_an_unknown_page_is_a_404_page(client: Client) -> None:
    response = client.get("/nothing/")

    assert response.status_code == 404
    assert b"There is nothing here" in response.content


@pytest.mark.parametrize("status", [400, 403, 500])
def test_errors_speak_the_clients_language(rf: RequestFactory, status: int) -> None:
    page, api = rf.get("/x/"), rf.get("/api/x")
    page.user = api.user = User()
    answer = {
        400: lambda request: views.bad_request(request, Exception()),
        403: lambda request: views.forbidden(request, Exception()),
        500: views.server_error,
    }[status]

    assert answer(page).status_code == answer(api).status_code == status
    assert json.loads(answer(api).content)["status"] == status
    assert answer(page)["Content-Type"].startswith("text/html")


def gone(*_arguments: object) -> None:
    raise InterfaceError("connection already closed: key=AIza-canary")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/dashboard/", "/admin/", "/room/x/", "/staff/screenings/"])
def test_a_page_without_its_database_asks_for_a_moment(path: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(make_user())

    with connection.execute_wrapper(gone):
        page = client.get(path)
        program = client.get(path, headers={"Accept": "application/json"})

    assert (page.status_code, program.status_code) == (503, 503)
    assert (page["Retry-After"], program["Retry-After"]) == ("2", "2")
    assert "One moment" in page.content.decode()
    assert program.json()["type"].endswith("#database-busy")
    assert "canary" not in page.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_is_a_friendly_403() -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post(reverse("sign-in"), {"username": "x", "password": "y"})

    assert response.status_code == 403
    assert b"gone stale" in response.content


@pytest.mark.django_db
@pytest.mark.usefixtures("bank", "stub")
def test_the_policy_stands_on_every_page() -> None:
    root = User.objects.create_superuser("root@example.org", PASSWORD, full_name="Root")
    client = Client()
    client.force_login(root)
    session, screening = make_session(root), make_screening(root, make_user())
    pages = [
        reverse(name)
        for name in (
            "dashboard",
            "history",
            "new-interview",
            "profile",
            "screenings",
            "new-screening",
        )
    ]
    pages += [
        reverse("room", args=[session.token]),
        reverse("screening", args=[screening.interview_id]),
        reverse("review", args=[screening.token]),
        reverse("admin:index"),
        reverse("admin:interviews_interviewsession_change", args=[screening.pk]),
        reverse("api-docs"),
        "/nothing/",
    ]

    for page in pages:
        response = client.get(page)
        policy = response["Content-Security-Policy"]
        assert all(part in policy for part in POLICY), page
        assert "unsafe" not in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_another_origin_may_use_the_api_only_where_it_is_allowed(client: Client) -> None:
    response = client.get("/api/interviews/", headers={"Origin": "https://evil.example"})

    assert "Access-Control-Allow-Origin" not in response
