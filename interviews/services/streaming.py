"""A turn on the event loop: the same five steps as `submit_response`, told one by one as they happen.

Database steps run in the event loop's threads, providers in the bounded pool; nothing here uses the one thread that
`sync_to_async` shares.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import ParamSpec, TypeVar

from accounts.models import User
from ai import errors
from interviews.database import in_database, with_own_connection
from interviews.errors import Busy, LeaseLost
from interviews.services.asides import aside_reply
from interviews.services.asking import start_clock
from interviews.services.engine import provider_pool
from interviews.services.loaded_session import LoadedSession
from interviews.services.lookups import candidates_session, fresh
from interviews.services.starting import resume
from interviews.services.turn.answer import (
    Submission,
    Submitted,
    submitted,
    take_answer,
)
from interviews.services.turn.run import Run, Step

P = ParamSpec("P")
T = TypeVar("T")


async def in_pool(call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run slow work that calls a provider, and may use the database before and after. Raises `Busy`."""
    try:
        return await provider_pool().run(with_own_connection, call, *args, **kwargs)
    except errors.Busy as error:
        raise Busy(str(error)) from error


async def stream_response(*, user: User, token: str, submission: Submission) -> AsyncIterator[Step]:
    """Store one answer, say so, and carry the interview on, next question first where that is possible.

    Yields `saved` (or `replayed`, where all is done already), `moved` with the next question, and `rated`; for what is said
    to us `saved` and `aside`, whose reply holds the same question again.
    Raises as `submit_response`; what was yielded is durable whatever comes after.
    """
    take = in_database if not submission.audio else in_pool
    taken = await take(take_answer, user=user, token=token, submission=submission)
    session, number = taken.session, taken.number
    turn = next(t for t in session.turns if t.number == number)
    yield Step("saved", session, turn)
    if taken.aside is not None:
        yield Step("aside", session, turn, aside_reply(session, taken.aside))
        return
    run = await in_database(Run.begin, session)
    if run is None:
        yield await in_database(_replay, session, number, not taken.is_new)
        return
    try:
        async for step in run.steps_on_loop(in_database):
            if step.kind == "moved":
                await in_database(start_clock, session)
            elif step.kind == "rated":
                turn.evaluation = step.turn.evaluation
            yield step
    except LeaseLost:
        return


def _replay(session: LoadedSession, number: int, is_replay: bool) -> Step:
    session = fresh(session)
    done: Submitted = submitted(session, number, is_replay=is_replay)
    turn = next(t for t in session.turns if t.number == number)
    return Step("replayed", session, turn, done.reply)


def watched_session(user: User, token: str) -> LoadedSession:
    """Return the candidate's session, up to date and with the open question's clock running. Raises `NotFound`."""
    return resume(candidates_session(user, token))
