"""Rates one answer by several raters at the same time, each in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from ai.schemas import Evaluation


def independent(rate: Callable[[int], Evaluation], *, count: int) -> list[Evaluation]:
    """Return what `count` raters find who know nothing of each other; takes about as long as one.

    `rate` is given the number of the rater, from 0. It sees the context of the caller, such as the meter of calls.
    """
    if count == 1:
        return [rate(0)]
    with ThreadPoolExecutor(count, "rater") as threads:
        futures = [threads.submit(copy_context().run, rate, number) for number in range(count)]
    return [future.result() for future in futures]
