"""One worker process: started fresh, niced, and replaced when it dies."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from ai.errors import AIError
from ai.uncaught import tell_place

NICENESS = 10
START_SECONDS = 60.0
READY = "ready"

Work = Callable[[Any], Any]
SetUp = Callable[[], Work]


class WorkerDied(Exception):
    """The process is gone, or did not come up."""


class WorkerSlow(Exception):
    """The process did not answer in time."""


class Worker:
    """The parent's end. Used by one thread at a time."""

    def __init__(self, set_up: SetUp) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs, set_up), daemon=True)
        self.process.start()
        theirs.close()
        self._ready = False

    @property
    def pid(self) -> int:
        return self.process.pid or 0

    def ask(self, job: Any, *, seconds: float) -> Any:
        """Return the worker's answer. Raises what the work raised, `WorkerDied` and `WorkerSlow`."""
        self._wait_until_ready()
        try:
            self._pipe.send(job)
            if not self._pipe.poll(seconds):
                raise WorkerSlow
            answer, error = self._pipe.recv()
        except (EOFError, OSError) as gone:
            raise WorkerDied from gone
        if error is not None:
            raise error
        return answer

    def _wait_until_ready(self) -> None:
        """Return once the worker has set up. Raises `WorkerDied` where it has not within 60 s."""
        if self._ready:
            return
        try:
            self._ready = self._pipe.poll(START_SECONDS) and self._pipe.recv() == READY
        except (EOFError, OSError) as gone:
            raise WorkerDied from gone
        if not self._ready:
            raise WorkerDied

    def stop(self) -> None:
        """End the process at once."""
        self.process.kill()
        self.process.join()
        self._pipe.close()


def serve(pipe: Connection[Any, Any], set_up: SetUp) -> None:
    """Answer jobs until the parent is gone; an error that is not an `AIError` ends the process, loudly.

    What such an error says is not told: it may hold what somebody said.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    try:
        _keep_answering(pipe, set_up)
    except Exception as error:  # noqa: BLE001 - whatever it is, multiprocessing would tell its words
        tell_place(error)
        sys.exit(1)


def _keep_answering(pipe: Connection[Any, Any], set_up: SetUp) -> None:
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        work = set_up()
        pipe.send(READY)
        while True:
            pipe.send(_attempt(work, pipe.recv()))


def _attempt(work: Work, job: Any) -> tuple[Any, AIError | None]:
    try:
        return work(job), None
    except AIError as error:
        return None, error
