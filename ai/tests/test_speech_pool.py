"""Worker processes: what happens when they die, hang, are busy, or their parent is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ai.errors import AudioUnreadable, ProviderUnavailable
from ai.speech.pool import WorkerPool

PATIENCE = 20.0
CANARY = "what somebody said, and AIza-canary-0123"


def bad() -> None:
    raise AudioUnreadable("not a recording")


def break_loudly() -> None:
    raise RuntimeError(CANARY)


JOBS: dict[str, Callable[[], object]] = {
    "pid": os.getpid,
    "nice": lambda: os.nice(0),
    "bad": bad,
    "break": break_loudly,
    "crash": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "hang": lambda: time.sleep(60),
    "nap": lambda: time.sleep(1.0),
    "doze": lambda: time.sleep(4.0),
    "moment": time.monotonic,
}


def set_up() -> Callable[[str], object]:
    """Return, in the worker, what does the jobs of these tests."""
    return lambda name: JOBS[name]()


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool(set_up, queue_size=1, job_seconds=3.0)
    yield made
    made.close()


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def eventually(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return true()


def test_no_process_starts_before_the_first_job(pool: WorkerPool) -> None:
    assert pool.processes == []


def test_jobs_run_niced_in_another_process_and_its_errors_come_back(pool: WorkerPool) -> None:
    assert pool.run("pid", patience=PATIENCE) == pool.processes[0] != os.getpid()
    assert pool.run("nice", patience=PATIENCE) >= min(19, os.nice(0) + 10)
    with pytest.raises(AudioUnreadable, match="not a recording"):
        pool.run("bad", patience=PATIENCE)
    assert pool.run("pid", patience=PATIENCE) == pool.processes[0]


def test_after_a_killed_worker_the_next_job_works(pool: WorkerPool) -> None:
    first = pool.run("pid", patience=PATIENCE)
    os.kill(first, signal.SIGKILL)

    second = pool.run("pid", patience=PATIENCE)

    assert second != first
    assert gone(first)


def test_a_job_that_kills_two_workers_is_given_up_and_the_next_works(pool: WorkerPool) -> None:
    with pytest.raises(ProviderUnavailable, match="broke off"):
        pool.run("crash", patience=PATIENCE)

    assert pool.run("pid", patience=PATIENCE) == pool.processes[0]


def test_a_worker_that_breaks_tells_where_and_not_what(
    pool: WorkerPool, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ProviderUnavailable, match="broke off"):
        pool.run("break", patience=PATIENCE)
    pool.close()

    told = capfd.readouterr().err
    assert "break_loudly" in told
    assert "RuntimeError" in told
    assert CANARY not in told


def test_a_worker_that_hangs_is_replaced(pool: WorkerPool) -> None:
    first = pool.run("pid", patience=PATIENCE)

    with pytest.raises(ProviderUnavailable, match="took too long"):
        pool.run("hang", patience=PATIENCE)

    assert pool.run("pid", patience=PATIENCE) != first
    assert gone(first)


def test_a_full_queue_says_busy_at_once_and_shows_its_length(pool: WorkerPool) -> None:
    pool.run("pid", patience=PATIENCE)
    with ThreadPoolExecutor(2) as others:
        running = others.submit(pool.run, "nap", patience=PATIENCE)
        time.sleep(0.3)
        queued = others.submit(pool.run, "pid", patience=PATIENCE)
        assert eventually(lambda: pool.waiting == 1)

        with pytest.raises(ProviderUnavailable, match="Too many recordings"):
            pool.run("pid", patience=PATIENCE)

        assert running.result() is None
        assert queued.result() == pool.processes[0]
    assert pool.waiting == 0


def test_whoever_runs_out_of_patience_leaves_and_the_worker_lives(pool: WorkerPool) -> None:
    first = pool.run("pid", patience=PATIENCE)

    with pytest.raises(ProviderUnavailable, match="took too long"):
        pool.run("nap", patience=0.05)

    assert pool.run("pid", patience=PATIENCE) == first


def test_urgent_jobs_go_first() -> None:
    pool = WorkerPool(set_up)
    pool.run("pid", patience=PATIENCE)

    with ThreadPoolExecutor(3) as others:
        others.submit(pool.run, "doze", patience=PATIENCE)
        time.sleep(0.5)
        partial = others.submit(pool.run, "moment", patience=PATIENCE)
        eventually(lambda: pool.waiting == 1)
        final = others.submit(pool.run, "moment", patience=PATIENCE, urgent=True)
    pool.close()

    assert final.result() < partial.result()


def test_a_closed_pool_ends_its_processes_and_threads_and_refuses() -> None:
    pool = WorkerPool(set_up)
    pid = pool.run("pid", patience=PATIENCE)

    pool.close()

    assert gone(pid)
    assert eventually(lambda: not any(t.name == "speech-keeper" for t in threading.enumerate()))
    with pytest.raises(ProviderUnavailable):
        pool.run("pid", patience=PATIENCE)


def test_a_worker_goes_when_its_parent_is_killed() -> None:
    script = (
        "from ai.speech.pool import WorkerPool; from ai.tests.test_speech_pool import set_up; import time;"
        "pool = WorkerPool(set_up); print(pool.run('pid', patience=20), flush=True); time.sleep(60)"
    )
    root = Path(__file__).resolve().parents[2]
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=root)
    assert parent.stdout is not None
    with parent.stdout as lines:
        pid = int(lines.readline())

    parent.kill()
    parent.wait()

    assert eventually(lambda: gone(pid))
