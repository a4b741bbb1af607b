"""A session with all that a room, a result or a run of the graph needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from accounts.models import User
from interviews.models import Aside, Interview, InterviewSession, Question, Rating, Turn
from interviews.models.session import InterviewSessionQuerySet
from interviews.models.turn import TurnQuerySet
from interviews.services.frozen import frozen_questions

RATED = (Turn.Evaluation.SCORED, Turn.Evaluation.NOT_SCORED)


@dataclass(frozen=True, slots=True)
class LoadedSession:
    """One attempt with its interview, the questions of its plan, and its turns so far, both in order.

    Each turn has its question, answer, ratings and asides at hand.
    """

    session: InterviewSession
    interview: Interview
    questions: list[Question]
    turns: list[Turn]

    @property
    def pk(self) -> int:
        return self.session.pk

    @property
    def token(self) -> str:
        return self.session.token

    @property
    def candidate(self) -> User:
        return self.session.candidate

    @property
    def status(self) -> str:
        return self.session.status

    @property
    def deadline(self) -> datetime | None:
        return self.session.deadline

    @property
    def time_factor(self) -> float | None:
        return self.session.time_factor

    @property
    def is_over(self) -> bool:
        return self.session.is_over

    @property
    def shows_evaluations(self) -> bool:
        return self.session.shows_evaluations

    @property
    def open_turn(self) -> Turn | None:
        """The turn that waits for an answer; None if there is none, or the session is over."""
        return None if self.is_over else next((t for t in self.turns if t.is_open), None)

    @property
    def unfinished_turn(self) -> Turn | None:
        """The turn whose answer was not given, or not carried on yet."""
        return next((turn for turn in self.turns if turn.flow != Turn.Flow.CLOSED), None)

    @property
    def waiting_turn(self) -> Turn | None:
        """The turn whose answer is not carried on yet."""
        return next((turn for turn in self.turns if turn.flow == Turn.Flow.ANSWERED), None)

    @property
    def answered_turns(self) -> list[Turn]:
        return [turn for turn in self.turns if not turn.is_open]

    def turn(self, number: int) -> Turn | None:
        return next((turn for turn in self.turns if turn.number == number), None)

    def following(self, turn: Turn) -> Turn | None:
        """Return the turn that was opened after this one."""
        return self.turn(turn.number + 1)


def load_sessions(sessions: InterviewSessionQuerySet) -> list[LoadedSession]:
    """Load these sessions in two to four queries, for any number of them.

    Ratings and asides are asked for only if there can be any. Plain queries: `prefetch_related` costs half as much again
    (5.8 ms of processor time for four turns instead of 4), and this is what every turn begins with.
    """
    found = list(sessions.select_related("interview"))
    by_interview = frozen_questions.of([session.interview for session in found])
    turns = _turns([session.pk for session in found])
    loaded = [
        LoadedSession(s, s.interview, by_interview.get(s.interview_id, []), turns[s.pk])
        for s in found
    ]
    for one in loaded:
        _link(one)
    return loaded


def load_session(sessions: InterviewSessionQuerySet) -> LoadedSession | None:
    """Load the first of these sessions; None if there is none."""
    return next(iter(load_sessions(sessions[:1])), None)


def _turns(session_ids: Collection[int]) -> defaultdict[int, list[Turn]]:
    """Return the turns of these sessions in order, by the sessions' ids.

    They are sorted here: to put an order into the statement takes longer than to sort some dozen rows.
    """
    by_session: defaultdict[int, list[Turn]] = defaultdict(list)
    if not session_ids:
        return by_session
    rows = _of_sessions(session_ids).select_related("answer").order_by()
    turns = sorted(rows, key=attrgetter("session_id", "number"))
    for turn in turns:
        turn.rating_list, turn.aside_list = [], []
        by_session[turn.session_id].append(turn)
    _add_ratings([turn for turn in turns if turn.evaluation in RATED])
    _add_asides([turn for turn in turns if turn.aside_count])
    return by_session


def _of_sessions(session_ids: Collection[int]) -> TurnQuerySet:
    """Return the turns of these sessions; a query for one is built in half the time."""
    if len(session_ids) == 1:
        return Turn.objects.filter(session_id=next(iter(session_ids)))
    return Turn.objects.filter(session_id__in=session_ids)


def _add_ratings(turns: Collection[Turn]) -> None:
    by_turn = {turn.pk: turn for turn in turns}
    if by_turn:
        rows = Rating.objects.filter(turn_id__in=by_turn).order_by()
        for rating in sorted(rows, key=attrgetter("turn_id", "pk")):
            by_turn[rating.turn_id].rating_list.append(rating)


def _add_asides(turns: Collection[Turn]) -> None:
    by_turn = {turn.pk: turn for turn in turns}
    if by_turn:
        rows = Aside.objects.filter(turn_id__in=by_turn).order_by()
        for aside in sorted(rows, key=attrgetter("turn_id", "pk")):
            by_turn[aside.turn_id].aside_list.append(aside)


def _link(loaded: LoadedSession) -> None:
    """Give each turn its session and its question, so that no query is made for them."""
    questions = {question.pk: question for question in loaded.questions}
    for turn in loaded.turns:
        turn.session, turn.question = loaded.session, questions[turn.question_id]
