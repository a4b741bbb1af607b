"""What pages cost with a million turns behind them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from itertools import islice
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.testing import PASSWORD, make_user
from ai.testing import StubModel
from interviews.models import (
    Answer,
    BankQuestion,
    Interview,
    InterviewSession,
    Question,
    Rating,
    Turn,
)
from interviews.testing import answer, make_bank, make_screening, make_session, model_in_use

TURNS = int(os.environ.get("BENCH_TURNS", "1000000"))
PER_SESSION, REPEATS, BATCH = 20, 15, 5000


def run() -> list[tuple[str, str]]:
    """Return the rows: queries, median and p95 of the pages that people wait for."""
    root = User.objects.create_superuser("bench@example.org", PASSWORD, full_name="Bench")
    with model_in_use(StubModel()):
        token, screening = fill(root)
        web = Client(SERVER_NAME="localhost")
        web.force_login(root)
        pages = {
            "dashboard": reverse("dashboard"),
            "history": reverse("history"),
            "results": reverse("results", args=[token]),
            "screening": reverse("screening", args=[screening.pk]),
            "admin sessions": reverse("admin:interviews_interviewsession_changelist"),
            "admin interviews": reverse("admin:interviews_interview_changelist"),
        }
        rows = [(f"{name}, {TURNS:,} turns", measure(web, url)) for name, url in pages.items()]
        return [*rows, ("one catch-up round with nothing to do", catching_up())]


def fill(root: User) -> tuple[str, Interview]:
    """Make one screening interview with TURNS turns in all; return a practice session's token and the interview."""
    if not BankQuestion.objects.exists():
        make_bank(PER_SESSION)
    practice = make_session(root, num_questions=10, follow_ups_per_question=0)
    while practice.turns.open().exists():
        answer(practice)
    interview = make_screening(root, make_user(), num_questions=PER_SESSION).interview
    questions = list(interview.questions.all())
    for start in range(0, TURNS // PER_SESSION, BATCH):
        fill_batch(interview, questions, start)
    return practice.token, interview


def fill_batch(interview: Interview, questions: list[Question], start: int) -> None:
    count = min(BATCH, TURNS // PER_SESSION - start)
    now = timezone.now()
    people = User.objects.bulk_create(
        User(email=f"c{start + n}@example.org", full_name=f"Candidate {start + n}")
        for n in range(count)
    )
    sessions = InterviewSession.objects.bulk_create(
        InterviewSession(
            interview=interview,
            candidate=person,
            status="completed",
            started_at=now,
            finished_at=now,
        )
        for person in people
    )
    turns = Turn.objects.bulk_create(finished_turns(sessions, questions), batch_size=BATCH)
    for chunk in chunks(turns):
        Answer.objects.bulk_create(
            Answer(turn=t, session_id=t.session_id, key=str(t.number), text="k1", sha256="0" * 64)
            for t in chunk
        )
        Rating.objects.bulk_create(Rating(turn=t, criterion="Bench", score=4) for t in chunk)


def finished_turns(sessions: list[InterviewSession], questions: list[Question]) -> Iterator[Turn]:
    for session in sessions:
        for question in questions:
            yield Turn(
                session=session,
                question=question,
                number=question.number,
                text=question.text,
                flow="closed",
                evaluation="scored",
            )


def chunks(turns: list[Turn]) -> Iterator[list[Turn]]:
    rest = iter(turns)
    while chunk := list(islice(rest, BATCH)):
        yield chunk


def timed(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def measure(web: Client, url: str) -> str:
    """Return queries, median and p95 in milliseconds of one page."""
    statements: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        assert web.get(url).status_code == 200
    times = sorted(timed(lambda: web.get(url)) for _repeat in range(REPEATS))
    return f"{len(statements)} queries, {median(times):.0f} ms, p95 {times[-1]:.0f} ms"


def catching_up() -> str:
    from interviews import services  # noqa: PLC0415 - as late as its settings

    return f"{timed(services.catch_up):.0f} ms"
