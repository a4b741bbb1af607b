"""A provider that takes a second: nothing may queue behind it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from benchmarks.model_process import model_process
from benchmarks.people import ANSWER, start_session
from benchmarks.server import Client, Server, daphne

DELAY, RATE, SECONDS, BURST = 1.0, 40, 10, 200
Session = tuple[str, str]


def run() -> list[tuple[str, str]]:
    """Return the rows: a steady stream of turns with the model inside and over the real SDK, and a burst."""
    with daphne(STUB_DELAY=str(DELAY)) as server:
        rows = stream_rows(
            "model inside", 1.25, stream(server, make_sessions(RATE * SECONDS), RATE)
        )
        rows += burst_rows(server, make_sessions(BURST))
    with model_process(DELAY) as environment, daphne(**environment) as server:
        stream(server, make_sessions(RATE), RATE)
        times = stream(server, make_sessions(RATE * SECONDS), RATE)
        return [*rows, *stream_rows("model over google-genai", 1.5, times)]


def burst_rows(server: Server, sessions: Sequence[Session]) -> list[tuple[str, str]]:
    before = server.cpu_seconds()
    total = burst(server, sessions)
    goal = DELAY + 1.3 * (server.cpu_seconds() - before)
    name = f"{BURST} turns at once, provider takes 1 s (goal ≤ {goal:.1f} s = 1 s + 1.3 times their CPU)"
    return [(name, f"{total:.1f} s")]


def stream_rows(kind: str, goal: float, times: Sequence[float]) -> list[tuple[str, str]]:
    load = os.getloadavg()[0]
    name = f"{RATE} turns/s for {SECONDS} s, provider takes 1 s, {kind}"
    figures = f"{percentile(times, 50):.2f} s, {percentile(times, 95):.2f} s"
    return [(f"{name}: p50, p95 (goal ≤ {goal} s; load {load:.1f})", figures)]


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
