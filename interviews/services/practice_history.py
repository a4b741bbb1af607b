"""How somebody's practice went over time, position by position."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain, islice

from accounts.models import User
from ai.scoring import build_report
from interviews.models import InterviewSession
from interviews.models.session import InterviewSessionQuerySet
from interviews.services.doubts import Figure, overall_figure, question_figures
from interviews.services.loaded_session import LoadedSession, load_sessions
from interviews.services.summaries import rows_of

MOST_POSITIONS = 6
MOST_OF_A_POSITION = 10


@dataclass(frozen=True, slots=True)
class Practice:
    """A finished practice interview that has a total."""

    session: InterviewSession
    total: Figure


@dataclass(frozen=True, slots=True)
class Course:
    """The latest rated practice for one position, oldest first, and how much there is of it in all."""

    position: str
    count: int
    practices: list[Practice]


@dataclass(frozen=True, slots=True)
class PracticeHistory:
    """Practice by position, what was practised last first, and the totals of single sessions by their ids."""

    courses: list[Course]
    totals: dict[int, Figure]


def practice_history(*, user: User, listed: Collection[int] = ()) -> PracticeHistory:
    """Return how a person's practice went for the positions they practised last.

    `totals` has those sessions, and those of the person's `listed` ones that have a total.
    """
    finished = _finished(user).order_by("-finished_at", "-pk")
    positions: defaultdict[str, list[int]] = defaultdict(list)
    for pk, position in finished.values_list("pk", "interview__position"):
        positions[position.strip().casefold()].append(pk)
    groups = list(islice(positions.values(), MOST_POSITIONS))
    latest = [group[:MOST_OF_A_POSITION] for group in groups]
    rated = _rated(user, {*listed, *chain.from_iterable(latest)})
    courses = [
        _course([rated[pk] for pk in reversed(shown) if pk in rated], count=len(group))
        for group, shown in zip(groups, latest, strict=True)
        if not rated.keys().isdisjoint(shown)
    ]
    return PracticeHistory(courses, {pk: practice.total for pk, practice in rated.items()})


def _finished(user: User) -> InterviewSessionQuerySet:
    own = InterviewSession.objects.of_candidate(user)
    return own.filter(interview__mode="practice", status="completed")


def _rated(user: User, wanted: Collection[int]) -> dict[int, Practice]:
    loaded = load_sessions(_finished(user).filter(pk__in=wanted))
    totals = ((one.session, total_of(one)) for one in loaded)
    return {session.pk: Practice(session, total) for session, total in totals if total}


def _course(practices: list[Practice], *, count: int) -> Course:
    """Name a position as it was written last."""
    return Course(practices[-1].session.interview.position, count, practices)


def total_of(session: LoadedSession) -> Figure | None:
    """Return the total of a loaded practice session with its range; None if nothing could be rated."""
    questions, turns = rows_of(session)
    report = build_report(questions, turns, mode="practice")
    return overall_figure(report, question_figures(report, turns))
