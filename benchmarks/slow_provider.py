"""A provider that takes a second: nothing may queue behind it."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from benchmarks.people import ANSWER, start_session
from benchmarks.server import Client, Server, daphne

DELAY, RATE, SECONDS, BURST = 1.0, 40, 10, 200
Session = tuple[str, str]


def run(cpu_ms: float) -> list[tuple[str, str]]:
    """Return the rows: a steady stream and a burst of turns; `cpu_ms` is the processor time of one turn."""
    with daphne(STUB_DELAY=str(DELAY)) as server:
        sessions = make_sessions(RATE * SECONDS + BURST)
        steady = stream(server, sessions[: RATE * SECONDS])
        total = burst(server, sessions[RATE * SECONDS :])
    goal = DELAY + 1.3 * BURST * cpu_ms / 1000
    return [
        (
            f"{RATE} turns/s for {SECONDS} s, provider takes 1 s: p50",
            f"{percentile(steady, 50):.2f} s",
        ),
        (
            f"{RATE} turns/s for {SECONDS} s, provider takes 1 s: p95 (goal ≤ 1.25 s)",
            f"{percentile(steady, 95):.2f} s",
        ),
        (f"{BURST} turns at once, provider takes 1 s (goal ≤ {goal:.2f} s)", f"{total:.2f} s"),
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


def stream(server: Server, sessions: Sequence[Session]) -> list[float]:
    """Send one turn every 1/RATE s, whether or not earlier ones are done (an open loop)."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(RATE * 4) as pool:
        futures = []
        for number, (access, token) in enumerate(sessions):
            time.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
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
