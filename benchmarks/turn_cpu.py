"""CPU per turn on Daphne: our whole path against a bare DRF endpoint that makes the same writes."""

from __future__ import annotations

from statistics import fmean, median

from benchmarks.people import ANSWER, QUESTIONS, start_session
from benchmarks.server import Server, daphne

URLS = ("/api/interviews/session/submit", "/bare/")
ROUNDS = 8


def run() -> tuple[list[tuple[str, str]], float]:
    """Return the rows (milliseconds of processor time per turn, and their ratio), and our own figure."""
    with daphne() as server:
        session_pair(server)
        rounds = [session_pair(server) for _round in range(ROUNDS)]
    ours, bare = (median(figures) for figures in zip(*rounds, strict=True))
    ratio = median(a / b for a, b in rounds)
    rows = [
        ("CPU of a turn, ours (goal ≤ 12 ms)", f"{ours:.1f} ms"),
        ("CPU of a turn, bare DRF with the same writes", f"{bare:.1f} ms"),
        ("ratio (goal ≤ 1.6)", f"{ratio:.2f}"),
    ]
    return rows, ours


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
