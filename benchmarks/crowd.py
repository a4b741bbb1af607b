"""A hiring day: 300 candidates sign up, start and answer at the same moment, on the default (`serve`, SQLite, the embedded engine)."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

from django.core.management import call_command
from websockets.asyncio.client import connect

from benchmarks.server import Server, start, wait_for

CANDIDATES, QUESTIONS, EVERY = 300, 2, 10
PEAK, LATER, MB = 400, 250, 1024 * 1024
QUIET_SECONDS = 60
TIMEOUT = 300
ANSWER = (
    "I looked at the dashboards first, saw that the queue was growing, and told the customers. Then I read the logs of the "
    "workers, found the lock that a migration held, stopped it, and wrote down what had happened so that it stays away."
)


@dataclass(slots=True)
class Seen:
    """What the crowd met: every reply that is no success, the slowest one, and the most memory of the server."""

    replies: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    peak: int = 0

    def note(self, name: str, status: str, seconds: float) -> None:
        self.replies[name] += 1
        self.slowest = max(self.slowest, seconds)
        if not status.startswith("2"):
            self.errors[f"{name}: {status}"] += 1


def run(candidates: int = CANDIDATES, quiet: float = QUIET_SECONDS) -> list[tuple[str, str]]:
    """Return the rows: errors, and the server's memory at most and a minute later."""
    seen = Seen()
    call_command("load_bank", verbosity=0)
    with product() as server:
        before = server.resident_bytes()
        begun = time.perf_counter()
        crowd(server, candidates, seen)
        took = time.perf_counter() - begun
        seen.peak = peak_bytes(server.pid)
        time.sleep(quiet)
        busy = server.cpu_seconds()
        time.sleep(min(quiet, 10))
        idle = (server.cpu_seconds() - busy) / max(min(quiet, 10), 0.1)
        later = server.resident_bytes()
    total, wrong = sum(seen.replies.values()), sum(seen.errors.values())
    told = ", ".join(f"{count} x {what}" for what, count in seen.errors.most_common(5))
    name = f"{candidates} candidates at once"
    load = os.getloadavg()[0]
    return [
        (f"{name}: errors of {total} replies (goal: 0)", f"{wrong} {told}".strip()),
        (
            f"{name}: all done, slowest reply (load {load:.1f})",
            f"{took:.0f} s, {seen.slowest:.1f} s",
        ),
        (
            f"{name}: memory before, at most (goal ≤ {PEAK} MB)",
            f"{before // MB}, {seen.peak // MB} MB",
        ),
        (f"{name}: memory {quiet:.0f} s later (goal ≤ {LATER} MB)", f"{later // MB} MB"),
        ("processor time of the idle server afterwards (goal ≤ 1 %)", f"{100 * idle:.1f} %"),
    ]


@contextmanager
def product() -> Iterator[Server]:
    """Run `manage.py serve` on a free port, as `make run` does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "DJANGO_SETTINGS_MODULE": "interviewer.settings",
        "PORT": str(port),
        "SPEECH_PROVIDER": "none",
        "REGISTER_RATE": "100000/hour",
    }
    process = start([sys.executable, "manage.py", "serve"], settings)
    try:
        wait_for(port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait()


def peak_bytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def crowd(server: Server, count: int, seen: Seen) -> None:
    """Let so many candidates go through an interview, each with a thread and a connection of their own."""
    gate = Barrier(count)
    people = [Person(server, number, seen, gate) for number in range(count)]
    threads = [Thread(target=person.go, daemon=True) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(TIMEOUT)


@dataclass(slots=True)
class Person:
    """One candidate; every tenth answers the last question over the socket."""

    server: Server
    number: int
    seen: Seen
    gate: Barrier
    access: str = ""

    def go(self) -> None:
        self.gate.wait()
        try:
            self.take_part()
        except (OSError, http.client.HTTPException, KeyError, TypeError) as error:
            self.seen.errors[f"gave up: {type(error).__name__}"] += 1

    def take_part(self) -> None:
        email, password = f"crowd-{self.number}@example.org", "correct-horse-battery"
        form = {"email": email, "password": password, "full_name": f"Person {self.number}"}
        self.access = self.post("register", "auth/register", form)["access"]
        login = self.post("login", "auth/login", {"email": email, "password": password})
        self.access = login["access"]
        interview = {
            "position": "Backend developer",
            "interview_type": "technical",
            "num_questions": QUESTIONS,
            "follow_ups_per_question": 0,
        }
        made = self.post("interview", "interviews", interview)
        started = self.post("start", f"interviews/{made['id']}/start", {})
        token, question = started["session_token"], started["question"]
        while question:
            if question["turn"] == QUESTIONS and self.number % EVERY == 0:
                self.answer_over_socket(token, question["turn"])
                return
            answer = {"session_token": token, "turn": question["turn"], "response_text": ANSWER}
            question = self.post("submit", "interviews/session/submit", answer)["next_question"]

    def post(self, name: str, path: str, body: dict[str, Any]) -> Any:
        """Post until there is a result: 202 asks to come again."""
        while True:
            status, reply, wait = self.send(name, path, body)
            if status != http.client.ACCEPTED:
                return reply
            time.sleep(wait)

    def send(self, name: str, path: str, body: dict[str, Any]) -> tuple[int, Any, float]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=TIMEOUT)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": f"{name}-{body.get('turn', 0)}",
        }
        if self.access:
            headers["Authorization"] = f"Bearer {self.access}"
        begun = time.perf_counter()
        connection.request("POST", f"/api/{path}", json.dumps(body), headers)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        self.seen.note(name, str(response.status), time.perf_counter() - begun)
        return response.status, json.loads(content), float(response.headers.get("Retry-After", 1))

    def answer_over_socket(self, token: str, turn: int) -> None:
        ticket = self.post("ticket", "auth/ws-ticket", {"session_token": token})["ticket"]
        begun = time.perf_counter()
        status = asyncio.run(self.talk(token, turn, ticket))
        self.seen.note("socket", status, time.perf_counter() - begun)

    async def talk(self, token: str, turn: int, ticket: str) -> str:
        """Answer, and stay until the interview is completed; return 200 or what went wrong."""
        url = f"ws://127.0.0.1:{self.server.port}/ws/interviews/{token}/"
        async with connect(url, open_timeout=TIMEOUT, ping_interval=None) as room:
            await room.send(json.dumps({"type": "auth", "ticket": ticket}))
            answer = {"type": "answer", "turn": turn, "key": f"key-{turn}", "text": ANSWER}
            async for message in room:
                event = json.loads(message)
                is_asked_again = event["type"] == "error" and event["retryable"]
                if event["type"] == "state" or is_asked_again:
                    await asyncio.sleep(is_asked_again)
                    await room.send(json.dumps(answer))
                elif event["type"] == "error":
                    return str(event["code"])
                if event["type"] == "completed":
                    return "200"
        return "closed"
