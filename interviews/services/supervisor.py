"""Does rounds of independent jobs, of which none can stop another.

This is a supervisor's loop, so it is the one place that catches every exception. It logs what failed by name and
number only: an error's own words may hold an answer, or a provider's reply.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import DatabaseError, close_old_connections, connection
from django.db.models import QuerySet

from interviews.services.heartbeat import beat
from interviews.services.turn.retry import BACKOFF

logger = logging.getLogger(__name__)
RESTS = (timedelta(seconds=5), *BACKOFF)
FORGET_AFTER = 2 * RESTS[-1].total_seconds()
BEAT_EVERY = 5.0
STUCK_AFTER = 300.0
LIMIT = 200
FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """A named part of a round: `work` does all of it, or one of the items that `find` finds.

    `work` returns how much it did; True counts as one. `find` is told how long an answer belongs to the request that
    took it. `postpone` is called with an item that failed, if its row says when to try again.
    """

    name: str
    work: Callable[..., int | None]
    find: Callable[[timedelta], QuerySet[Any]] | None = None
    postpone: Callable[[Any], object] | None = None


HEARTBEAT = Job("heartbeat", beat)


@dataclass(slots=True)
class Rest:
    """How often something failed in a row, and until when it is left alone, on the monotonic clock."""

    failures: int = 0
    until: float = 0.0

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.until

    def begin(self, *, is_outage: bool) -> None:
        """Rest longer each time; while the database is away nothing rests long, since that ends for all at once."""
        pause = RESTS[0 if is_outage else min(self.failures, len(RESTS) - 1)]
        self.failures += 1
        self.until = time.monotonic() + pause.total_seconds()


@dataclass(slots=True)
class Supervisor:
    """Does round after round, and remembers what failed; `workers` items of a job are worked on at once."""

    jobs: tuple[Job, ...]
    limit: int = LIMIT
    patience: timedelta = timedelta(0)
    workers: int = 1
    is_stopped: Callable[[], bool] = bool
    rests: dict[tuple[str, Hashable], Rest] = field(default_factory=dict)
    beat_at: float | None = None

    def run(self) -> Counter[str]:
        """Do one round; returns how much each job did, and under `FAILED` how often something failed."""
        done: Counter[str] = Counter()
        for job in self.jobs:
            self._beat()
            for result in self._results(job):
                done[FAILED if result is None else job.name] += 1 if result is None else result
                self._beat()
        self._forget_old_rests()
        return done

    def _beat(self) -> None:
        now = time.monotonic()
        if self.beat_at is None or now >= self.beat_at + BEAT_EVERY:
            self._guarded(HEARTBEAT, None, beat)
            self.beat_at = now

    def _results(self, job: Job) -> Iterator[int | None]:
        """Do a job and yield what comes of it, or of each of its items; None for what failed."""
        if self.is_stopped() or not self._rest_of(job, None).is_over:
            return
        if job.find is None:
            yield from self._spread(lambda item: self._guarded(job, item, job.work), [None])
            return
        items = self._guarded(job, None, lambda: self._due(job))
        yield from [None] if items is None else self._spread(partial(self._worked, job), items)

    def _due(self, job: Job) -> list[Any]:
        assert job.find is not None  # noqa: S101 - only jobs with items have some that are due
        mine = {pk: rest for (name, pk), rest in self.rests.items() if name == job.name}
        resting = [pk for pk, rest in mine.items() if pk is not None and not rest.is_over]
        return list(job.find(self.patience).exclude(pk__in=resting)[: self.limit])

    def _spread(
        self, work: Callable[[Any], int | None], items: Sequence[Any]
    ) -> Iterator[int | None]:
        if self.workers == 1:
            yield from map(work, items)
        elif items:
            with ThreadPoolExecutor(self.workers, thread_name_prefix="catching-up") as threads:
                yield from self._ended({threads.submit(work, item) for item in items})

    def _ended(self, pending: set[Future[int | None]]) -> Iterator[int | None]:
        """Yield results as they come, and show meanwhile that the loop is alive, unless something is stuck."""
        last = time.monotonic()
        while pending:
            ended, pending = wait(pending, BEAT_EVERY, return_when=FIRST_COMPLETED)
            last = time.monotonic() if ended else last
            yield from (future.result() for future in ended)
            if time.monotonic() - last < STUCK_AFTER:
                self._beat()

    def _worked(self, job: Job, item: Any) -> int | None:
        if self.is_stopped():
            return 0
        done: int | None = self._guarded(job, item, partial(job.work, item))
        return done

    def _guarded(self, job: Job, item: Any, call: Callable[[], Any]) -> Any:
        """Return what `call` returns, with 0 in place of None; None if it failed, and now rests."""
        try:
            result = call()
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
            self._failed(job, item, error)
            return None
        finally:
            give_connections_back()
        self.rests.pop(key_of(job, item), None)
        return result or (0 if result is None else result)

    def _failed(self, job: Job, item: Any, error: Exception) -> None:
        log_failure(job, item, error)
        is_outage = item is None and isinstance(error, DatabaseError)
        self._rest_of(job, item, keep=True).begin(is_outage=is_outage)
        if item is not None and job.postpone:
            self._guarded(replace(job, postpone=None), item, partial(job.postpone, item))

    def _rest_of(self, job: Job, item: Any, *, keep: bool = False) -> Rest:
        key = key_of(job, item)
        return self.rests.setdefault(key, Rest()) if keep else self.rests.get(key, Rest())

    def _forget_old_rests(self) -> None:
        long_ago = time.monotonic() - FORGET_AFTER
        self.rests = {key: rest for key, rest in self.rests.items() if rest.until > long_ago}


def give_connections_back() -> None:
    """Close connections, also those that broke, so that the next item gets a sound one; only tests hold a transaction."""
    if connection.in_atomic_block:
        return
    try:
        close_old_connections()
    except Exception as error:  # noqa: BLE001 - Django has forgotten the connection all the same
        logger.warning("A connection could not be closed: %s", type(error).__name__)


def key_of(job: Job, item: Any) -> tuple[str, Hashable]:
    return (job.name, None if item is None else item.pk)


def log_failure(job: Job, item: Any, error: Exception) -> None:
    """Log what failed and where in the code, without the error's own words."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "unknown"
    about = "" if item is None else f" on {item._meta.model_name} {item.pk}"
    logger.error("Job %s failed%s: %s at %s", job.name, about, type(error).__name__, place)
