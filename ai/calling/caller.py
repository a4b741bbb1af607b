"""The one place that retries: two attempts per model inside a fixed budget of time, then the next model."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic

from ai.calling.accepting import accept
from ai.calling.breaker import Breaker, ProviderState
from ai.calling.completion import Completer, M, Reply, Request, plausible
from ai.calling.guarding import guarded
from ai.calling.meter import current_meter
from ai.calling.patience import Patience
from ai.calling.store import Store
from ai.errors import (
    ProviderDown,
    ProviderRejected,
    ProviderUnavailable,
    ReplyBlocked,
    ReplyUnusable,
)

logger = logging.getLogger(__name__)
REPAIR = "An earlier reply to this was rejected. {problem} Reply with one JSON value of the schema, and nothing else."


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things may take, in seconds, and how often each model is asked."""

    timeout: float = 20.0
    budget: float = 25.0
    attempts: int = 2
    shortest: float = 0.5
    jitter: tuple[float, float] = (0.2, 0.8)


@dataclass(frozen=True, slots=True)
class Clock:
    """Time, so that tests can let it pass: `now` for durations, `wall` for what processes share."""

    now: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Answered(Generic[M]):
    """An accepted reply: its value, and the reply it came in."""

    value: M
    reply: Reply
    provider: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Caller:
    """Asks the first of `completers` that works."""

    completers: Sequence[Completer]
    store: Store
    limits: Limits = field(default_factory=Limits)
    clock: Clock = field(default_factory=Clock)
    patience: Patience = field(default_factory=Patience)
    breakers: dict[str, Breaker] = field(default_factory=dict, repr=False)

    def ask(self, request: Request[M]) -> Answered[M]:
        """Return the first reply that is accepted.

        A rejected reply is asked for once more, with the problem named and without the bad reply. Takes at most
        `limits.budget` seconds. Raises `ProviderUnavailable` (or one of its kinds) and `ReplyBlocked`.
        """
        end = self.clock.now() + self.limits.budget
        problem: ProviderUnavailable | ReplyBlocked = ProviderUnavailable("No model is configured.")
        for completer in self.completers:
            try:
                return self._ask_one(completer, request, end)
            except (ProviderUnavailable, ReplyBlocked) as error:
                problem = problem if isinstance(problem, ReplyBlocked) else error
                logger.warning("%s for %s: %s", completer.model, request.task, error)
        raise self._as_outage(problem)

    def _as_outage(
        self, problem: ProviderUnavailable | ReplyBlocked
    ) -> ProviderUnavailable | ReplyBlocked:
        """Tell a failure while every model is left alone as what it is: an outage, to be waited out."""
        if isinstance(problem, ReplyBlocked) or problem.waits_for:
            return problem
        if not all(self.breaker(one).is_left_alone for one in self.completers):
            return problem
        return ProviderDown(str(problem), retry_after=problem.retry_after)

    def states(self) -> list[ProviderState]:
        """Return how each model does, in the order they are asked."""
        return [self.breaker(completer).state() for completer in self.completers]

    def breaker(self, completer: Completer) -> Breaker:
        name = f"{completer.name}:{completer.model}"
        known = self.breakers.get(name)
        return known or self.breakers.setdefault(name, Breaker(name, self.store, self.clock.wall))

    def _ask_one(self, completer: Completer, request: Request[M], end: float) -> Answered[M]:
        asked = request
        for _attempt in range(self.limits.attempts - 1):
            try:
                return self._try(completer, asked, end)
            except ReplyUnusable as error:
                asked = _repaired(request, error)
            except ProviderUnavailable as error:
                if _is_final(error) or self.breaker(completer).is_open:
                    raise
                self._pause(error, end)
        return self._try(completer, asked, end)

    def _try(self, completer: Completer, request: Request[M], end: float) -> Answered[M]:
        meter, breaker = current_meter(), self.breaker(completer)
        if meter is not None:
            meter.check()
        seconds = min(self.limits.timeout, end - self.clock.now())
        if seconds < self.limits.shortest:
            raise ProviderUnavailable("The time for this request is used up.")
        breaker.check()
        reply, took = self._timed(completer, request, seconds, breaker)
        if meter is not None:
            meter.add(reply)
        with guarded(completer.name, said=request.prompt):
            return Answered(accept(reply, request), reply, completer.name, took)

    def _timed(
        self, completer: Completer, request: Request[M], seconds: float, breaker: Breaker
    ) -> tuple[Reply, float]:
        def complete() -> Reply:
            with guarded(completer.name, said=request.prompt):
                return plausible(completer.complete(request, timeout=seconds), completer.model)

        begun = self.clock.now()
        try:
            with guarded(completer.name):
                completer.prepare()
            begun = self.clock.now()
            reply = self.patience.wait(complete, seconds=seconds)
        except ProviderUnavailable as error:
            breaker.failed(error, self.clock.now() - begun)
            raise
        took = self.clock.now() - begun
        breaker.succeeded(reply, took)
        return reply, took

    def _pause(self, error: ProviderUnavailable, end: float) -> None:
        """Wait before the next attempt: as long as the provider asked for, or a random moment."""
        wait = max(error.retry_after, random.uniform(*self.limits.jitter))  # noqa: S311 - no secret
        if self.clock.now() + wait >= end:
            raise error
        self.clock.sleep(wait)


def _is_final(error: ProviderUnavailable) -> bool:
    """Tell that asking again is of no use, unless it names a time after which it is."""
    return isinstance(error, ProviderRejected) or bool(error.waits_for and not error.retry_after)


def _repaired(request: Request[M], error: ReplyUnusable) -> Request[M]:
    note = REPAIR.format(problem=error)
    return replace(request, system=f"{request.system}\n\n{note}")
