"""A Redis and a PostgreSQL of a test's own, to be killed and started again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

READY_WITHIN = 20.0
REDIS = shutil.which("redis-server") or ""
POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def need(found: object, what: str) -> None:
    """Skip if a program is not installed, unless everything is required."""
    if not found:
        (pytest.fail if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip)(f"No {what} here.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"Nothing listens on {port}.")


def wait_for_postgres(port: int) -> None:
    """Wait until PostgreSQL is not only listening but up."""
    ready = [str(POSTGRES[-1] / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    end = time.monotonic() + READY_WITHIN
    while subprocess.run(ready, check=False).returncode:
        assert time.monotonic() < end
        time.sleep(0.05)


@dataclass
class Server:
    """A server process on a port of its own; what it stored outlives it only if it keeps files."""

    command: list[str]
    port: int
    folder: Path
    user: str | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, cwd=self.folder, user=self.user, stdout=-3, stderr=-3
        )
        wait_for(self.port)

    def stop(self, how: signal.Signals = signal.SIGKILL) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(READY_WITHIN)
            self.process = None

    def restart(self, how: signal.Signals = signal.SIGKILL, *, after: float = 0.0) -> None:
        self.stop(how)
        time.sleep(after)
        self.start()


@contextmanager
def own_redis(folder: Path) -> Iterator[Server]:
    """Run a Redis that forgets everything when it is killed."""
    need(REDIS, "redis-server")
    port = free_port()
    command = [
        REDIS,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
    ]
    yield from _running(Server(command, port, folder))


@contextmanager
def own_postgres() -> Iterator[Server]:
    """Run a PostgreSQL with an empty cluster; root hands it to the user `postgres`, as initdb asks for."""
    need(POSTGRES, "PostgreSQL")
    port, programs = free_port(), POSTGRES[-1]
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if user:
            shutil.chown(folder, user)
        yield from _running(_new_cluster(programs, port, folder, user))


def _new_cluster(programs: Path, port: int, folder: Path, user: str | None) -> Server:
    data = str(folder / "data")
    create = [str(programs / "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "--no-sync"]
    subprocess.run(create, cwd=folder, user=user, stdout=subprocess.DEVNULL, check=True)
    place = ["-h", "127.0.0.1", "-p", str(port), "-k", str(folder)]
    return Server([str(programs / "postgres"), "-D", data, *place], port, folder, user)


def _running(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.stop(signal.SIGINT)
