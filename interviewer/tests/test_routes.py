"""Who may do what: every route of the URLconf, for the owner, another candidate, staff, and nobody."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.testing import PASSWORD, make_api_client, make_user
from ai.providers.local_voice import LocalVoice
from ai.testing import StubEar, make_recording
from interviews import services
from interviews.services import engine
from interviews.services.recordings import keep_recording
from interviews.testing import answer, ear_in_use, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]

FOR_ALL_STAFF = {
    f"admin:{name}"
    for name in ("login", "logout", "jsi18n", "index", "password_change", "password_change_done")
}
ROLES = ("owner", "other", "staff", "anonymous")
Codes = tuple[int, int, int, int]
OPEN: Codes = (200, 200, 200, 200)
SIGNED_IN: Codes = (200, 200, 200, 302)
OWN: Codes = (200, 404, 404, 302)
STAFF_PAGE: Codes = (404, 404, 200, 302)
STAFF_DEED: Codes = (404, 404, 302, 302)
API: Codes = (200, 200, 200, 401)
API_OWN: Codes = (200, 404, 404, 401)

# The owner is a candidate with a practice interview under way, and with a screening interview that was assigned.
MATRIX: dict[tuple[str, str], Codes] = {
    ("welcome", "GET"): (302, 302, 302, 200),
    ("health", "GET"): OPEN,
    ("sign-up", "GET"): (302, 302, 302, 200),
    ("sign-in", "GET"): (302, 302, 302, 200),
    ("sign-out", "POST"): (302, 302, 302, 302),
    ("profile", "GET"): SIGNED_IN,
    ("password-change", "GET"): SIGNED_IN,
    ("password-reset", "GET"): OPEN,
    ("password-reset-sent", "GET"): OPEN,
    ("password_reset_confirm", "GET"): OPEN,
    ("dashboard", "GET"): SIGNED_IN,
    ("history", "GET"): SIGNED_IN,
    ("new-interview", "GET"): SIGNED_IN,
    ("interview", "GET"): (302, 404, 404, 302),
    ("interview", "POST"): (302, 404, 404, 302),
    ("delete-interview", "POST"): (404, 404, 404, 302),
    ("room", "GET"): OWN,
    ("room", "POST"): (400, 404, 404, 302),
    ("draft", "POST"): (204, 404, 404, 302),
    ("results", "GET"): (302, 404, 404, 302),
    ("recording", "GET"): OWN,
    ("question-voice", "GET"): OWN,
    ("try-voice", "POST"): (400, 400, 400, 302),
    ("device-check", "GET"): SIGNED_IN,
    ("practice-room", "GET"): SIGNED_IN,
    ("screenings", "GET"): STAFF_PAGE,
    ("new-screening", "GET"): STAFF_PAGE,
    ("screening", "GET"): STAFF_PAGE,
    ("publish", "POST"): STAFF_DEED,
    ("archive", "POST"): STAFF_DEED,
    ("assign", "POST"): (404, 404, 302, 302),
    ("review", "GET"): STAFF_PAGE,
    ("review", "POST"): STAFF_DEED,
    ("api-schema", "GET"): OPEN,
    ("api-docs", "GET"): OPEN,
    ("api-register", "POST"): (400, 400, 400, 400),
    ("api-login", "POST"): (400, 400, 400, 400),
    ("api-token", "POST"): (400, 400, 400, 400),
    ("api-refresh", "POST"): (400, 400, 400, 400),
    ("api-logout", "POST"): (400, 400, 400, 401),
    ("api-me", "GET"): API,
    ("api-me", "PATCH"): API,
    ("api-me", "PUT"): (400, 400, 400, 401),
    ("api-users", "GET"): (403, 403, 200, 401),
    ("api-user", "GET"): (200, 404, 200, 401),
    ("api-user", "DELETE"): (404, 404, 204, 401),
    ("api-interview-list", "GET"): API,
    ("api-interview-list", "POST"): (400, 400, 400, 401),
    ("api-interview-detail", "GET"): API_OWN,
    ("api-interview-detail", "PATCH"): (409, 404, 404, 401),
    ("api-interview-detail", "DELETE"): (204, 404, 404, 401),
    ("api-interview-start", "POST"): API_OWN,
    ("api-interview-results", "GET"): API_OWN,
    ("api-session", "GET"): API_OWN,
    ("api-submit", "POST"): API_OWN,
    ("api-demo", "POST"): (400, 400, 400, 401),
    ("api-ws-ticket", "POST"): (201, 404, 404, 401),
    ("api-transcribe", "POST"): API_OWN,
    ("api-recording", "GET"): API_OWN,
}


@pytest.fixture(autouse=True)
def all_voices(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hear and speak, so that those routes have something to answer with."""
    settings.VOICE_PROVIDER = "espeak-ng"
    monkeypatch.setattr(LocalVoice, "speak", lambda *_args, **_kwargs: b"RIFF")
    engine.question_voice.cache_clear()
    with ear_in_use(StubEar()):
        yield
    engine.question_voice.cache_clear()


class World:
    """Four roles, a practice session and a screening session."""

    def __init__(self) -> None:
        self.people: dict[str, User | None] = {
            "owner": make_user(),
            "other": make_user(),
            "staff": make_user(staff=True),
            "anonymous": None,
        }
        owner, staff = self.people["owner"], self.people["staff"]
        assert owner is not None
        assert staff is not None
        self.owner = owner
        self.practice = make_session(owner)
        self.screening = make_screening(staff, owner)
        services.start_interview(interview=self.screening.interview, user=owner)
        answer(self.screening)
        self.recording = keep_recording(
            user=owner, token=self.practice.token, turn=1, audio=make_recording("k1 k2")
        )

    def arguments(self, name: str) -> dict[str, Any]:
        """Return what a route's URL needs."""
        practice, screening = self.practice, self.screening
        turn = {"token": practice.token, "turn": 1}
        known: dict[str, dict[str, Any]] = {
            "password_reset_confirm": {"uidb64": "MQ", "token": "x-y"},
            "recording": {**turn, "key": self.recording.key},
            "api-recording": {**turn, "key": self.recording.key},
            "question-voice": turn,
            "review": {"token": screening.token},
            "api-user": {"pk": self.owner.pk},
        }
        if name in known:
            return known[name]
        if name in {"room", "draft", "results", "api-session"}:
            return {"token": practice.token}
        if name in {"screening", "publish", "archive", "assign"}:
            return {"pk": screening.interview_id}
        return {"pk": practice.interview_id} if name in WITH_PK else {}

    def body(self, name: str) -> dict[str, Any]:
        """Return what a deed needs to be more than a bad request, where that matters for the matrix."""
        bodies: dict[str, dict[str, Any]] = {
            "draft": {"turn": 1, "text": "so far"},
            "assign": {"email": self.people["other"].email if self.people["other"] else ""},
            "review": {"turn": 1, "score": 3, "reason": "Read it."},
            "api-ws-ticket": {"session_token": self.practice.token},
            "api-transcribe": {
                "session_token": self.practice.token,
                "turn": 1,
                "audio_base64": base64.b64encode(make_recording("k1")).decode(),
            },
            "api-submit": {
                "session_token": self.practice.token,
                "turn": 1,
                "response_text": "k1 k2 k3",
            },
        }
        return bodies.get(name, {})


WITH_PK = {
    "interview",
    "delete-interview",
    "api-interview-detail",
    "api-interview-start",
    "api-interview-results",
}


def routes(
    patterns: list[URLPattern | URLResolver], namespace: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern


def all_routes() -> dict[str, URLPattern]:
    return dict(routes(get_resolver().url_patterns))


def ask(world: World, role: str, name: str, method: str) -> int:
    person = world.people[role]
    url = reverse(name, kwargs=world.arguments(name))
    is_api = name.startswith("api-")
    client: Any = make_api_client(person) if is_api else Client()
    if person is not None and not is_api:
        client.force_login(person)
    body = world.body(name) if method != "GET" else {}
    response = getattr(client, method.lower())(url, body, headers={"Accept": "text/html, */*"})
    return int(response.status_code)


def test_every_route_outside_of_the_admin_has_its_row() -> None:
    named = {name for name in all_routes() if not name.startswith("admin:")}

    assert named == {name for name, _method in MATRIX}


@pytest.mark.parametrize(("name", "method"), sorted(MATRIX))
def test_a_route_answers_each_role_as_the_matrix_says(name: str, method: str) -> None:
    world = World()
    found = []
    for role in ROLES:
        with transaction.atomic():
            found.append(ask(world, role, name, method))
            transaction.set_rollback(True)

    assert tuple(found) == MATRIX[name, method]


def test_every_method_of_the_api_has_its_row() -> None:
    for name, pattern in all_routes().items():
        if not name.startswith("api-") or name in {"api-schema", "api-docs"}:
            continue
        view: Any = pattern.callback
        actions = getattr(view, "actions", None) or {
            method: ""
            for method in ("get", "post", "put", "patch", "delete")
            if hasattr(view.cls, method)
        }
        for method in set(actions).intersection(view.cls.http_method_names) - {"head", "options"}:
            assert (name, method.upper()) in MATRIX


def test_another_method_is_405() -> None:
    world = World()

    assert ask(world, "owner", "api-submit", "DELETE") == 405
    assert ask(world, "owner", "draft", "GET") == 405


@pytest.mark.parametrize("role", ["anonymous", "owner", "staff"])
def test_the_admin_is_closed_to_everybody_without_the_right(role: str) -> None:
    world = World()
    codes = {}
    for name, pattern in all_routes().items():
        if (
            not name.startswith("admin:")
            or pattern.pattern.converters
            or "(?P" in str(pattern.pattern)
        ):
            continue
        if name not in FOR_ALL_STAFF:
            codes[name] = ask(world, role, name, "GET")

    assert {name for name, code in codes.items() if code == 200} == set()
    assert set(codes.values()) <= {302, 403, 404, 405}


def test_a_superuser_opens_every_list_and_form_of_the_admin(client: Client) -> None:
    World()
    client.force_login(User.objects.create_superuser("root@example.org", PASSWORD, full_name="R"))
    lists = [n for n in all_routes() if n.startswith("admin:") and n.endswith("_changelist")]

    for name in lists:
        assert client.get(reverse(name)).status_code == 200
        added = client.get(reverse(name.replace("_changelist", "_add"))).status_code
        assert added in {200, 403}
    assert len(lists) > 5
