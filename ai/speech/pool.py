"""A bounded queue before a few worker processes, so that listening never starves the web process."""

from __future__ import annotations

import atexit
import itertools
import threading
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Full, PriorityQueue
from typing import Any

from ai.errors import ProviderUnavailable
from ai.speech.worker import SetUp, Worker, WorkerDied, WorkerSlow

BUSY = "Too many recordings are being transcribed right now. Try again in a few seconds."
SLOW = "The transcription took too long. Try again, or type the answer."
BROKEN = "The transcription broke off. Try again, or type the answer."
ATTEMPTS = 2


@dataclass(order=True, slots=True)
class Entry:
    """A job in the queue: urgent ones first, then in the order they came."""

    rank: int
    number: int
    job: Any = field(compare=False)
    answer: Future[Any] = field(compare=False, default_factory=Future)


class WorkerPool:
    """Any thread may `run` a job and wait for it; processes start with the first one.

    `set_up` is called in each process and returns the function that does a job. A process that needs more
    than `job_seconds` for one is taken to hang and is replaced.
    """

    def __init__(
        self, set_up: SetUp, *, workers: int = 1, queue_size: int = 8, job_seconds: float = 60.0
    ) -> None:
        self._queue: PriorityQueue[Entry] = PriorityQueue(queue_size)
        self._keepers = [Keeper(self._queue, set_up, job_seconds) for _worker in range(workers)]
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._started = self._closed = False

    @property
    def waiting(self) -> int:
        """Return how many jobs wait for a worker."""
        return self._queue.qsize()

    @property
    def processes(self) -> list[int]:
        """Return the ids of the worker processes."""
        return [keeper.pid for keeper in self._keepers if keeper.pid]

    def run(self, job: Any, *, patience: float, urgent: bool = False) -> Any:
        """Return what the workers' function makes of `job`, waiting at most `patience` seconds.

        Raises what that function raised, and `ProviderUnavailable` where the queue is full, the time has run
        out, or two workers died over this job.
        """
        self.start()
        entry = Entry(int(not urgent), next(self._numbers), job)
        try:
            self._queue.put_nowait(entry)
        except Full:
            raise ProviderUnavailable(BUSY) from None
        try:
            return entry.answer.result(patience)
        except TimeoutError:
            entry.answer.cancel()
            raise ProviderUnavailable(SLOW) from None

    def start(self) -> None:
        """Start the processes, unless they run. Raises `ProviderUnavailable` on a closed pool."""
        with self._lock:
            if self._closed:
                raise ProviderUnavailable(BROKEN)
            if not self._started:
                self._started = True
                atexit.register(self.close)
                for keeper in self._keepers:
                    keeper.start()

    def close(self) -> None:
        """End the processes; jobs under way break off."""
        with self._lock:
            self._closed = True
        atexit.unregister(self.close)
        for keeper in self._keepers:
            keeper.close()
            with suppress(Full):
                self._queue.put_nowait(Entry(-1, next(self._numbers), None, _cancelled()))


def _cancelled() -> Future[Any]:
    """Return an answer nobody waits for: it wakes a keeper, so that it sees that it is closed."""
    nobody: Future[Any] = Future()
    nobody.cancel()
    return nobody


class Keeper(threading.Thread):
    """Feeds one worker process from the queue and replaces it when it dies or hangs."""

    def __init__(self, queue: PriorityQueue[Entry], set_up: SetUp, job_seconds: float) -> None:
        super().__init__(daemon=True, name="speech-keeper")
        self._queue, self._set_up, self._job_seconds = queue, set_up, job_seconds
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self._closed = False

    @property
    def pid(self) -> int:
        return self._worker.pid if self._worker else 0

    def run(self) -> None:
        with suppress(ProviderUnavailable, OSError):
            self._current()
        while not self._closed:
            entry = self._queue.get()
            if entry.answer.set_running_or_notify_cancel():
                self._settle(entry)

    def close(self) -> None:
        self._closed = True
        self._discard()

    def _settle(self, entry: Entry) -> None:
        try:
            entry.answer.set_result(self._answer(entry))
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the thread that waits
            entry.answer.set_exception(error)

    def _answer(self, entry: Entry) -> Any:
        for _attempt in range(ATTEMPTS):
            try:
                return self._current().ask(entry.job, seconds=self._job_seconds)
            except WorkerDied:
                self._discard()
            except WorkerSlow:
                self._discard()
                raise ProviderUnavailable(SLOW) from None
        raise ProviderUnavailable(BROKEN)

    def _current(self) -> Worker:
        with self._lock:
            if self._closed:
                raise ProviderUnavailable(BROKEN)
            if self._worker is None:
                self._worker = Worker(self._set_up)
            return self._worker

    def _discard(self) -> None:
        with self._lock:
            if self._worker is not None:
                self._worker.stop()
            self._worker = None
