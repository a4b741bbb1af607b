"""The server keeps its loop alive, and takes it along when it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from interviewer.supervisor import KeptProcess

PATIENCE = 60.0


def wait_until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "This never came to be."
        time.sleep(0.05)


def children_of(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in found for child in path.read_text().split()]


def is_alive(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_a_helper_that_ends_is_started_again_until_it_is_stopped() -> None:
    with KeptProcess([sys.executable, "-c", "raise SystemExit(3)"], shortest_pause=0.01) as kept:
        wait_until(lambda: kept.starts >= 3)

    assert not kept._thread.is_alive()


def test_a_helper_that_cannot_be_started_is_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with KeptProcess(["/nowhere/at/all"], shortest_pause=0.01) as kept:
        wait_until(lambda: kept.starts >= 2)

    assert "could not be started (FileNotFoundError)" in caplog.text


def test_a_helper_that_runs_is_stopped_with_the_server() -> None:
    with KeptProcess([sys.executable, "-c", "import time; time.sleep(600)"]) as kept:
        wait_until(lambda: kept._process)
        process = kept._process

    assert process is not None
    assert process.returncode == -signal.SIGTERM
    assert kept.starts == 1


@pytest.fixture
def server(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    own = {"VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
    environment = {**os.environ, **own, "PORT": port, "SPEECH_PROVIDER": "none", "DEBUG": "1"}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    yield process
    process.kill()
    process.communicate()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")
def test_the_loop_is_restarted_and_ends_with_its_server(server: subprocess.Popen[bytes]) -> None:
    wait_until(lambda: children_of(server.pid))
    (loop,) = children_of(server.pid)

    os.kill(loop, signal.SIGKILL)
    wait_until(lambda: set(children_of(server.pid)) - {loop})
    (again,) = children_of(server.pid)
    server.kill()
    server.wait()

    wait_until(lambda: not is_alive(again))


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")
def test_a_server_that_is_asked_to_end_takes_its_loop_along(
    server: subprocess.Popen[bytes],
) -> None:
    assert server.stdout is not None
    assert b"http://" in server.stdout.readline()
    wait_until(lambda: children_of(server.pid))
    (loop,) = children_of(server.pid)

    server.terminate()

    server.wait(PATIENCE)
    wait_until(lambda: not is_alive(loop))
