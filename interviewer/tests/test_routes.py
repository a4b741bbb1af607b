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
from accounts.testing import make_api_client, make_superuser, make_user
from ai.providers.local_voice import LocalVoice
from ai.testing import StubEar, make_recording
from interviews import services
from interviews.models import InterviewSession, Recording
from interviews.services import engine
from interviews.services.mentor_links import mentor_token
from interviews.services.recordings import keep_recording
from interviews.services.reminders import stop_token
from interviews.testing import (
    answer,
    ear_in_use,
    make_plan,
    make_recruiter,
    make_screening,
    make_session,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]

FOR_ALL_STAFF = {
    f"admin:{name}"
    for name in ("login", "logout", "jsi18n", "index", "password_change", "password_change_done")
}
VIEW_RIGHTS = [
    "accounts.view_user",
    *(f"interviews.view_{thing}" for thing in ("interview", "interviewsession", "auditevent")),
]
ROLES = (
    "candidate",
    "stranger",
    "staff",
    "viewer",
    "auditor",
    "owner",
    "other_owner",
    "superuser",
    "anonymous",
)
Codes = tuple[int, ...]


def codes(signed_in: int, *, anonymous: int, **others: int) -> Codes:
    """Return a row of the matrix: what everybody signed in gets, but for the roles that are named."""
    assert set(others) < set(ROLES)
    return tuple({**dict.fromkeys(ROLES, signed_in), "anonymous": anonymous, **others}.values())


def readers(code: int) -> dict[str, int]:
    return dict.fromkeys(("viewer", "auditor", "owner", "superuser"), code)


OPEN = codes(200, anonymous=200)
SIGNED_IN = codes(200, anonymous=302)
OWN = codes(404, anonymous=302, candidate=200)
READ_PAGE = codes(404, anonymous=302, **readers(200))
ACT_PAGE = codes(404, anonymous=302, owner=302, superuser=302)
API = codes(200, anonymous=401)
API_OWN = codes(404, anonymous=401, candidate=200)

# The candidate has a practice interview under way, and a screening interview of the owner. What can be either is practice here.
MATRIX: dict[tuple[str, str], Codes] = {
    ("welcome", "GET"): codes(302, anonymous=200),
    ("health", "GET"): OPEN,
    ("admin-system", "GET"): codes(302, anonymous=302, staff=403, viewer=403, superuser=200),
    ("admin-password", "GET"): codes(302, anonymous=302),
    ("problems", "GET"): OPEN,
    ("sign-up", "GET"): codes(302, anonymous=200),
    ("sign-in", "GET"): codes(302, anonymous=200),
    ("sign-out", "POST"): codes(302, anonymous=302),
    ("profile", "GET"): SIGNED_IN,
    ("password-change", "GET"): SIGNED_IN,
    ("password-reset", "GET"): OPEN,
    ("password-reset-sent", "GET"): OPEN,
    ("password_reset_confirm", "GET"): OPEN,
    ("dashboard", "GET"): SIGNED_IN,
    ("history", "GET"): SIGNED_IN,
    ("new-interview", "GET"): SIGNED_IN,
    ("practice-plan", "GET"): SIGNED_IN,
    ("practise-today", "POST"): codes(404, anonymous=302, candidate=302),
    ("stop-plan", "POST"): codes(404, anonymous=302, candidate=302),
    ("stop-reminders", "GET"): OPEN,
    ("stop-reminders", "POST"): OPEN,
    ("interview", "GET"): codes(404, anonymous=302, candidate=302),
    ("interview", "POST"): codes(404, anonymous=302, candidate=302),
    ("nearest-position", "POST"): codes(404, anonymous=302, candidate=302),
    ("delete-interview", "GET"): OWN,
    ("delete-interview", "POST"): codes(404, anonymous=302, candidate=302),
    ("room", "GET"): OWN,
    ("room", "POST"): codes(404, anonymous=302, candidate=400),
    ("more-time", "POST"): codes(404, anonymous=302, candidate=302),
    ("draft", "POST"): codes(404, anonymous=302, candidate=204),
    ("results", "GET"): codes(404, anonymous=302, candidate=302),
    ("claim", "POST"): codes(404, anonymous=302, candidate=302),
    ("make-mentor-link", "POST"): codes(404, anonymous=302, candidate=302),
    ("withdraw-mentor-link", "POST"): codes(404, anonymous=302, candidate=302),
    ("mentor", "GET"): OPEN,
    ("again", "GET"): codes(404, anonymous=302, candidate=302),
    ("again", "POST"): codes(404, anonymous=302, candidate=302),
    ("ticks", "POST"): codes(404, anonymous=302, candidate=302),
    ("recording", "GET"): OWN,
    ("question-voice", "GET"): OWN,
    ("try-voice", "POST"): codes(400, anonymous=302),
    ("device-check", "GET"): SIGNED_IN,
    ("practice-room", "GET"): SIGNED_IN,
    ("screenings", "GET"): codes(404, anonymous=302, **readers(200), other_owner=200),
    ("new-screening", "GET"): codes(404, anonymous=302, owner=200, other_owner=200, superuser=200),
    ("screening", "GET"): READ_PAGE,
    ("publish", "POST"): ACT_PAGE,
    ("archive", "POST"): ACT_PAGE,
    ("assign", "POST"): ACT_PAGE,
    ("review", "GET"): READ_PAGE,
    ("review", "POST"): ACT_PAGE,
    ("api-schema", "GET"): OPEN,
    ("api-docs", "GET"): OPEN,
    ("api-register", "POST"): codes(400, anonymous=400),
    ("api-login", "POST"): codes(400, anonymous=400),
    ("api-token", "POST"): codes(400, anonymous=400),
    ("api-refresh", "POST"): codes(400, anonymous=400),
    ("api-logout", "POST"): codes(400, anonymous=401),
    ("api-me", "GET"): API,
    ("api-me", "PATCH"): API,
    ("api-me", "DELETE"): codes(204, anonymous=401, owner=409, superuser=409),
    ("api-me", "PUT"): codes(400, anonymous=401),
    ("api-users", "GET"): codes(403, anonymous=401, viewer=200, superuser=200),
    ("api-user", "GET"): codes(404, anonymous=401, candidate=200, viewer=200, superuser=200),
    ("api-user", "DELETE"): codes(404, anonymous=401, superuser=204),
    ("api-interview-list", "GET"): API,
    ("api-interview-list", "POST"): codes(400, anonymous=401),
    ("api-interview-detail", "GET"): API_OWN,
    ("api-interview-detail", "PATCH"): codes(404, anonymous=401, candidate=409),
    ("api-interview-detail", "DELETE"): codes(404, anonymous=401, candidate=204),
    ("api-interview-start", "POST"): API_OWN,
    ("api-interview-results", "GET"): API_OWN,
    ("api-practice-history", "GET"): API,
    ("api-practice-plan", "GET"): API_OWN,
    ("api-practice-plan", "PUT"): codes(400, anonymous=401),
    ("api-practice-plan", "DELETE"): codes(404, anonymous=401, candidate=204),
    ("api-session", "GET"): API_OWN,
    ("api-submit", "POST"): API_OWN,
    ("api-demo", "POST"): codes(400, anonymous=401),
    ("api-ws-ticket", "POST"): codes(404, anonymous=401, candidate=201),
    ("api-transcribe", "POST"): API_OWN,
    ("api-recording", "GET"): API_OWN,
    ("api-more-time", "PUT"): API_OWN,
    ("api-claim", "PUT"): codes(404, anonymous=401, candidate=409),
    ("api-claim", "DELETE"): codes(404, anonymous=401, candidate=409),
    ("api-mentor-links", "GET"): API_OWN,
    ("api-mentor-links", "POST"): codes(404, anonymous=401, candidate=201),
    ("api-mentor-link", "DELETE"): codes(404, anonymous=401, candidate=204),
    ("api-again", "GET"): codes(404, anonymous=401, candidate=409),
    ("api-again", "POST"): codes(404, anonymous=401, candidate=409),
}

# The same routes for the screening, which has a candidate, an owner, and readers.
SCREENING: dict[tuple[str, str], Codes] = {
    ("interview", "GET"): codes(404, anonymous=302, candidate=302),
    ("room", "GET"): codes(404, anonymous=302, candidate=200),
    ("results", "GET"): codes(404, anonymous=302, candidate=302),
    ("again", "GET"): codes(404, anonymous=302),
    ("again", "POST"): codes(404, anonymous=302),
    ("api-again", "GET"): codes(404, anonymous=401),
    ("api-again", "POST"): codes(404, anonymous=401),
    ("recording", "GET"): codes(404, anonymous=302, candidate=200, **readers(200)),
    ("question-voice", "GET"): codes(404, anonymous=302, candidate=200),
    ("api-interview-detail", "GET"): codes(404, anonymous=401, **readers(200)),
    ("api-interview-detail", "PATCH"): codes(404, anonymous=401, owner=200, superuser=200),
    ("api-interview-detail", "DELETE"): codes(404, anonymous=401, owner=409, superuser=409),
    ("api-interview-start", "POST"): codes(404, anonymous=401, candidate=200, **readers(409)),
    ("api-interview-results", "GET"): codes(404, anonymous=401, **readers(200)),
    ("api-session", "GET"): codes(404, anonymous=401, candidate=200),
    ("api-submit", "POST"): codes(404, anonymous=401, candidate=200),
    ("api-ws-ticket", "POST"): codes(404, anonymous=401, candidate=201),
    ("api-transcribe", "POST"): codes(404, anonymous=401, candidate=200),
    ("api-recording", "GET"): codes(404, anonymous=401, candidate=200, **readers(200)),
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
    """All roles, a practice session and a screening session."""

    def __init__(self) -> None:
        self.people: dict[str, User | None] = {
            "candidate": make_user(),
            "stranger": make_user(),
            "staff": make_user(staff=True),
            "viewer": make_user(staff=True, rights=VIEW_RIGHTS),
            "auditor": make_user(rights=["interviews.view_interview"]),
            "owner": make_recruiter(),
            "other_owner": make_recruiter(),
            "superuser": make_superuser(),
            "anonymous": None,
        }
        self.candidate = self.person("candidate")
        self.practice = make_session(self.candidate)
        self.screening = make_screening(self.person("owner"), self.candidate)
        services.start_interview(interview=self.screening.interview, user=self.candidate)
        answer(self.screening)
        self.plan = make_plan(self.candidate)
        self.done = make_session(self.candidate, num_questions=1, follow_ups_per_question=0)
        answer(self.done)
        self.link = services.make_mentor_link(user=self.candidate, token=self.done.token)
        audio, user = make_recording("k1 k2"), self.candidate
        self.recording = keep_recording(user=user, token=self.practice.token, turn=1, audio=audio)
        kept = keep_recording(user=user, token=self.screening.token, turn=2, audio=audio)
        Recording.objects.filter(pk=kept.pk).update(turn=self.screening.turns.get(number=1))

    def person(self, role: str) -> User:
        found = self.people[role]
        assert found is not None
        return found

    def arguments(self, name: str, session: InterviewSession) -> dict[str, Any]:
        """Return what a route's URL needs, for one of the sessions."""
        turn = {"token": session.token, "turn": 1}
        known: dict[str, dict[str, Any]] = {
            "mentor": {"token": mentor_token(self.link)},
            "make-mentor-link": {"token": self.done.token},
            "withdraw-mentor-link": {"token": self.done.token, "link": self.link.pk},
            "api-mentor-links": {"token": self.done.token},
            "api-mentor-link": {"token": self.done.token, "link": self.link.pk},
            "stop-reminders": {"token": stop_token(self.plan)},
            "password_reset_confirm": {"uidb64": "MQ", "token": "x-y"},
            "recording": {**turn, "key": self.recording.key},
            "api-recording": {**turn, "key": self.recording.key},
            "question-voice": turn,
            "again": turn,
            "api-again": turn,
            "api-claim": {"token": session.token, "turn": 1, "point": "k1"},
            "review": {"token": self.screening.token},
            "api-user": {"pk": self.candidate.pk},
        }
        if name in known:
            return known[name]
        if name in WITH_TOKEN:
            return {"token": session.token}
        if name in {"screening", "publish", "archive", "assign"}:
            return {"pk": self.screening.interview_id}
        return {"pk": session.interview_id} if name in WITH_PK else {}

    def body(self, name: str, session: InterviewSession) -> dict[str, Any]:
        """Return what a deed needs to be more than a bad request, where that matters for the matrix."""
        turn = session.turns.open().get().number
        bodies: dict[str, dict[str, Any]] = {
            "draft": {"turn": 1, "text": "so far"},
            "claim": {"turn": 1, "point": "k1"},
            "again": {"response_text": "k2 k3"},
            "api-again": {"response_text": "k2 k3"},
            "ticks": {"turn": 1},
            "more-time": {"turn": turn, "time_factor": "2"},
            "api-more-time": {"time_factor": 2},
            "assign": {"email": self.person("stranger").email},
            "review": {"turn": 1, "score": 3, "reason": "Read it."},
            "api-ws-ticket": {"session_token": session.token},
            "api-transcribe": {
                "session_token": session.token,
                "turn": turn,
                "audio_base64": base64.b64encode(make_recording("k1")).decode(),
            },
            "api-submit": {
                "session_token": session.token,
                "turn": turn,
                "response_text": "k1 k2 k3",
            },
        }
        return bodies.get(name, {})


WITH_TOKEN = {
    "room",
    "draft",
    "more-time",
    "results",
    "claim",
    "ticks",
    "api-session",
    "api-more-time",
}
WITH_PK = {
    "nearest-position",
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


def ask(
    world: World, role: str, name: str, method: str, *, session: InterviewSession | None = None
) -> int:
    """Ask as a role, about the practice session if no other is given, and return the status."""
    person, session = world.people[role], session or world.practice
    url = reverse(name, kwargs=world.arguments(name, session))
    is_api = name.startswith("api-")
    client: Any = make_api_client(person) if is_api else Client()
    if person is not None and not is_api:
        client.force_login(person)
    body = world.body(name, session) if method != "GET" else {}
    response = getattr(client, method.lower())(url, body, headers={"Accept": "text/html, */*"})
    return int(response.status_code)


def row(
    world: World, name: str, method: str, session: InterviewSession | None = None
) -> dict[str, int]:
    """Ask as every role, each time in the same world."""
    found = {}
    for role in ROLES:
        with transaction.atomic():
            found[role] = ask(world, role, name, method, session=session)
            transaction.set_rollback(True)
    return found


def test_every_route_outside_of_the_admin_has_its_row() -> None:
    named = {name for name in all_routes() if not name.startswith("admin:")}

    assert named == {name for name, _method in MATRIX}


@pytest.mark.parametrize(("name", "method"), sorted(MATRIX))
def test_a_route_answers_each_role_as_the_matrix_says(name: str, method: str) -> None:
    found = row(World(), name, method)

    assert found == dict(zip(ROLES, MATRIX[name, method], strict=True))


@pytest.mark.parametrize(("name", "method"), sorted(SCREENING))
def test_a_screening_answers_each_role_as_its_matrix_says(name: str, method: str) -> None:
    world = World()

    found = row(world, name, method, world.screening)

    assert found == dict(zip(ROLES, SCREENING[name, method], strict=True))


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

    assert ask(world, "candidate", "api-submit", "DELETE") == 405
    assert ask(world, "candidate", "draft", "GET") == 405


@pytest.mark.parametrize("role", ["anonymous", "candidate", "staff", "auditor", "owner"])
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
    client.force_login(make_superuser())
    lists = [n for n in all_routes() if n.startswith("admin:") and n.endswith("_changelist")]

    for name in lists:
        assert client.get(reverse(name)).status_code == 200
        added = client.get(reverse(name.replace("_changelist", "_add"))).status_code
        assert added in {200, 403}
    assert len(lists) > 5
