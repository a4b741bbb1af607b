"""A provider that takes a second: nothing may queue behind it."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from benchmarks.people import ANSWER, start_session
from benchmarks.server import Client, Server, daphne

DELAY, RATE, SECONDS, BURST = 1.0, 40, 10, 200
BUSY = 0.6
Session = tuple[str, str]


def run(cpu_ms: float) -> list[tuple[str, str]]:
    """Return the rows: a steady stream and a burst of turns; `cpu_ms` is the processor time of one turn.

    The stream is the goal's 40 turns/s; where that is too much, another one keeps an interpreter busy for 60 % of the time.
    """
    bearable = min(RATE, max(1, round(BUSY * 1000 / cpu_ms)))
    rows = []
    with daphne(STUB_DELAY=str(DELAY)) as server:
        for rate in sorted({bearable, RATE}):
            rows += stream_rows(rate, stream(server, make_sessions(rate * SECONDS), rate))
        total = burst(server, make_sessions(BURST))
    goal = DELAY + 1.3 * BURST * cpu_ms / 1000
    name = f"{BURST} turns at once, provider takes 1 s (goal ≤ {goal:.1f} s = 1 s + 1.3 CPU each)"
    return [*rows, (name, f"{total:.1f} s")]


def stream_rows(rate: int, times: Sequence[float]) -> list[tuple[str, str]]:
    name = f"{rate} turns/s for {SECONDS} s, provider takes 1 s"
    return [
        (
            f"{name}: p50, p95 (goal ≤ 1.25 s)",
            f"{percentile(times, 50):.2f} s, {percentile(times, 95):.2f} s",
        )
    ]


def make_sessions(count: int) -> list[Session]:
    return [start_session() for _session in range(count)]


def percentile(figures: Sequence[float], percent: int) -> float:
    """Return the nearest-rank percentile."""
    ranked = sorted(figures)
    return ranked[min(len(ranked) - 1, len(ranked) * percent // 100)]


def take(client: Client, token: str) -> float:
    """Answer the first question; return the seconds it took."""
    begun = time.perf_counter()
    body = {"session_token": token, "turn": 1, "response_text": ANSWER}
    client.post("/api/interviews/session/submit", body)
    return time.perf_counter() - begun


def stream(server: Server, sessions: Sequence[Session], rate: int) -> list[float]:
    """Send one turn every 1/`rate` s, whether or not earlier ones are done (an open loop)."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(len(sessions)) as pool:
        futures = []
        for number, (access, token) in enumerate(sessions):
            time.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            futures.append(pool.submit(take, server.client(access), token))
        return [future.result() for future in futures]


def burst(server: Server, sessions: Sequence[Session]) -> float:
    """Send all turns at the same moment; return the seconds until the last is answered."""
    gate = threading.Barrier(len(sessions) + 1)

    def send(session: Session) -> None:
        access, token = session
        client = server.client(access)
        client.connection.connect()
        gate.wait()
        take(client, token)

    with ThreadPoolExecutor(len(sessions)) as pool:
        futures = [pool.submit(send, session) for session in sessions]
        gate.wait()
        begun = time.perf_counter()
        for future in futures:
            future.result()
        return time.perf_counter() - begun
