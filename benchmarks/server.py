"""Starts Daphne for a benchmark and reads what it used."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings


@dataclass(slots=True)
class Server:
    """A running Daphne."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Return the processor time that all its threads have used so far (see clock_getcpuclockid(3) on Linux)."""
        return time.clock_gettime((~self.pid << 3) | 2)

    def resident_bytes(self) -> int:
        """Return the memory that is in use, as Linux counts it."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def client(self, token: str) -> Client:
        return Client(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60), token)


@dataclass(slots=True)
class Client:
    """One keep-alive connection of one signed-in person."""

    connection: http.client.HTTPConnection
    token: str

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        self.connection.request("POST", path, json.dumps(body), headers)
        response = self.connection.getresponse()
        content = response.read()
        if response.status != http.client.OK:
            raise RuntimeError(f"{path} answered {response.status}: {content[:300]!r}")
        reply: dict[str, Any] = json.loads(content)
        return reply


@contextmanager
def daphne(**environment: str) -> Iterator[Server]:
    """Run Daphne on a free port of the loopback, and the loop that catches up beside it, as `make run` does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port)]
    process = start(
        [*command, "-v", "0", "--access-log", os.devnull, "benchmarks.asgi:application"],
        environment,
    )
    beside = start([sys.executable, "manage.py", "catch_up", "--loop"], environment)
    try:
        wait_for(port)
        yield Server(port, process.pid)
    finally:
        for one in (beside, process):
            one.terminate()
            one.wait()


def start(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        env={**os.environ, **environment},
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
    )


def wait_for(port: int, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"The server did not come up within {seconds} s.")
