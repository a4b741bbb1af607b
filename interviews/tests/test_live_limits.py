"""A real Daphne against clients that mean no good."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from accounts.models import User
from accounts.testing import make_user
from interviews.live.limits import MAX_FRAME
from interviews.models import InterviewSession
from interviews.services.tickets import issue_ticket
from interviews.testing import make_session
from interviews.tests.browser.live import running_daphne

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("stub", "bank")]
MEGABYTE = 1024 * 1024


@pytest.fixture
def address() -> Iterator[str]:
    with running_daphne(SPEECH_PROVIDER="none") as url:
        yield url


def cookie_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@contextmanager
def room(
    address: str, session: InterviewSession, user: User | None = None, *, origin: str = ""
) -> Iterator[ClientConnection]:
    url = f"{address.replace('http', 'ws')}/ws/interviews/{session.token}/"
    headers = {"Cookie": cookie_of(user or session.candidate)}
    with connect(url, additional_headers=headers, origin=Origin(origin or address)) as socket:
        yield socket


def hear(socket: ClientConnection, kind: str) -> Any:
    while True:
        event = json.loads(socket.recv(10))
        if event["type"] == kind:
            return event


def closed_with(socket: ClientConnection) -> int:
    """Return the code of the server's close, 1006 where it only drops the line."""
    try:
        while True:
            socket.recv(10)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 1006


def send(socket: ClientConnection, **message: Any) -> None:
    socket.send(json.dumps(message))


def test_a_turn_over_a_real_socket(address: str) -> None:
    session = make_session()

    with room(address, session) as socket:
        assert hear(socket, "state")["question"]["turn"] == 1
        send(socket, type="answer", turn=1, key="one", text="k1 k2 k3")
        assert hear(socket, "ack")["key"] == "one"
        assert hear(socket, "question")["question"]["turn"] == 2


def test_close_codes_tell_why(address: str) -> None:
    session = make_session()
    with room(address, session, make_user()) as stranger:
        assert closed_with(stranger) == 4404
    with room(address, session) as flood:
        hear(flood, "state")
        for _ in range(60):
            send(flood, type="ping")
        assert closed_with(flood) == 4429
    with room(address, session) as large:
        hear(large, "state")
        large.send(b"x" * (MAX_FRAME + 1))
        assert closed_with(large) == 1006


def test_a_foreign_origin_and_a_spent_ticket_stay_out(address: str) -> None:
    session = make_session()
    with pytest.raises(InvalidStatus), room(address, session, origin="https://evil.example"):
        pass
    ticket = issue_ticket(user=session.candidate, token=session.token)
    url = f"{address.replace('http', 'ws')}/ws/interviews/{session.token}/"
    for expected in (None, 4401):
        with connect(url) as socket:
            send(socket, type="auth", ticket=ticket)
            if expected:
                assert closed_with(socket) == expected
            else:
                assert hear(socket, "state")


def memory_of(address: str) -> int:
    """Return the resident bytes of the server that listens there."""
    port = int(address.rpartition(":")[2])
    for status in Path("/proc").glob("[0-9]*/cmdline"):
        if f"-p\0{port}\0".encode() in status.read_bytes():
            pages = int((status.parent / "statm").read_text().split()[1])
            return pages * 4096
    raise RuntimeError("The server is gone.")


def hostile_frames() -> Iterator[bytes | str]:
    yield "[" * 100_000
    yield json.dumps({"type": "answer", "turn": 1, "key": "k", "text": "x" * 250_000})
    yield json.dumps({"type": "draft", "turn": 1, "text": "\x00" * 1000})
    yield json.dumps({"type": ["answer"], "turn": {"$gt": 0}})
    yield struct.pack(">II", 0, 2**32 - 1) + b"x" * 200_000
    yield b"\xff" * 250_000
    yield '{"type": "answer", "turn": NaN, "key": "\\ud800", "text": "\\ud800"}'


def test_a_thousand_hostile_frames_do_not_fill_the_memory(address: str) -> None:
    session, frames = make_session(), list(hostile_frames())
    with room(address, session) as socket:
        hear(socket, "state")
    before, sent = memory_of(address), 0

    while sent < 1000:
        with room(address, session) as socket:
            hear(socket, "state")
            for frame in (frames * 4)[:25]:
                socket.send(frame)
                sent += 1
                assert json.loads(socket.recv(10))["type"] in {"error", "ack"}

    assert memory_of(address) - before < 50 * MEGABYTE
    with room(address, session) as socket:
        assert hear(socket, "state")["question"]["turn"] == 1
