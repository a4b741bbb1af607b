"""A figure of quality beside its goal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure beside its goal, rounded to three places; `at_least` says on which side good lies."""

    name: str
    figure: float
    goal: float
    at_least: bool

    @property
    def is_met(self) -> bool:
        return self.figure >= self.goal if self.at_least else self.figure <= self.goal


def at_least(name: str, figure: float, goal: float) -> Measure:
    return Measure(name, round(figure, 3), goal, at_least=True)


def at_most(name: str, figure: float, goal: float) -> Measure:
    return Measure(name, round(figure, 3), goal, at_least=False)
