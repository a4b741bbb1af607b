"""The live room: turns over sockets while a provider takes a second, and thousands of sockets that only wait."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from accounts.models import User
from benchmarks.people import ANSWER, start_candidate
from benchmarks.server import Server, daphne
from benchmarks.slow_provider import percentile
from interviews.live.places import MOST_SOCKETS

DELAY, RATE, SECONDS, BURST = 1.0, 40, 10, 200
IDLE, AT_ONCE, STAY = 5000, 25, 40
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody's session and the cookie of their browser."""

    token: str
    cookie: str


@dataclass(slots=True)
class Times:
    """Seconds from "send" until an answer is safe, until the next question, and until its rating."""

    saved: float = 0.0
    question: float = 0.0
    rated: float = 0.0


def run() -> list[tuple[str, str]]:
    return asyncio.run(run_all())


async def run_all() -> list[tuple[str, str]]:
    rows = []
    with daphne(STUB_DELAY=str(DELAY), SPEECH_PROVIDER="none") as server:
        rows += await one_by_one(server)
        rows += await steady(server)
        rows += await burst(server)
    with daphne(SPEECH_PROVIDER="none") as server:
        rows += await waiting(server)
    return rows


async def visits(count: int, *, follow_ups: int = 0) -> list[Visit]:
    return await asyncio.to_thread(lambda: [visit(follow_ups) for _number in range(count)])


def visit(follow_ups: int) -> Visit:
    session = start_candidate(follow_ups=follow_ups)
    return Visit(session.token, cookie_of(session.candidate))


def cookie_of(user: User) -> str:
    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return f"sessionid={store.session_key}"


def open_room(server: Server, visit: Visit) -> Any:
    place = f"127.0.0.1:{server.port}"
    return connect(
        f"ws://{place}/ws/interviews/{visit.token}/",
        origin=Origin(f"http://{place}"),
        additional_headers={"Cookie": visit.cookie},
        ping_interval=None,
        open_timeout=120,
        compression=None,
    )


async def hear(socket: ClientConnection, kind: str) -> None:
    while True:
        event = json.loads(await socket.recv())
        if event["type"] == "error":
            raise RuntimeError(event["detail"])
        if event["type"] == kind:
            return


async def take(socket: ClientConnection, *, text: str = ANSWER, turn: int = 1) -> Times:
    """Answer a question, and note when each thing came."""
    times, begun = Times(), time.perf_counter()
    message = {"type": "answer", "turn": turn, "key": f"k{turn}", "text": text}
    await socket.send(json.dumps(message))
    while not (times.question and times.rated):
        event, now = json.loads(await socket.recv()), time.perf_counter() - begun
        if event["type"] == "error":
            raise RuntimeError(event["detail"])
        if event["type"] == "ack":
            times.saved = now
        elif event["type"] == "question":
            times.question = now
        elif event["type"] == "evaluation":
            times.rated = now
    return times


async def one_by_one(server: Server) -> list[tuple[str, str]]:
    """Time single turns in an idle house, and what they cost."""
    planned, follow_up = [], []
    before = 0.0
    for _number in range(12):
        first, second = await visits(1), await visits(1, follow_ups=1)
        async with open_room(server, first[0]) as socket:
            await hear(socket, "state")
            planned.append((await take(socket)).question)
        async with open_room(server, second[0]) as socket:
            await hear(socket, "state")
            follow_up.append((await take(socket, text="k1 only")).question)
    visit = (await visits(1))[0]
    async with open_room(server, visit) as socket:
        await hear(socket, "state")
        await take(socket)
        before = server.cpu_seconds()
        for turn in range(2, 12):
            await take(socket, turn=turn)
        cpu = 100 * (server.cpu_seconds() - before)
    return [
        (
            "socket: from send to next question, provider takes 1 s, no follow-up possible (goal ≤ 150 ms)",
            f"{1000 * median(planned):.0f} ms",
        ),
        (
            "socket: from send to the follow-up, provider takes 1 s",
            f"{1000 * median(follow_up):.0f} ms",
        ),
        ("socket: CPU of a turn", f"{cpu:.1f} ms"),
    ]


async def answer_all(server: Server, people: Sequence[Visit], rate: float) -> list[Times]:
    """Open all rooms, then answer one every 1/`rate` s whether or not earlier ones are done; at once where it is 0."""
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(open_room(server, one)) for one in people]
        for socket in sockets:
            await hear(socket, "state")
        tasks, begun = [], time.perf_counter()
        for number, socket in enumerate(sockets):
            if rate:
                await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            tasks.append(asyncio.create_task(take(socket)))
        return list(await asyncio.gather(*tasks))


async def steady(server: Server) -> list[tuple[str, str]]:
    times = await answer_all(server, await visits(RATE * SECONDS), RATE)
    name = f"sockets: {RATE} turns/s for {SECONDS} s, provider takes 1 s"
    question, rated = [t.question for t in times], [t.rated for t in times]
    return [
        (f"{name}: next question p50, p95 (goal ≤ 1.25 s)", spread(question)),
        (f"{name}: rating p50, p95", spread(rated)),
    ]


def spread(figures: Sequence[float]) -> str:
    return f"{percentile(figures, 50):.2f} s, {percentile(figures, 95):.2f} s"


async def burst(server: Server) -> list[tuple[str, str]]:
    people = await visits(BURST)
    before = server.cpu_seconds()
    times = await answer_all(server, people, 0)
    cpu = server.cpu_seconds() - before
    goal = DELAY + 1.3 * cpu
    name = f"sockets: {BURST} turns at once, provider takes 1 s: next question, rating of the last (goal ≤ {goal:.1f} s)"
    last = max(t.question for t in times), max(t.rated for t in times)
    return [(name, f"{last[0]:.1f} s, {last[1]:.1f} s")]


async def waiting(server: Server) -> list[tuple[str, str]]:
    """Open thousands of sockets that only ping; return memory for each, and how many stayed."""
    people = await visits(IDLE // MOST_SOCKETS)
    memory, gate = server.resident_bytes(), asyncio.Semaphore(AT_ONCE)
    begun = time.perf_counter()

    sockets: list[ClientConnection] = []

    async def enter(visit: Visit) -> None:
        async with gate:
            socket: ClientConnection = await open_room(server, visit)
            await hear(socket, "state")
            sockets.append(socket)

    beat = asyncio.create_task(keep_alive(sockets))
    await asyncio.gather(*(enter(people[n % len(people)]) for n in range(IDLE)))
    opened = time.perf_counter() - begun
    each = (server.resident_bytes() - memory) / IDLE / 1024
    before = server.cpu_seconds()
    await asyncio.sleep(STAY)
    cpu = (server.cpu_seconds() - before) / STAY
    beat.cancel()
    alive = sum([await answers(socket) for socket in sockets])
    return [
        (f"{IDLE:,} idle sockets: memory each (goal ≤ 40 KB)", f"{each:.0f} KB"),
        (f"{IDLE:,} idle sockets: still open after {STAY} s", f"{alive:,}"),
        (
            f"{IDLE:,} idle sockets: opened in, and one core's share while idle",
            f"{opened:.0f} s, {cpu:.0%}",
        ),
    ]


async def keep_alive(sockets: list[ClientConnection]) -> None:
    """Ping as the page does, every 25 s."""
    while True:
        await asyncio.sleep(25)
        for socket in list(sockets):
            await socket.send('{"type": "ping"}')


async def answers(socket: ClientConnection) -> bool:
    """Tell whether the server still answers on a socket."""
    try:
        await socket.send('{"type": "ping"}')
        await hear(socket, "pong")
    except ConnectionClosed:
        return False
    return True
