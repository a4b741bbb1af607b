"""What holds for every reply: HEAD has no body, and what is personal stays out of caches."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from accounts.testing import PASSWORD, make_api_client, make_user
from interviews.testing import make_session

HEAVY = """
from django.conf import settings
from interviewer.asgi import application
settings.ROOT_URLCONF = "interviewer.tests.heavy_urls"
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Run a real Daphne over replies that take several of its messages."""
    folder = tmp_path_factory.mktemp("heavy")
    (folder / "heavy_asgi.py").write_text(HEAVY, encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(number)]
    path = os.pathsep.join([str(folder), str(settings.BASE_DIR)])
    process = subprocess.Popen(
        [*command, "-v", "0", "heavy_asgi:application"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "interviewer.settings"},
    )
    try:
        wait_for(number)
        yield number
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("Daphne did not come up.")


def exchange(port: int, requests: bytes) -> bytes:
    """Send raw requests over one connection; return all that comes back until it is closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(requests)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("path", ["/whole", "/file", "/stream", "/failure", "/api/schema"])
def test_head_has_the_headers_of_get_and_no_body(port: int, path: str) -> None:
    request = f"HEAD {path} HTTP/1.1\r\nHost: localhost\r\n"

    replies = exchange(port, f"{request}\r\n{request}Connection: close\r\n\r\n".encode())

    first, second, rest = replies.split(b"\r\n\r\n", 2)
    assert rest == b""
    assert first.startswith(b"HTTP/1.1 ")
    assert second.startswith(b"HTTP/1.1 ")


@pytest.mark.parametrize("path", ["/whole", "/file", "/failure", "/api/schema"])
def test_head_tells_the_length_of_get(port: int, path: str) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("HEAD", path)
        head = connection.getresponse()
        head.read()
        connection.request("GET", path)
        body = connection.getresponse().read()

    assert head.headers["Content-Length"] == str(len(body))
    assert len(body) > 65536


@pytest.mark.django_db
@pytest.mark.usefixtures("bank", "stub")
def test_pages_of_a_signed_in_person_are_stored_by_no_cache(client: Client) -> None:
    root = User.objects.create_superuser("root@example.org", PASSWORD, full_name="R")
    session = make_session(root)
    client.force_login(root)
    paths = [
        *("/", "/dashboard/", "/history/", "/account/profile/", "/nothing/", "/health"),
        *("/admin/", "/admin/accounts/user/", "/admin/nothing/", "/api/docs"),
        f"/room/{session.token}/",
    ]

    for path in paths:
        assert "no-store" in client.get(path).get("Cache-Control", ""), path


@pytest.mark.django_db
@pytest.mark.usefixtures("bank", "stub")
def test_replies_of_the_api_are_stored_by_no_cache() -> None:
    user = make_user()
    session, client = make_session(user), make_api_client(user)
    paths = [
        *("users/me/", "interviews/", "nothing", "users/"),
        *(f"interviews/{session.interview_id}/", f"interviews/session/{session.token}"),
    ]

    replies = [client.get(f"/api/{path}") for path in paths]
    body = {"email": user.email, "password": PASSWORD}
    replies += [make_api_client().post(f"/api/auth/{name}", body) for name in ("login", "token")]

    assert {"no-store" in reply["Cache-Control"] for reply in replies} == {True}


@pytest.mark.django_db
def test_signing_in_is_stored_by_no_cache(client: Client) -> None:
    body = {"username": make_user().email, "password": PASSWORD}

    response = client.post("/account/sign-in/", body)

    assert response.status_code == 302
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/api/schema", "/api/docs", "/api/problems"])
def test_what_everybody_may_see_is_left_to_caches(client: Client, path: str) -> None:
    response = client.get(path, headers={"Accept": "*/*"})

    assert response.status_code == 200
    assert "no-store" not in response.get("Cache-Control", "")
