"""Threads are used again, are bounded, and end."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from ai.threads import PassingThreads

SOON = 20.0


def until(holds: Callable[[], bool]) -> bool:
    """Wait until something holds, for a while at most."""
    pause = threading.Event()
    for _look in range(int(SOON / 0.01)):
        if holds():
            return True
        pause.wait(0.01)
    return False


def test_a_thread_that_is_free_does_the_next_piece_of_work() -> None:
    threads = PassingThreads(8, "test")

    first = threads.submit(threading.get_ident).result(SOON)
    assert until(lambda: threads._free == 1)
    second = threads.submit(threading.get_ident).result(SOON)

    assert first == second
    assert threads.alive == 1


def test_more_work_than_threads_waits_and_is_done() -> None:
    threads = PassingThreads(2, "test")
    gate = threading.Event()
    seen: set[int] = set()

    def work(number: int) -> int:
        gate.wait(SOON)
        seen.add(threading.get_ident())
        return number

    futures = [threads.submit(work, number) for number in range(50)]
    gate.set()

    assert [future.result(SOON) for future in futures] == list(range(50))
    assert len(seen) <= 2


def test_after_a_burst_no_thread_is_left_and_work_begins_anew() -> None:
    threads = PassingThreads(40, "test", idle_seconds=0.02)
    gate = threading.Barrier(40)
    for future in [threads.submit(gate.wait, SOON) for _thread in range(40)]:
        future.result(SOON)

    assert until(lambda: threads.alive == 0)
    assert threads.submit(lambda: 7).result(SOON) == 7


def test_no_work_is_lost_between_a_thread_that_ends_and_one_that_begins() -> None:
    threads = PassingThreads(3, "test", idle_seconds=0.0)

    done = [threads.submit(int, n).result(SOON) for n in range(500)]

    assert done == list(range(500))


def test_what_work_raises_is_raised_where_it_is_waited_for() -> None:
    threads = PassingThreads(1, "test")

    with pytest.raises(ZeroDivisionError):
        threads.submit(lambda: 1 // 0).result(SOON)
    assert threads.submit(lambda: 1).result(SOON) == 1


def test_draining_waits_for_work_under_way() -> None:
    threads = PassingThreads(1, "test")
    gate = threading.Event()
    done: list[int] = []

    def work() -> None:
        gate.wait(SOON)
        done.append(1)

    threads.start(work)
    gate.set()

    threads.drain(SOON)

    assert done == [1]
