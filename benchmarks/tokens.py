"""Tokens of whole interviews of ten questions, over the real SDK and a server on this machine.

Answers are the bank's reference answers, about 120 words each. The server counts a token per four characters of what it
gets (instructions, data and the reply's schema) and of what it sends: near to what providers count for English, not equal.
One of the answers has a sentence that reads as if spoken to the rater, so that it is rated with and without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import combinations
from statistics import median
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db.models import F, Sum

from accounts.testing import make_user
from benchmarks.talkative import Talkative
from interviews import services
from interviews.models import BankQuestion, InterviewSession, Spending
from interviews.services.engine import ai_service
from interviews.services.lookups import fresh
from interviews.services.summaries import describe
from interviews.testing import answer, make_screening, make_session
from lab.loopback.http import LoopbackModel, model_server

QUESTIONS, GOAL, FOLLOW_UP_WORDS = 10, 25_000, 50
POSITION, STUB = "software-engineer", "bank-"
JOB = (
    "We look for an engineer who looks after the services of our web shop, talks with the people who use them, and "
    "writes code that colleagues like to read. You work in a team of six and share the duty to be on call."
)


@dataclass(slots=True)
class Used:
    """The tokens of one interview: of its plan, of each turn, and of the words about its result."""

    plan: int = 0
    turns: list[int] = field(default_factory=list)
    summary: int = 0

    @property
    def total(self) -> int:
        return self.plan + sum(self.turns) + self.summary


def run() -> list[tuple[str, str]]:
    """Return the rows: practice and screening, without follow-ups and with one to each question."""
    call_command("load_bank", verbosity=0)
    shipped = BankQuestion.objects.exclude(slug__startswith=STUB)
    bank = list(shipped.filter(position=POSITION, question_type="technical"))
    with counting_model(bank[:QUESTIONS]):
        return [
            row
            for follow_ups in (0, 1)
            for mode in ("practice", "screening")
            for row in rows(mode, follow_ups, interview(mode, follow_ups))
        ]


def rows(mode: str, follow_ups: int, used: Used) -> list[tuple[str, str]]:
    name = f"tokens, {mode}, {QUESTIONS} questions"
    name += ", each with a follow-up" if follow_ups else ""
    parts = f"plan {used.plan:,}, ratings {sum(used.turns):,}, summary {used.summary:,}"
    return [
        (f"{name}: by turn", " ".join(map(str, used.turns))),
        (
            f"{name}: more per turn than in the one before (goal: about 0)",
            f"{trend(used.turns):+.1f}",
        ),
        (f"{name}: in all (goal ≤ {GOAL:,})", f"{used.total:,} = {parts}"),
    ]


def trend(turns: Sequence[int]) -> float:
    """Return the median slope between two turns, which one answer that is rated twice does not move."""
    pairs = combinations(enumerate(turns), 2)
    return median((later - first) / (at - begun) for (begun, first), (at, later) in pairs)


@contextmanager
def counting_model(bank: list[BankQuestion]) -> Iterator[None]:
    """Let the services work with Gemini's SDK against a server that counts."""
    model, before = LoopbackModel(answer=Talkative(bank), counts=True), settings.AI
    with model_server(model) as url:
        settings.AI = replace(
            before, provider="gemini", model="gemini-main", api_key="key", endpoint=url
        )
        ai_service.cache_clear()
        yield
    settings.AI = before
    ai_service.cache_clear()


def interview(mode: str, follow_ups: int) -> Used:
    """Take part in one interview to its end; every number is what the product wrote down as spent."""
    caches["shared"].clear()
    used = Used()
    before = spent()
    session = begin(mode, follow_ups)
    used.plan = spent() - before
    while not session.is_over:
        before = spent()
        answer(session, words_for(session))
        used.turns.append(spent() - before)
        session = fresh(session).session
    before = spent()
    describe(session)
    used.summary = spent() - before
    return used


def begin(mode: str, follow_ups: int) -> InterviewSession:
    fields: dict[str, Any] = {
        "num_questions": QUESTIONS,
        "follow_ups_per_question": follow_ups,
        "job_description": JOB,
    }
    if mode == "practice":
        return make_session(**fields)
    candidate = make_user()
    session = make_screening(make_user(staff=True), candidate, **fields)
    return services.start_interview(interview=session.interview, user=candidate).session


def words_for(session: InterviewSession) -> str:
    """Return the reference answer to what is asked, or its end where that is a follow-up."""
    turn = session.turns.open().get()
    words = BankQuestion.objects.get(text=turn.question.text).reference_answer.split()
    return " ".join(words[-FOLLOW_UP_WORDS:] if turn.is_follow_up else words)


def spent() -> int:
    total = Spending.objects.aggregate(total=Sum(F("input_tokens") + F("output_tokens")))["total"]
    return total or 0
