"""Keeps what language models and speech in the cloud cost under the caps of an interview and of a day."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings

from ai.calling import Meter, metered
from interviews.models import InterviewSession, Spending
from interviews.services.shared import shared_cache

logger = logging.getLogger(__name__)
INTERVIEW_SPENT = (
    "The cost cap of one interview is reached. The rating waits until an operator raises it."
)
DAY_SPENT = "The cost cap of this day is reached. The rating waits until tomorrow."
SPENT_KEY, SPENT_SECONDS = "ai:budget_spent", 3_600


@dataclass(slots=True)
class Bill:
    """What a piece of work has cost so far. `is_written` means that it stands in the database for good."""

    session: InterviewSession | None = None
    meter: Meter = field(default_factory=Meter)
    is_written: bool = False

    def write_down(self) -> None:
        if not self.is_written:
            record_spending(self.meter, self.session)


@contextmanager
def metered_work(session: InterviewSession | None = None) -> Iterator[Bill]:
    """Count what is spent inside on a session, stop models at the caps, and write it down, unless that is done inside.

    Models are priced per million tokens in and out. Speech is priced per minute of sound, by the first figure of the entry
    `google-speech` of `AI_PRICES`; it counts toward the caps and is never refused. What is free costs no query.
    """
    if not costs_money():
        yield Bill()
        return
    bill = Bill(session, open_meter(session))
    try:
        with metered(bill.meter):
            yield bill
    finally:
        bill.write_down()


def costs_money() -> bool:
    """Tell whether anything here is paid for by use."""
    return settings.AI.costs_money or settings.SPEECH_PROVIDER == "google"


def open_meter(session: InterviewSession | None = None) -> Meter:
    """Return a meter that holds what may still be spent."""
    left, reason = min(_left(session), default=(None, ""), key=lambda pair: pair[0])
    return Meter(settings.AI.prices, left_micros=left, reason=reason or DAY_SPENT)


def _left(session: InterviewSession | None) -> list[tuple[int, str]]:
    """Return what each cap that is set leaves, with what to say once nothing is left."""
    ai = settings.AI
    caps: list[tuple[int, str]] = []
    if ai.cap_per_interview is not None and session is not None:
        spent = Spending.objects.of_session(session.pk).micros()
        caps.append((ai.cap_per_interview - spent, INTERVIEW_SPENT))
    if ai.cap_per_day is not None:
        caps.append((ai.cap_per_day - Spending.objects.today().micros(), DAY_SPENT))
    return caps


def record_spending(meter: Meter, session: InterviewSession | None = None) -> None:
    """Write down what a piece of work has used, and tell the operator where it met a cap."""
    if meter.was_refused:
        logger.error("Ratings wait: %s", meter.reason)
        shared_cache.set(SPENT_KEY, meter.reason, SPENT_SECONDS)
    if meter.calls:
        Spending.objects.create(
            session=session,
            calls=meter.calls,
            input_tokens=meter.input_tokens,
            output_tokens=meter.output_tokens,
            micros=meter.micros,
        )


def budget_state() -> str:
    """Return "ok", or which cap was met within the last hour."""
    return str(shared_cache.get(SPENT_KEY) or "ok")
