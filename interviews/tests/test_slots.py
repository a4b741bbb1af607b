"""Few work at once, and whoever waits for a provider is not among them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from interviews.services import slots


class Crowd:
    """Counts how many are in a place at once."""

    def __init__(self) -> None:
        self.lock, self.inside, self.most = threading.Lock(), 0, 0

    def stay(self) -> None:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        time.sleep(0.01)
        with self.lock:
            self.inside -= 1


def test_only_a_few_work_at_once() -> None:
    crowd = Crowd()

    def work(_number: int) -> None:
        with slots.work_slot():
            crowd.stay()

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(work, range(40)))

    assert crowd.most == slots.PLACES


def test_waiting_for_a_provider_takes_no_place() -> None:
    together = threading.Barrier(slots.PLACES * 3, timeout=10)

    def work(_number: int) -> None:
        with slots.work_slot(), slots.slot_given_back():
            together.wait()

    with ThreadPoolExecutor(slots.PLACES * 3) as pool:
        list(pool.map(work, range(slots.PLACES * 3)))


def test_without_a_place_there_is_nothing_to_give_back() -> None:
    with slots.slot_given_back():
        pass

    with slots.work_slot():
        pass


def test_a_request_that_returns_goes_before_new_ones() -> None:
    order: list[str] = []
    places = slots.Places(1)
    waiting = [("new", places.take), ("newer", places.take), ("returning", places.take_again)]

    def work(name: str, take: Callable[[], None]) -> None:
        take()
        order.append(name)
        places.leave()

    places.take()
    with ThreadPoolExecutor(len(waiting)) as pool:
        for count, (name, take) in enumerate(waiting, start=1):
            pool.submit(work, name, take)
            while places.waiting < count:
                time.sleep(0.001)
        places.leave()

    assert order == ["returning", "new", "newer"]


def test_a_place_is_given_back_once(monkeypatch: pytest.MonkeyPatch) -> None:
    places = slots.Places(1)
    monkeypatch.setattr(slots, "_places", places)

    with slots.work_slot(), slots.slot_given_back(), slots.slot_given_back():
        assert places.free == 1
    assert places.free == 1
