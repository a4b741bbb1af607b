"""From what was read of each key point to a level of the anchored scale, 1 to 5, by code alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

LOWEST, HIGHEST = 1.0, 5.0
ESSENTIAL, ORDINARY = 2.0, 1.0
PARTLY, CONTRADICTED = 0.6, -0.4
# At which weighted share of what was said each level is reached: near where people's levels of labelled answers lie, and a
# little lower, as chances are never quite 1.
SHARES = (0.0, 0.12, 0.38, 0.65, 0.9)
NO_EVENT = 2.0
WIDEST = 2.2
# Four fifths of a normal distribution lie within this many standard deviations.
Z = 1.28


@dataclass(frozen=True, slots=True)
class Chances:
    """How likely a point was said, touched and contradicted, 0-1 each; the rest is that it was not there."""

    said: float
    partly: float
    contradicted: float
    is_essential: bool = False

    @property
    def weight(self) -> float:
        return ESSENTIAL if self.is_essential else ORDINARY

    @property
    def value(self) -> float:
        """What the point is worth on average, from `CONTRADICTED` to 1."""
        return self.said + PARTLY * self.partly + CONTRADICTED * self.contradicted

    @property
    def variance(self) -> float:
        squares = self.said + PARTLY**2 * self.partly + CONTRADICTED**2 * self.contradicted
        return max(0.0, squares - self.value**2)


@dataclass(frozen=True, slots=True)
class Level:
    """The best estimate, 1.0-5.0, and the range that the level is in with about four chances in five."""

    best: float
    low: float
    high: float


def level_of(points: Sequence[Chances]) -> Level:
    """Return the level of an answer from the chances of its points.

    The weighted mean of the points' values is mapped to the scale by straight lines between `SHARES`: monotone, so that
    saying more never lowers a level and contradicting never raises one. Its spread takes the points as independent.
    Raises `ValueError` if there is no point.
    """
    if not points:
        raise ValueError("There is no key point to rate by.")
    total = sum(point.weight for point in points)
    mean = sum(point.weight * point.value for point in points) / total
    spread = math.sqrt(sum(point.weight**2 * point.variance for point in points)) / total
    low, high = (on_scale(mean + side * Z * spread) for side in (-1, 1))
    return Level(on_scale(mean), low, high)


def is_sure(level: Level) -> bool:
    """Tell whether a level can be gone by: its range is no wider than `WIDEST`."""
    return level.high - level.low <= WIDEST


def on_scale(share: float) -> float:
    """Map a weighted share to the scale, 1.0-5.0, by straight lines between `SHARES`."""
    if share <= SHARES[0]:
        return LOWEST
    for number, (low, high) in enumerate(pairwise(SHARES), start=1):
        if share <= high:
            return number + (share - low) / (high - low)
    return HIGHEST


def capped(level: Level, highest: float) -> Level:
    """Return a level that is no higher than `highest`."""
    return Level(*(min(value, highest) for value in (level.best, level.low, level.high)))
