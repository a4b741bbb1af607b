"""Counts what calls cost while one piece of work is done, and stops before a cap is passed."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field

from ai.calling.completion import Reply
from ai.errors import BudgetSpent

Prices = Mapping[str, tuple[float, float]]
DEFAULT_PRICE = "default"
MICROS = 1_000_000


def cost_micros(reply: Reply, prices: Prices) -> int:
    """Return what a reply cost, in millionths of the price table's currency.

    A price is (input, output) per million tokens. The longest name that the model's name begins with counts, else
    `default`, else nothing is charged.
    """
    fitting = [name for name in prices if reply.model.startswith(name)]
    price = prices.get(max(fitting, key=len, default=DEFAULT_PRICE), (0.0, 0.0))
    return round(reply.input_tokens * price[0] + reply.output_tokens * price[1])


def audio_micros(name: str, seconds: float, prices: Prices) -> int:
    """Return what hearing `seconds` of sound cost: the first price of `name` counts, per minute; without one nothing does.

    A second that is begun is paid whole, and `default` is for models only.
    """
    per_minute = prices.get(name, (0.0, 0.0))[0]
    return round(math.ceil(seconds) * per_minute * MICROS / 60)


@dataclass(slots=True)
class Meter:
    """What one piece of work has used. `left_micros` is what it may still spend, None for no cap."""

    prices: Prices = field(default_factory=dict)
    left_micros: int | None = None
    reason: str = "The budget for ratings is spent."
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    micros: int = 0
    was_refused: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def check(self) -> None:
        """Raise `BudgetSpent` where the cap is reached."""
        if self.left_micros is not None and self.micros >= self.left_micros:
            self.was_refused = True
            raise BudgetSpent(self.reason)

    def add(self, reply: Reply) -> None:
        with self._lock:
            self.calls += 1
            self.input_tokens += reply.input_tokens
            self.output_tokens += reply.output_tokens
            self.micros += cost_micros(reply, self.prices)

    def add_audio(self, name: str, seconds: float) -> None:
        """Count a call that heard sound. It is never refused: ratings can wait for money, somebody who speaks cannot."""
        with self._lock:
            self.calls += 1
            self.micros += audio_micros(name, seconds, self.prices)


_current: ContextVar[Meter | None] = ContextVar("meter", default=None)


def current_meter() -> Meter | None:
    """Return the meter of the work at hand; threads that the graph starts inherit it."""
    return _current.get()


@contextmanager
def metered(meter: Meter) -> Iterator[Meter]:
    """Count every call inside on `meter`."""
    token = _current.set(meter)
    try:
        yield meter
    finally:
        # A generator that nobody reads to its end is closed from elsewhere, where no meter was ever set.
        with suppress(ValueError):
            _current.reset(token)
