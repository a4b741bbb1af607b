"""CPU per turn on Daphne: our whole path against a bare DRF endpoint that makes the same writes."""

from __future__ import annotations

import os
from statistics import fmean, median

from benchmarks.model_process import model_process
from benchmarks.people import ANSWER, QUESTIONS, start_session
from benchmarks.server import Server, daphne

URLS = ("/api/interviews/session/submit", "/bare/")
ROUNDS = 8


def run() -> list[tuple[str, str]]:
    """Return the rows: milliseconds of processor time per turn, and their ratio."""
    rows = measured("model inside", goal="goal ≤ 1.6")
    with model_process() as environment:
        return rows + measured("model over google-genai", goal="goal ≤ 2.0", **environment)


def measured(name: str, *, goal: str, **environment: str) -> list[tuple[str, str]]:
    with daphne(**environment) as server:
        session_pair(server)
        rounds = [session_pair(server) for _round in range(ROUNDS)]
    ours, bare = (median(figures) for figures in zip(*rounds, strict=True))
    ratio = median(a / b for a, b in rounds)
    load = os.getloadavg()[0]
    return [
        (f"CPU of a turn, {name}", f"{ours:.1f} ms"),
        (f"CPU of a turn, bare DRF with the same writes, beside “{name}”", f"{bare:.1f} ms"),
        (f"ratio, {name} ({goal}; load {load:.1f})", f"{ratio:.2f}"),
    ]


def session_pair(server: Server) -> tuple[float, float]:
    """Answer two new sessions, one on either path, turn by turn; return the milliseconds per turn of both."""
    paths = [Path(server, url) for url in URLS]
    for turn in range(1, QUESTIONS):
        for path in paths:
            path.answer(turn)
    return paths[0].mean(), paths[1].mean()


class Path:
    """One way to answer, with a new session and what its turns have cost so far."""

    def __init__(self, server: Server, url: str) -> None:
        access, self.token = start_session()
        self.server, self.url, self.client = server, url, server.client(access)
        self.costs: list[float] = []

    def answer(self, turn: int) -> None:
        before = self.server.cpu_seconds()
        body = {"session_token": self.token, "turn": turn, "response_text": ANSWER}
        self.client.post(self.url, body)
        self.costs.append(self.server.cpu_seconds() - before)

    def mean(self) -> float:
        return 1000 * fmean(self.costs)
