"""The one driver of a turn: claims a session, runs the graph, and stores each result as soon as it is complete."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Literal

from django.db import close_old_connections, connection

from ai import errors
from ai.calling import metered
from ai.state import LangGraphState, WorkflowContext
from ai.workflow import InterviewWorkflow
from interviews.errors import Busy, LeaseLost
from interviews.models import Turn
from interviews.services.engine import ai_service, no_connection_held, provider_pool
from interviews.services.loaded_session import LoadedSession
from interviews.services.spending import Bill, open_meter
from interviews.services.turn.graph_input import answer_state
from interviews.services.turn.lease import Lease, RatingAttempt, claim
from interviews.services.turn.outcome import record_flow, record_outcome, store_late_rating
from interviews.services.turn.renewal import renewal

logger = logging.getLogger(__name__)
StepKind = Literal["saved", "replayed", "moved", "rated", "aside"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is durable now: the answer, what comes next, or the rating."""

    kind: StepKind
    session: LoadedSession
    turn: Turn
    reply: dict[str, Any] | None = None

    @property
    def following(self) -> Turn | None:
        """The turn that was opened after this one."""
        return self.session.following(self.turn)


@dataclass(slots=True)
class Run:
    """One run of the graph after an answer: what it began with, and how much of its outcome is stored.

    It yields `moved` once what comes next is stored, and `rated` if the rating followed that. No transaction or connection
    is held while the graph works.
    """

    session: LoadedSession
    turn: Turn
    lease: Lease
    state: LangGraphState
    bill: Bill
    attempt: RatingAttempt | None = None
    is_done: bool = False

    @classmethod
    def begin(cls, session: LoadedSession) -> Run | None:
        """Take up a session's answered turn; None if there is none, or somebody else is at it.

        The claim comes last, so that nothing can go wrong after it.
        """
        turn = session.waiting_turn
        if turn is None:
            return None
        state, bill = (
            answer_state(session, turn),
            Bill(session.session, open_meter(session.session)),
        )
        lease = claim(session)
        return cls(session, turn, lease, state, bill) if lease else None

    def steps(self, *, next_question_first: bool = False) -> Generator[Step, None, None]:
        """Run the graph in this thread. Raises `LeaseLost` if another worker has taken over."""
        context = WorkflowContext(ai=ai_service(), next_question_first=next_question_first)
        updates = InterviewWorkflow(context).stream(self.state)
        with closing(self):
            while not self.is_done and (changes := self._next_result(updates)):
                if step := self.store(changes):
                    yield step

    async def steps_on_loop(
        self, in_database: Callable[..., Awaitable[Any]]
    ) -> AsyncIterator[Step]:
        """Run the graph on the event loop, next question first if possible, with providers in their pool.

        Raises as `steps` does, and `Busy` if the pool is full and what comes next waits for the rating.
        """
        context = WorkflowContext(ai=ai_service(), next_question_first=True, pool=provider_pool())
        try:
            with metered(self.bill.meter):
                async for changes in InterviewWorkflow(context).updates(self.state):
                    if step := await in_database(self.store, changes):
                        yield step
        except errors.Busy as error:
            if not self.attempt:  # a rating that follows is left to catching up
                raise Busy(str(error)) from error
        finally:
            await in_database(self.close)

    def _next_result(self, updates: Iterator[LangGraphState]) -> LangGraphState:
        """Let the graph work until something can be stored; after the last result, to its end."""
        found: LangGraphState = {}
        with metered(self.bill.meter), no_connection_held():
            for changes in updates:
                found.update(changes)
                if "next_question" in found and "evaluation" not in found:
                    break
        return found

    def store(self, changes: LangGraphState) -> Step | None:
        """Take what the graph has changed and store what is complete; returns what is durable now.

        Raises `LeaseLost` if another worker has taken over: then nothing is stored.
        """
        self.state.update(changes)
        if "next_question" in changes:
            return self._store_next()
        if "evaluation" in changes and self.attempt:
            return self._store_rating(self.attempt)
        return None

    def _store_next(self) -> Step:
        if "evaluation" in self.state:
            record_outcome(self.session, self.turn, self.lease, self.state, bill=self.bill)
            self.bill.is_written = self.is_done = True
        else:
            self.attempt = record_flow(self.session, self.turn, self.lease, self.state)
            renewal.begin(self.attempt)
        self.session.session.version += 1  # as the lease's release did
        return Step("moved", self.session, self.turn)

    def _store_rating(self, attempt: RatingAttempt) -> Step | None:
        self.is_done = True
        rated = store_late_rating(attempt, self.state["evaluation"], bill=self.bill)
        if rated is None:
            return None
        self.bill.is_written = True
        rated.question, rated.answer = self.turn.question, self.turn.answer
        rated.aside_list = self.turn.aside_list
        return Step("rated", self.session, rated)

    def close(self) -> None:
        """Give back what the run still holds, so that nobody waits for it to run out, and write down what it has cost."""
        if self.attempt:
            renewal.end(self.attempt)
        elif not self.is_done:
            self.lease.release()
        self.bill.write_down()


def advance(session: LoadedSession, *, rating_may_follow: bool = False) -> bool:
    """Carry a session on from its answered turn, unless somebody else is at it.

    Returns whether this call did the work; then `session` holds the outcome, else it is to be loaded again. With
    `rating_may_follow` it returns once the next question is stored, if that comes first; the rating follows in the
    providers' pool, or by catching up if that is full.
    """
    run = Run.begin(session)
    if run is None:
        return False
    steps = run.steps(next_question_first=rating_may_follow)
    try:
        next(steps)
    except LeaseLost:
        return False
    if run.is_done or connection.in_atomic_block:  # only tests are in a transaction here
        _finish(steps)
    else:
        _finish_behind(steps)
    return True


def _finish(steps: Generator[Step, None, None]) -> None:
    for _step in steps:
        pass


def _finish_behind(steps: Generator[Step, None, None]) -> None:
    try:
        provider_pool().submit(_rate_behind, steps)
    except errors.Busy:
        steps.close()


def _rate_behind(steps: Generator[Step, None, None]) -> None:
    close_old_connections()
    try:
        _finish(steps)
    except Exception:
        logger.exception("A rating that was to follow is left to catching up.")
    finally:
        close_old_connections()


def run_graph(state: LangGraphState) -> LangGraphState:
    """Run the workflow to its end with nothing of the database in hand: for a rating alone."""
    with no_connection_held():
        return InterviewWorkflow(WorkflowContext(ai=ai_service())).run(state)
