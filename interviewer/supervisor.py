"""Keeps a helper process running beside the server."""

from __future__ import annotations

import logging
import subprocess
import threading
import time
from collections.abc import Sequence

logger = logging.getLogger(__name__)
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
STEADY_AFTER = 60.0
STOP_WITHIN = 5.0


class KeptProcess:
    """A child process that is started again when it ends, after a pause that doubles while it keeps ending soon."""

    def __init__(self, command: Sequence[str], *, shortest_pause: float = SHORTEST_PAUSE) -> None:
        self.command, self.shortest_pause = list(command), shortest_pause
        self.starts = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="kept-process", daemon=True)

    def __enter__(self) -> KeptProcess:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop the child and do not start it again."""
        self._stopped.set()
        with self._lock:
            if self._process is not None:
                stop(self._process)
        self._thread.join()

    def _keep(self) -> None:
        pause = self.shortest_pause
        while not self._stopped.is_set():
            begun = time.monotonic()
            how = self._run()
            pause = self.shortest_pause if time.monotonic() - begun > STEADY_AFTER else pause
            if not self._stopped.is_set():
                logger.error("A helper process %s; it starts again in %g s", how, pause)
            self._stopped.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _run(self) -> str:
        """Run the child until it ends, and say how it ended."""
        try:
            process = self._started()
        except OSError as error:
            return f"could not be started ({type(error).__name__})"
        return f"ended with {process.wait()}" if process else "was not started"

    def _started(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._stopped.is_set():
                return None
            self.starts += 1
            self._process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
            return self._process


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and make it end if it does not."""
    process.terminate()
    try:
        process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
