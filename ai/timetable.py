"""Says what to practise on which day until an interview: weak questions come back, new ones fill up the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

RETURNS_AFTER = tuple(timedelta(days=days) for days in (1, 3, 7))
QUESTIONS_A_DAY = 3


@dataclass(frozen=True, slots=True)
class Attempt:
    """That a question was answered on a day; `has_gaps` if the answer is known to leave points unsaid."""

    question: str
    on: date
    has_gaps: bool


@dataclass(frozen=True, slots=True)
class Day:
    """What a day holds: questions that come back, how many new ones, and how many were answered already."""

    returning: tuple[str, ...] = ()
    new: int = 0
    done: int = 0

    @property
    def left(self) -> int:
        """How many questions are still to be answered, 0 to 3."""
        return len(self.returning) + self.new


def next_returns(attempts: Iterable[Attempt]) -> dict[str, date]:
    """Return the day on which each weak question comes back next; the order of `attempts` does not matter.

    It comes back 1, 3 and 7 days after the latest answer with gaps, until it was answered on or after each of these
    days; a missed day stands until it is made up for. A question that never had gaps, or is through, is not there.
    """
    ordered = sorted(attempts, key=lambda one: (one.question, one.on))
    found = {name: _next_return(list(own)) for name, own in groupby(ordered, _question)}
    return {name: on for name, on in found.items() if on is not None}


def _question(attempt: Attempt) -> str:
    return attempt.question


def _next_return(attempts: list[Attempt]) -> date | None:
    weak_on = max((one.on for one in attempts if one.has_gaps), default=None)
    if weak_on is None:
        return None
    last = max(one.on for one in attempts)
    return next((weak_on + after for after in RETURNS_AFTER if weak_on + after > last), None)


def plan_day(attempts: Iterable[Attempt], *, day: date, until: date) -> Day:
    """Return what `day` holds: at most three questions with those answered that day, the longest due first.

    After `until`, the day of the interview, there is nothing to do.
    """
    known = list(attempts)
    done = len({one.question for one in known if one.on == day})
    if day > until:
        return Day(done=done)
    due = sorted((on, name) for name, on in next_returns(known).items() if on <= day)
    left = max(0, QUESTIONS_A_DAY - done)
    returning = tuple(name for _on, name in due[:left])
    return Day(returning, left - len(returning), done)


def coming_back(attempts: Iterable[Attempt], *, day: date, until: date) -> list[tuple[date, str]]:
    """Return which questions come back after `day` and on which day, the next first, at most three a day.

    What `day` itself holds is left out; what it has no room for moves on to the days that follow.
    """
    known = list(attempts)
    today = plan_day(known, day=day, until=until).returning
    waiting = sorted((on, name) for name, on in next_returns(known).items() if name not in today)
    taken: Counter[date] = Counter()
    found = []
    for due, name in waiting:
        on = max(due, day + timedelta(days=1))
        while taken[on] == QUESTIONS_A_DAY:
            on += timedelta(days=1)
        taken[on] += 1
        found.append((on, name))
    return sorted((on, name) for on, name in found if on <= until)
