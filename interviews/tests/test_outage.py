"""Half an hour without a provider, replayed with a clock of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from ai.calling import Caller, MemoryStore
from ai.calling.caller import Clock
from ai.providers.gemini import Gemini
from ai.providers.language_model import LanguageModel
from interviews import services
from interviews.models import Answer, InterviewSession, Turn
from interviews.testing import answer, make_session, model_in_use
from lab.loopback.http import LoopbackModel, model_server
from lab.loopback.replies import good_reply

CANDIDATES, QUESTIONS = 6, 8
OUTAGE, ROUND = timedelta(minutes=30), timedelta(seconds=10)
SAID = "I would look at the query plan first and then add an index."


class SimulatedClock:
    """Wall clock and stopwatch in one; sleeping moves it."""

    def __init__(self) -> None:
        self.at = datetime(2030, 1, 7, 9, tzinfo=timezone.get_default_timezone())

    def now(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimulatedClock:
    simulated = SimulatedClock()
    monkeypatch.setattr(timezone, "now", simulated.now)
    return simulated


@pytest.fixture
def provider(clock: SimulatedClock) -> Iterator[LoopbackModel]:
    wire = LoopbackModel(answer=good_reply)
    with model_server(wire) as url:
        gemini = Gemini(model="gemini-main", api_key="key", endpoint=url)
        store = MemoryStore(clock.seconds)
        caller = Caller([gemini], store, clock=Clock(clock.seconds, clock.seconds, clock.sleep))
        with model_in_use(LanguageModel(caller, "gemini")):
            yield wire


@pytest.mark.django_db
@pytest.mark.usefixtures("bank")
def test_half_an_hour_without_a_provider_stops_nobody_and_loses_nothing(
    clock: SimulatedClock, provider: LoopbackModel
) -> None:
    sessions = [
        make_session(num_questions=QUESTIONS, follow_ups_per_question=0)
        for _candidate in range(CANDIDATES)
    ]
    provider.always = "503"
    waits = live_through(clock, sessions)
    recovered = clock.now()
    provider.always = None

    while Turn.objects.exclude(evaluation="scored").exists():
        clock.sleep(ROUND.total_seconds())
        services.catch_up()
        assert clock.now() - recovered <= timedelta(minutes=10)

    assert Answer.objects.count() == CANDIDATES * QUESTIONS
    assert Turn.objects.filter(evaluation="scored").count() == CANDIDATES * QUESTIONS
    assert InterviewSession.objects.filter(status="completed").count() == CANDIDATES
    assert sorted(waits)[int(len(waits) * 0.95)] <= 0.5


def live_through(clock: SimulatedClock, sessions: list[InterviewSession]) -> list[float]:
    """Let the outage pass: everybody answers now and then, the loop catches up; return what each waited, in seconds."""
    waits: list[float] = []
    begun, gap = clock.now(), OUTAGE / (CANDIDATES * QUESTIONS + 1)
    turns = [session for _question in range(QUESTIONS) for session in sessions]
    for number, session in enumerate(turns, start=1):
        while clock.now() < begun + number * gap:
            clock.sleep(ROUND.total_seconds())
            services.catch_up()
        waits.append(timed_answer(clock, session))
    while clock.now() < begun + OUTAGE:
        clock.sleep(ROUND.total_seconds())
        services.catch_up()
    return waits


def timed_answer(clock: SimulatedClock, session: InterviewSession) -> float:
    """Answer and return for how long the provider was waited for, in simulated seconds."""
    begun = clock.seconds()
    reply = answer(session, SAID).reply
    assert reply["status"] in {"active", "completed"}
    return clock.seconds() - begun
