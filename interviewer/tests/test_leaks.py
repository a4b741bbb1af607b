"""Keys and answers, pushed through every way in and every error: no reply, page, message, row or log tells them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.apps import apps
from django.core import serializers
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.testing import PASSWORD, make_api_client, make_user
from ai.errors import ProviderUnavailable
from ai.masking import keep_secret
from ai.providers.google_cloud import Access
from ai.speech.testing import encode, silence
from ai.tests.test_leaks import ANSWER, LEAKS, OWN_KEY
from interviews import services
from interviews.models import (
    AuditEvent,
    InterviewSession,
    Question,
    Rating,
    Recording,
    Spending,
    Turn,
)
from interviews.services import engine
from interviews.services.engine import ai_service, question_voice
from interviews.services.lookups import fresh
from interviews.testing import make_screening, make_session
from interviews.tests.test_live_room import room
from lab.loopback.http import LoopbackModel, model_server
from lab.loopback.replies import good_reply
from lab.loopback.speech import LoopbackEar, speech_server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bank")]
BY_FORM = {"turn": 1, "key": "one", "response_text": ANSWER, "action": "answer"}
WITHOUT_ANSWERS = (Question, Rating, Recording, Spending, AuditEvent)


@pytest.fixture
def wire(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackModel]:
    """Let every provider be Google, suspended, and talkative about it."""
    model = LoopbackModel(answer=good_reply, always="403", says=LEAKS, echoes=True)
    ear = LoopbackEar(always="403", says=LEAKS)
    with model_server(model) as url, speech_server(ear) as address:
        access = Access(api_key=OWN_KEY, endpoint=address)
        monkeypatch.setattr(engine, "google_access", lambda: access)
        settings.SPEECH_PROVIDER = settings.VOICE_PROVIDER = "google"
        settings.AI = replace(
            settings.AI, provider="gemini", model="main", api_key=OWN_KEY, endpoint=url
        )
        ai_service.cache_clear()
        question_voice.cache_clear()
        yield model
    ai_service.cache_clear()
    question_voice.cache_clear()


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[io.StringIO]:
    """Write everything down, and find nothing in it afterwards."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    logging.getLogger().addHandler(handler)
    with caplog.at_level(logging.DEBUG):
        yield written
    logging.getLogger().removeHandler(handler)
    assert written.getvalue()
    assert "canar" not in written.getvalue().casefold()


def keys_in(*told: object) -> list[str]:
    """Return what looks like one of the canaries' keys; the answer itself may be told to its people."""
    text = " ".join(map(str, told)).replace(ANSWER, "").replace(json.dumps(ANSWER)[1:-1], "")
    marks = ("AIza", "sk-canary", "canary.0", "ya29", "canary001", OWN_KEY, "eyJjYW5h", "suspended")
    return [mark for mark in marks if mark in text]


def rows() -> str:
    turns = list(Turn.objects.values("reason", "flags", "feedback", "covered", "missing", "text"))
    others = [serializers.serialize("json", model.objects.all()) for model in WITHOUT_ANSWERS]
    return json.dumps(turns) + "".join(others)


def root() -> User:
    return User.objects.create_superuser("root@example.org", PASSWORD, full_name="Root")


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def operators_pages(session: InterviewSession) -> list[str]:
    """Return what an operator, and what anybody, can read once things went wrong."""
    client = signed_in(root())
    paths = [
        "/health",
        "/admin/system/",
        reverse("admin:interviews_spending_changelist"),
        reverse("admin:interviews_interviewsession_change", args=[session.pk]),
        reverse("admin:interviews_auditevent_changelist"),
        reverse("results", args=[session.token]),
    ]
    return [Client().get("/health").content.decode()] + [
        client.get(path).content.decode() for path in paths
    ]


@pytest.mark.usefixtures("wire")
def test_a_suspended_key_stays_inside_over_rest(log: io.StringIO) -> None:
    user = make_user()
    client = make_api_client(user)
    interview = client.post(
        "/api/interviews/",
        {"position": "Software engineer", "interview_type": "technical", "num_questions": 1},
    ).json()
    begun = client.post(f"/api/interviews/{interview['id']}/start").json()
    token = begun["session_token"]
    recording = encode(silence(1) + 0.01, "webm", "libopus")
    told = [
        interview,
        begun,
        spoken_to(client, token, recording).content,
        submitted(client, token).content,
        client.get(f"/api/interviews/session/{token}").content,
        client.get(f"/api/interviews/{interview['id']}/results").content,
    ]

    session = InterviewSession.objects.get(token=token)
    assert "has been suspended" in log.getvalue()
    assert "PERMISSION_DENIED" in Turn.objects.get(session=session, number=1).reason
    assert keys_in(*told, rows(), *operators_pages(session)) == []
    assert "canar" not in rows().casefold()


def submitted(client: Any, token: str, text: str = ANSWER) -> Any:
    body = {"session_token": token, "turn": 1, "response_text": text}
    return client.post("/api/interviews/session/submit", body)


def spoken_to(client: Any, token: str, recording: bytes) -> Any:
    file = SimpleUploadedFile("a.webm", recording, "audio/webm")
    body = {"session_token": token, "turn": 1, "audio": file}
    return client.post("/api/interviews/session/transcribe", body, format="multipart")


@pytest.mark.usefixtures("wire", "log")
def test_a_suspended_key_stays_inside_on_pages() -> None:
    session = make_session(num_questions=1, follow_ups_per_question=0)
    client = signed_in(session.candidate)
    address = reverse("room", args=[session.token])
    told = [
        client.get(address).content,
        client.get(reverse("question-voice", args=[session.token, 1])).content,
        client.post(address, BY_FORM).content,
        client.get(address, follow=True).content,
        client.get(reverse("results", args=[session.token])).content,
    ]

    assert Turn.objects.get().flow == Turn.Flow.CLOSED
    assert keys_in(*told, rows()) == []


@pytest.mark.usefixtures("wire", "log")
def test_a_suspended_key_stays_inside_over_the_socket() -> None:
    session = InterviewSession.objects.select_related("candidate").get(
        pk=make_session(num_questions=1, follow_ups_per_question=0).pk
    )

    async def talk() -> list[Any]:
        async with room(session) as socket:
            first = await socket.hear("state", timeout=20)
            message = {"type": "answer", "turn": 1, "key": "one", "text": ANSWER}
            await socket.send_json_to(message)
            return [first, *await socket.all_until("completed", timeout=20)]

    told = async_to_sync(talk)()
    async_to_sync(close_all)()

    assert keys_in(told, rows()) == []


async def close_all() -> None:
    await sync_to_async(connections.close_all)()


@pytest.mark.usefixtures("wire", "log")
def test_a_suspended_key_stays_inside_in_the_demo_and_in_screenings() -> None:
    staff, candidate = root(), make_user()
    demo = make_api_client(candidate).post(
        "/api/interviews/demo/complete-workflow",
        {"position": "Software engineer", "response_text": ANSWER, "num_questions": 1},
    )
    screening = make_screening(staff, candidate, num_questions=1, follow_ups_per_question=0)
    services.start_interview(interview=screening.interview, user=candidate)
    submitted(make_api_client(candidate), screening.token)
    services.catch_up()
    client = signed_in(staff)
    told = [
        demo.content,
        client.get(reverse("review", args=[screening.token])).content,
        client.get(reverse("screening", args=[screening.interview_id])).content,
        services.session_results(fresh(screening)),
    ]

    assert demo.status_code == 200
    assert keys_in(*told, rows()) == []


def broken(error: Exception) -> Callable[..., Any]:
    def fail(*_args: object, **_kwargs: object) -> Any:
        raise error from ProviderUnavailable(f"{LEAKS} {error}")

    return fail


@pytest.mark.usefixtures("stub")
@pytest.mark.parametrize("kind", [RuntimeError, KeyError, ValueError])
def test_what_breaks_unexpectedly_tells_nothing(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    keep_secret(OWN_KEY)
    said = f"Case {kind.__name__[:2]}: nobody else says that canaries were miners' friends."
    session = make_session()
    monkeypatch.setattr(services, "submit_response", broken(kind(f"{LEAKS} {said}")))
    client = make_api_client(session.candidate)
    client.raise_request_exception = False
    page = signed_in(session.candidate)

    replies = [
        submitted(client, session.token, said),
        page.post(reverse("room", args=[session.token]), {**BY_FORM, "response_text": said}),
    ]

    assert [reply.status_code for reply in replies] == [500, 500]
    assert all("canar" not in reply.content.decode().casefold() for reply in replies)
    assert "Traceback" in log.getvalue()
    assert kind.__name__ in log.getvalue()


@pytest.mark.usefixtures("stub")
def test_reasons_from_before_lose_what_a_provider_said() -> None:
    forget = import_module("interviews.migrations.0021_forget_provider_words").forget
    make_session()
    Turn.objects.update(reason=f"gemini answered 403: {LEAKS}"[:300])

    with connection.schema_editor() as editor:
        forget(apps, editor)

    assert Turn.objects.get().reason == "gemini answered 403."
