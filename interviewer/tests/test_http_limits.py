"""A body that is too big is refused by the server itself, over a real connection."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from interviewer.http_limits import MB, LimitedServer, body_limit, masked

ROOT = Path(__file__).resolve().parents[2]
SERVE = """
import interviewer.http_limits as limits
limits.HEADERS_WITHIN, limits.BODY_WITHIN = 1.0, 4.0
limits.BYTES_PER_SECOND = 100 * limits.MB
import interviewer.asgi
limits.LimitedCommandLine().run(["-b", "127.0.0.1", "-p", "{port}", "-v", "0", "interviewer.asgi:application"])
"""
BIG = 1_500_000_000
CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"


@dataclass(frozen=True, slots=True)
class Running:
    """A Daphne in a process of its own."""

    process: subprocess.Popen[bytes]
    port: int

    def most_memory(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) // 1024  # type: ignore[index]

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def start(self, path: str, *headers: str) -> socket.socket:
        connection = self.connect()
        head = [f"POST {path} HTTP/1.1", "Host: localhost", *headers, "", ""]
        connection.sendall("\r\n".join(head).encode())
        return connection

    def post(self, path: str, size: int, kind: str = "application/json") -> tuple[int, str]:
        with closing(self.client()) as connection:
            connection.request("POST", path, b"x" * size, {"Content-Type": kind})
            reply = connection.getresponse()
            return reply.status, reply.read().decode()

    def client(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("var")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    surroundings = {
        **os.environ,
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "REDIS_URL": "",
        "LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE.format(port=port)], cwd=ROOT, env=surroundings
    )
    running = Running(process, port)
    try:
        wait_for(running)
        yield running
    finally:
        process.terminate()
        process.wait(20)


def wait_for(running: Running) -> None:
    for _ in range(300):
        assert running.process.poll() is None
        try:
            running.connect().close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError


def all_of(connection: socket.socket) -> str:
    """Read until the server closes."""
    with connection:
        parts = []
        try:
            while part := connection.recv(65536):
                parts.append(part)
        except ConnectionResetError:
            pass
        return b"".join(parts).decode()


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        (b"/", MB),
        (b"/account/sign-in/", MB),
        (b"/api/auth/login/?next=/api/interviews/session/submit", MB),
        (b"/admin/interviews/bankquestion/import/", 16 * MB),
        (b"/api/interviews/session/submit", 32 * MB * 4 // 3 + MB),
        (b"/api/interviews/session/transcribe/", 32 * MB * 4 // 3 + MB),
        (b"/microphone/try/", 32 * MB * 4 // 3 + MB),
    ],
)
def test_only_paths_that_take_a_recording_have_its_limit(path: bytes, limit: int) -> None:
    assert body_limit(path) == limit


def test_a_long_answer_fits_in_any_spelling_of_json(settings: Settings) -> None:
    settings.MAX_ANSWER_CHARACTERS = 200_000

    assert body_limit(b"/room/abc/draft/") >= len(json.dumps("\N{GRINNING FACE}" * 200_000))


def test_a_body_that_says_it_is_too_big_is_refused_before_it_comes(server: Running) -> None:
    connection = server.start("/", f"Content-Length: {BIG}")

    said = all_of(connection)

    assert said.startswith("HTTP/1.1 413 ")
    assert "Connection: close" in said
    assert "over 1 MB" in said


def test_whoever_asks_before_sending_is_not_told_to_go_on(server: Running) -> None:
    connection = server.start("/", f"Content-Length: {BIG}", "Expect: 100-continue")

    assert all_of(connection).startswith("HTTP/1.1 413 ")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [("text/html", "text/html"), ("application/json", "application/problem+json")],
)
def test_the_refusal_is_in_the_clients_language(server: Running, accept: str, kind: str) -> None:
    connection = server.start("/", f"Content-Length: {BIG}", f"Accept: {accept}")

    assert f"Content-Type: {kind}" in all_of(connection)


@pytest.mark.parametrize("headers", [["Transfer-Encoding: chunked"], [f"Content-Length: {BIG}"]])
def test_what_is_poured_in_all_the_same_is_not_kept(server: Running, headers: list[str]) -> None:
    before = server.most_memory()
    connection = server.start("/api/auth/login/", *headers)

    sent = 0
    try:
        for _ in range(BIG // len(CHUNK)):
            connection.sendall(CHUNK)
            sent += len(CHUNK)
    except OSError:
        pass

    assert all_of(connection).startswith("HTTP/1.1 413 ")
    assert sent < 200 * MB
    assert server.most_memory() - before < 20


def test_a_client_that_sends_a_little_too_much_can_read_why(server: Running) -> None:
    status, said = server.post("/api/auth/login/", 3 * MB)

    assert status == 413
    assert json.loads(said)["status"] == 413


def go_on_sending(connection: socket.socket) -> None:
    for _ in range(100):
        connection.sendall(b"x")
        time.sleep(0.05)


@pytest.mark.parametrize("size", [3 * MB, 1])
def test_a_refused_connection_ends_although_the_client_stays(server: Running, size: int) -> None:
    length = f"Content-Length: {max(size, 3 * MB)}"
    with server.start("/api/auth/login/", length) as connection:
        connection.sendall(b"x" * size)
        while connection.recv(65536):
            pass

        with pytest.raises(OSError, match=r"reset|[Bb]roken pipe"):
            go_on_sending(connection)


def test_a_recording_gets_through_where_one_is_taken(server: Running) -> None:
    before = server.most_memory()
    statuses = [server.post("/api/interviews/session/submit/", 40 * MB)[0] for _ in range(3)]

    assert statuses == [401] * 3
    assert server.most_memory() - before < 150
    assert server.post("/api/interviews/", 2 * MB)[0] == 413


def test_a_form_is_read_by_the_application_alone(server: Running) -> None:
    kind = "multipart/form-data; boundary=none"

    status, told = server.post("/api/interviews/session/submit/", 1000, kind)

    assert status == 401
    assert "problems#" in told


@pytest.mark.parametrize(
    "sent",
    [
        b"POST / HTTP/1.1\r\nHost: localhost\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nx",
    ],
)
def test_what_never_comes_to_an_end_is_not_waited_for(server: Running, sent: bytes) -> None:
    connection = server.connect()
    connection.sendall(sent)

    assert all_of(connection).startswith("HTTP/1.1 408 ")


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /api/interviews?position=\xc3\xa9 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /api/interviews HTTP/1.1\r\nHost: localhost\r\nNo header\r\n\r\n",
        b"GET /api/interviews HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Odd: a\x0bb\r\n\r\n",
        b"POST /api/interviews HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
    ],
)
def test_what_is_no_http_is_told_in_problem_json(server: Running, sent: bytes) -> None:
    connection = server.connect()
    connection.sendall(sent)

    said = all_of(connection)

    assert said.startswith("HTTP/1.1 400 ")
    assert "application/problem+json" in said
    assert "/api/problems#" in said


def test_a_form_without_its_boundary_is_left_to_the_application(server: Running) -> None:
    status, said = server.post("/api/auth/login", 2, "multipart/form-data")

    assert status == 415
    assert json.loads(said)["type"] == "/api/problems#unsupported-media-type"


def test_a_client_cannot_move_the_site_under_another_path(server: Running) -> None:
    with closing(server.client()) as connection:
        connection.request("GET", "/admin/", headers={"Daphne-Root-Path": "@evil.example"})
        location = connection.getresponse().headers["Location"]

    assert location == "/admin/login/?next=/admin/"


def test_a_socket_is_still_opened_and_stays_open(server: Running) -> None:
    upgrade = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    head = ["GET /ws/interviews/abc/ HTTP/1.1", "Host: localhost", *upgrade, key, "", ""]

    with server.connect() as connection:
        connection.sendall("\r\n".join(head).encode())
        said = connection.recv(65536)
        connection.settimeout(1.5)
        with pytest.raises(TimeoutError):
            connection.recv(65536)

    assert said.startswith(b"HTTP/1.1 101 ")


def test_a_connection_is_used_again_for_the_next_request(server: Running) -> None:
    statuses = []

    with closing(server.client()) as connection:
        for _ in range(3):
            connection.request("POST", "/api/auth/login/", b"{}", {"Content-Type": "text/plain"})
            reply = connection.getresponse()
            reply.read()
            statuses.append(reply.status)

    assert statuses == [415] * 3


def test_the_access_log_shows_no_token() -> None:
    told: list[str] = []
    log = masked(lambda _protocol, _action, details: told.append(details["path"]))

    log("http", "complete", {"path": "/room/Zm9vYmFyYmF6cXV4Zm9v/", "status": 200})
    log("websocket", "connected", {"path": "/ws/interviews/Zm9vYmFyYmF6cXV4Zm9v/"})
    log("http", "complete", {"path": "/dashboard/"})

    assert told == ["/room/[masked]/", "/ws/interviews/[masked]/", "/dashboard/"]


def test_a_crowd_may_wait_for_its_connections() -> None:
    server = LimitedServer(None, endpoints=[r"tcp:port=0:interface=\:\:1", "fd:fileno=3"])

    assert server.endpoints == [r"tcp:port=0:interface=\:\:1:backlog=1024", "fd:fileno=3"]
