"""Starting the product: each step is told, and what stands in the way is told first."""

from __future__ import annotations

import io
import logging
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from accounts.outbox import queue_mail, send_due_mail
from accounts.testing import make_user
from interviewer import proxy_hints
from interviewer.free_port import complaint, from_environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def taken() -> Iterator[int]:
    """Listen somewhere, and return the port."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Return a folder with what `make run` needs before it installs anything."""
    (tmp_path / "interviewer").mkdir()
    locks = ("requirements.lock", "requirements-postgres.lock")
    for name in ("Makefile", "interviewer/free_port.py", *locks):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def nothing_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxy_hints, "_seen", set())


def make(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    surroundings = {**os.environ, **variables}
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_taken_port_is_told_with_a_way_out(taken: int) -> None:
    told = complaint("127.0.0.1", taken)

    assert f"Port {taken} on 127.0.0.1 is taken" in told
    assert f"PORT={taken + 1} make run" in told


def test_a_free_port_is_no_cause_for_complaint(taken: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as soon_free:
        port = soon_free.getsockname()[1]

    assert complaint("127.0.0.1", port) == ""


def test_a_host_of_another_machine_is_told() -> None:
    assert "cannot listen on 192.0.2.1" in complaint("192.0.2.1", 8000)


def test_make_run_stops_at_a_taken_port_before_anything_is_installed(
    elsewhere: Path, taken: int
) -> None:
    done = make(elsewhere, "run", PORT=str(taken))

    assert done.returncode != 0
    assert "is taken" in done.stderr
    assert "Step 1 of 7" in done.stdout
    assert "Step 2 of 7" not in done.stdout
    assert not (elsewhere / ".venv").exists()


def test_make_run_says_in_which_step_it_is_and_that_speech_can_be_skipped(elsewhere: Path) -> None:
    said = make(elsewhere, "-n", "run").stdout
    without = make(elsewhere, "-n", "run", WITHOUT_SPEECH="1").stdout

    assert re.findall(r"Step (\d) of 7", said) == list("1234567")
    assert "WITHOUT_SPEECH=1 make run" in said
    assert "to do without it" not in without


@pytest.mark.parametrize(
    ("from_environment", "from_file", "installs"),
    [
        ("postgres://user:a$b c@host/name", "", True),
        ("postgresql://host/name", "", True),
        ("", "DATABASE_URL='postgres://host/name'", True),
        ("", "#DATABASE_URL=postgres://host/name", False),
        ("sqlite:////tmp/own.sqlite3", "DATABASE_URL=postgres://host/name", False),
        ("", "", False),
    ],
)
def test_make_run_installs_the_driver_that_the_database_needs(
    elsewhere: Path, from_environment: str, from_file: str, installs: bool
) -> None:
    (elsewhere / ".env").write_text(f"PORT=9000\n{from_file}\n", "utf-8")

    said = make(
        elsewhere, "-n", "run", DATABASE_URL=from_environment, ENV_FILE=str(elsewhere / ".env")
    )

    assert said.returncode == 0, said.stderr
    assert ("requirements-postgres.lock" in said.stdout) is installs


def test_serve_refuses_a_taken_port(taken: int, settings: Settings) -> None:
    settings.HOST, settings.PORT = "127.0.0.1", taken

    with pytest.raises(CommandError, match="is taken"):
        call_command("serve")


def test_host_and_port_are_read_from_the_environment_and_else_from_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("#HOST=1.2.3.4\nHOST='0.0.0.0'\nPORT=9000\n", "utf-8")
    monkeypatch.delenv("HOST", raising=False)
    monkeypatch.delenv("ENV_FILE", raising=False)
    monkeypatch.setenv("PORT", "9001")

    assert from_environment(tmp_path) == {"HOST": "0.0.0.0", "PORT": "9001"}  # noqa: S104


@pytest.mark.django_db
@pytest.mark.usefixtures("nothing_noticed")
@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Proto": "https", "Origin": "https://testserver"},
        {"Origin": "https://testserver"},
        {"X-Forwarded-Proto": "https"},
    ],
)
def test_a_proxy_with_tls_that_the_settings_do_not_know_is_named(headers: dict[str, str]) -> None:
    page = Client(enforce_csrf_checks=True).post("/account/sign-in/", headers=headers)

    said = page.content.decode()
    assert page.status_code == 403
    assert "HTTPS=1" in said
    assert "stale" not in said
    assert "HTTPS is 0" in proxy_hints.hints()[0]


@pytest.mark.django_db
@pytest.mark.usefixtures("nothing_noticed")
@pytest.mark.parametrize(
    ("forwarded", "hints"), [({"X-Forwarded-For": "198.51.100.7"}, 1), ({}, 0)]
)
def test_a_proxy_that_changes_the_host_is_named(
    forwarded: dict[str, str], hints: int, settings: Settings
) -> None:
    settings.PROXY_COUNT = 1
    headers = {"Origin": "http://my.example.org", **forwarded}

    page = Client(enforce_csrf_checks=True).post("/account/sign-in/", headers=headers)

    assert "ALLOWED_ORIGINS" in page.content.decode()
    assert len(proxy_hints.hints()) == hints


@pytest.mark.django_db
@pytest.mark.usefixtures("nothing_noticed")
@pytest.mark.parametrize("headers", [{}, {"Origin": "http://testserver"}])
def test_a_stale_form_is_still_called_so(headers: dict[str, str]) -> None:
    page = Client(enforce_csrf_checks=True).post("/account/sign-in/", headers=headers)

    assert "stale" in page.content.decode()
    assert proxy_hints.hints() == []


@pytest.mark.django_db
@pytest.mark.usefixtures("nothing_noticed")
def test_a_forwarded_address_that_is_not_read_is_warned_of_once(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PROXY_COUNT = 0

    with caplog.at_level(logging.WARNING, "interviewer.proxy_hints"):
        for _ in range(3):
            client.get("/", headers={"X-Forwarded-For": "198.51.100.7"})

    assert [record.name for record in caplog.records] == ["interviewer.proxy_hints"]
    assert "PROXY_COUNT" in proxy_hints.hints()[0]


@pytest.mark.usefixtures("nothing_noticed")
def test_with_a_proxy_count_nothing_is_warned_of(settings: Settings) -> None:
    settings.PROXY_COUNT = 1
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "198.51.100.7"})

    proxy_hints.ProxyHintsMiddleware(lambda _request: None)(request)  # type: ignore[arg-type, return-value]

    assert proxy_hints.hints() == []


@pytest.mark.django_db
def test_a_round_of_the_loop_sends_mail_that_waits() -> None:
    queue_mail(template="password_reset", to=make_user(), site="http://localhost:8000")

    call_command("catch_up", stdout=io.StringIO())

    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_without_a_mail_server_mail_stands_where_an_operator_sees_it(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_BACKEND = "interviewer.console_mail.EmailBackend"
    queue_mail(template="password_reset", to=make_user(), site="http://localhost:8000")

    send_due_mail()

    out, err = capsys.readouterr()
    assert "/account/password/reset/" in err
    assert out == ""
