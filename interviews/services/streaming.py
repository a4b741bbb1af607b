"""A turn on the event loop: the same five steps as `submit_response`, told one by one as they happen.

Database steps run in the event loop's threads, providers in the bounded pool; nothing here uses the one thread that
`sync_to_async` shares.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, Literal, ParamSpec, TypeVar

from django.db import close_old_connections

from accounts.models import User
from ai import errors
from ai.calling import Meter, metered
from ai.schemas import Evaluation
from ai.state import LangGraphState, WorkflowContext
from ai.workflow import InterviewWorkflow
from interviews.database import in_database
from interviews.errors import Busy, LeaseLost
from interviews.models import InterviewSession, Turn
from interviews.services.answering import (
    Submission,
    Submitted,
    next_step,
    submitted,
    take_answer,
)
from interviews.services.asides import aside_reply
from interviews.services.asking import start_clock
from interviews.services.carrying_on import record_flow, record_outcome, store_late_rating
from interviews.services.engine import ai_service, provider_pool
from interviews.services.graph_state import answer_state
from interviews.services.leases import Lease, RatingAttempt, claim
from interviews.services.lookups import candidates_session, fresh
from interviews.services.renewal import renewal
from interviews.services.spending import open_meter, record_spending
from interviews.services.starting import resume

P = ParamSpec("P")
T = TypeVar("T")
StepKind = Literal["saved", "replayed", "moved", "rated", "aside"]


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

    Yields `saved` (or `replayed`, where all is done already), `moved` with the next question, and `rated`; for what is said
    to us `saved` and `aside`, whose reply holds the same question again.
    Raises as `submit_response`; what was yielded is durable whatever comes after.
    """
    take = in_database if not submission.audio else in_pool
    taken = await take(take_answer, user=user, token=token, submission=submission)
    session, number = taken.session, taken.number
    turn = next(t for t in session.turn_list if t.number == number)
    yield Step("saved", session, turn)
    if taken.aside is not None:
        yield Step("aside", session, turn, aside_reply(session, taken.aside))
        return
    work = await in_database(_begin, session)
    if work is None:
        yield await in_database(_replay, session, number, not taken.is_new)
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
    meter: Meter
    attempt: RatingAttempt | None = None

    def store(self, changes: LangGraphState) -> StepKind | None:
        """Take a node's changes and store what is complete; returns what is durable now.

        Raises `LeaseLost` where another worker has taken over.
        """
        self.state.update(changes)
        if "next_question" in changes and "evaluation" in self.state:
            record_outcome(self.session, self.turn, self.lease, self.state)
        elif "next_question" in changes:
            self.attempt = record_flow(self.session, self.turn, self.lease, self.state)
            renewal.begin(self.attempt)
        elif "evaluation" in changes and self.attempt:
            return self._rated(self.attempt, self.state["evaluation"])
        else:
            return None
        self.session.version += 1  # as the lease's release did
        start_clock(self.session)
        return "moved"

    def _rated(self, attempt: RatingAttempt, evaluation: Evaluation) -> StepKind | None:
        rated = store_late_rating(attempt, evaluation)
        if rated is None:
            return None
        self.turn.evaluation = rated.evaluation
        rated.question, rated.answer = self.turn.question, self.turn.answer
        rated.aside_list = self.turn.aside_list
        self.turn = rated
        return "rated"


def _begin(session: InterviewSession) -> Work | None:
    """Take up a session's answered turn. The claim comes last, so that nothing can go wrong after it."""
    turn = next((t for t in session.turn_list if t.flow == Turn.Flow.ANSWERED), None)
    if turn is None:
        return None
    state, meter = answer_state(session, turn), open_meter(session)
    lease = claim(session)
    return Work(session, turn, lease, state, meter) if lease else None


async def _carry_on(work: Work) -> AsyncIterator[Step]:
    context = WorkflowContext(ai=ai_service(), next_question_first=True, pool=provider_pool())
    try:
        with metered(work.meter):
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
        await _let_go(work)


async def _let_go(work: Work) -> None:
    """Give back what the run still holds, and write down what it has cost."""
    if work.attempt:
        renewal.end(work.attempt)
    if not work.lease.is_released:
        await in_database(work.lease.release)
    if work.meter.calls or work.meter.was_refused:
        await in_database(record_spending, work.meter, work.session)


def _replay(session: InterviewSession, number: int, is_replay: bool) -> Step:
    session = fresh(session)
    done: Submitted = submitted(session, number, is_replay=is_replay)
    turn = next(t for t in session.turn_list if t.number == number)
    return Step("replayed", session, turn, done.reply)


def watched_session(user: User, token: str) -> InterviewSession:
    """Return the candidate's session, up to date and with the open question's clock running. Raises `NotFound`."""
    return resume(candidates_session(user, token))
