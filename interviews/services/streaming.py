"""A turn on the event loop: the same five steps as `submit_response`, told one by one as they happen.

Database steps run in a few threads of their own, providers in the bounded pool; nothing here uses the event loop's
default executor, nor the one thread that `sync_to_async` shares.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, ParamSpec, TypeVar

from django.db import close_old_connections

from accounts.models import User
from ai import errors
from ai.calling import metered
from ai.schemas import Evaluation
from ai.state import LangGraphState, WorkflowContext
from ai.workflow import InterviewWorkflow
from interviews.errors import Busy, LeaseLost
from interviews.models import InterviewSession, Turn
from interviews.services.answering import (
    Submission,
    Submitted,
    next_step,
    submitted,
    take_answer,
)
from interviews.services.asking import start_clock
from interviews.services.carrying_on import record_flow, record_outcome, store_late_rating
from interviews.services.catching_up import settle
from interviews.services.engine import ai_service, provider_pool
from interviews.services.graph_state import answer_state
from interviews.services.leases import Lease, claim
from interviews.services.lookups import candidates_session, fresh
from interviews.services.slots import PLACES
from interviews.services.spending import open_meter, record_spending

P = ParamSpec("P")
T = TypeVar("T")
_threads = ThreadPoolExecutor(PLACES, thread_name_prefix="database")
StepKind = Literal["saved", "replayed", "moved", "rated"]


async def in_database(call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run short database work in its own few threads."""
    work: Any = partial(copy_context().run, _with_own_connection, call, *args, **kwargs)
    result: T = await asyncio.get_running_loop().run_in_executor(_threads, work)
    return result


async def in_pool(call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run slow work that calls a provider, and may use the database before and after. Raises `Busy`."""
    try:
        return await provider_pool().run(_with_own_connection, call, *args, **kwargs)
    except errors.Busy as error:
        raise Busy(str(error)) from error


def _with_own_connection(call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call with a connection that is given back."""
    close_old_connections()
    try:
        return call(*args, **kwargs)
    finally:
        close_old_connections()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is durable now: the answer, what comes next, or the rating."""

    kind: StepKind
    session: InterviewSession
    turn: Turn
    reply: dict[str, Any] | None = None

    @property
    def following(self) -> Turn | None:
        """The turn that was opened after this one."""
        number = self.turn.number + 1
        return next((t for t in self.session.turn_list if t.number == number), None)

    @property
    def next_step(self) -> str:
        return next_step(self.following)


async def stream_response(*, user: User, token: str, submission: Submission) -> AsyncIterator[Step]:
    """Store one answer, say so, and carry the interview on, next question first where that is possible.

    Yields `saved` (or `replayed`, where all is done already), `moved` with the next question, and `rated`.
    Raises as `submit_response`; what was yielded is durable whatever comes after.
    """
    take = in_database if not submission.audio else in_pool
    session, number, is_new = await take(take_answer, user=user, token=token, submission=submission)
    turn = next(t for t in session.turn_list if t.number == number)
    yield Step("saved", session, turn)
    work = await in_database(_begin, session)
    if work is None:
        yield await in_database(_replay, session, number, not is_new)
        return
    async for step in _carry_on(work):
        yield step


@dataclass(slots=True)
class Work:
    """One run of the graph: what it began with, and how much of its outcome is stored."""

    session: InterviewSession
    turn: Turn
    lease: Lease
    state: LangGraphState
    attempt: int = 0

    def store(self, changes: LangGraphState) -> StepKind | None:
        """Take a node's changes and store what is complete; returns what is durable now.

        Raises `LeaseLost` where another worker has taken over.
        """
        self.state.update(changes)
        if "next_question" in changes and "evaluation" in self.state:
            record_outcome(self.session, self.turn, self.lease, self.state)
        elif "next_question" in changes:
            self.attempt = record_flow(self.session, self.turn, self.lease, self.state)
        elif "evaluation" in changes and self.attempt:
            return self._rated(self.state["evaluation"])
        else:
            return None
        self.session.version += 1  # as the lease's release did
        start_clock(self.session)
        return "moved"

    def _rated(self, evaluation: Evaluation) -> StepKind | None:
        rated = store_late_rating(self.turn, self.attempt, evaluation)
        if rated is None:
            return None
        self.turn.evaluation = rated.evaluation
        rated.question, rated.answer = self.turn.question, self.turn.answer
        self.turn = rated
        return "rated"


def _begin(session: InterviewSession) -> Work | None:
    turn = next((t for t in session.turn_list if t.flow == Turn.Flow.ANSWERED), None)
    lease = claim(session) if turn else None
    if turn is None or lease is None:
        return None
    return Work(session, turn, lease, answer_state(session, turn))


async def _carry_on(work: Work) -> AsyncIterator[Step]:
    context = WorkflowContext(ai=ai_service(), next_question_first=True, pool=provider_pool())
    meter = await in_database(open_meter, work.session)
    try:
        with metered(meter):
            async for changes in InterviewWorkflow(context).updates(work.state):
                kind = await in_database(work.store, changes)
                if kind:
                    yield Step(kind, work.session, work.turn)
    except errors.Busy as error:
        if not work.attempt:  # a rating that follows is left to catching up
            raise Busy(str(error)) from error
    except LeaseLost:
        return
    finally:
        if not work.lease.is_released:
            await in_database(work.lease.release)
        if meter.calls or meter.was_refused:
            await in_database(record_spending, meter, work.session)


def _replay(session: InterviewSession, number: int, is_replay: bool) -> Step:
    session = fresh(session)
    done: Submitted = submitted(session, number, is_replay=is_replay)
    turn = next(t for t in session.turn_list if t.number == number)
    return Step("replayed", session, turn, done.reply)


def watched_session(user: User, token: str) -> InterviewSession:
    """Return the candidate's session with the open question's clock running. Raises `NotFound`."""
    session = candidates_session(user, token)
    start_clock(session)
    return session


def settle_watched(user: User, token: str) -> bool:
    """Bring a session up to date, which may call a provider; True where that did something. Raises `NotFound`."""
    return settle(candidates_session(user, token))
