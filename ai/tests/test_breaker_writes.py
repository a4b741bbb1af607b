"""What good calls cost, and how soon processes hear of trouble."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from ai.calling import Breaker, MemoryStore, Reply
from ai.errors import ProviderDown, ProviderUnavailable


class CountingStore(MemoryStore):
    """Counts every access."""

    def __init__(self) -> None:
        super().__init__(now=lambda: 0.0)
        self.accesses: Counter[str] = Counter()

    def get(self, key: str, default: Any = None) -> Any:
        self.accesses["get"] += 1
        return super().get(key, default)

    def set(self, key: str, value: Any, timeout: float | None = None) -> None:
        self.accesses["set"] += 1
        super().set(key, value, timeout)

    def delete(self, key: str) -> bool:
        self.accesses["delete"] += 1
        return super().delete(key)


class Moment:
    """A clock that a test moves."""

    seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


def call(breaker: Breaker) -> None:
    breaker.check()
    breaker.succeeded(Reply("", "m", input_tokens=3, output_tokens=2), 0.5)


def test_a_good_call_soon_after_another_touches_no_store() -> None:
    store = CountingStore()
    breaker = Breaker("gemini", store, Moment())
    call(breaker)
    store.accesses.clear()

    for _call in range(100):
        call(breaker)

    assert not store.accesses


def test_figures_are_whole_although_they_are_written_down_late() -> None:
    store, moment = CountingStore(), Moment()
    one, other = Breaker("gemini", store, moment), Breaker("gemini", store, moment)
    for _call in range(10):
        call(one)
        call(other)

    moment.seconds += 6
    call(one)
    state = other.state()

    assert (state["calls"], state["input_tokens"], state["output_tokens"]) == (21, 63, 42)
    assert state["mean_latency_ms"] == 500


def test_another_process_hears_within_a_second_that_a_provider_is_down() -> None:
    store, moment = CountingStore(), Moment()
    one, other = Breaker("gemini", store, moment), Breaker("gemini", store, moment)
    call(other)
    for _failure in range(5):
        one.failed(ProviderUnavailable("503"), 0.1)

    moment.seconds += 1

    with pytest.raises(ProviderDown):
        other.check()


def test_a_process_hears_of_its_own_failures_at_once() -> None:
    breaker = Breaker("gemini", CountingStore(), Moment())
    call(breaker)
    breaker.failed(ProviderUnavailable("429", retry_after=60), 0.1)

    with pytest.raises(ProviderDown):
        breaker.check()


def test_a_success_ends_the_failures_that_another_process_has_counted() -> None:
    store, moment = CountingStore(), Moment()
    one, other = Breaker("gemini", store, moment), Breaker("gemini", store, moment)
    for _failure in range(4):
        one.failed(ProviderUnavailable("503"), 0.1)

    call(other)

    assert one.state()["state"] == "ok"


def test_a_clock_that_is_set_back_does_not_hide_trouble() -> None:
    store, moment = CountingStore(), Moment()
    one, other = Breaker("gemini", store, moment), Breaker("gemini", store, moment)
    call(other)
    moment.seconds -= 500
    for _failure in range(5):
        one.failed(ProviderUnavailable("503"), 0.1)

    with pytest.raises(ProviderDown):
        other.check()
