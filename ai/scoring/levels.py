"""Levels of the anchored scale, 1 to 5, as scores of 0 to 100."""

from __future__ import annotations

from collections.abc import Mapping

from ai.schemas import Levels

LOWEST, HIGHEST = 1, 5


def level_to_score(level: float) -> float:
    """Map a level of the anchored scale, 1 to 5, linearly to 0-100."""
    return (level - LOWEST) * 100 / (HIGHEST - LOWEST)


def weighted_mean(scores: Mapping[str, float], weights: Mapping[str, float] | None = None) -> float:
    """Return the weighted mean of `scores` by name; a missing weight counts as 1.

    Raises `ValueError` where there is nothing to average.
    """
    weight = {name: (weights or {}).get(name, 1.0) for name in scores}
    total = sum(weight.values())
    if total <= 0:
        raise ValueError("No score carries any weight.")
    return sum(scores[name] * weight[name] for name in sorted(scores)) / total


def score_of(levels: Levels) -> int:
    """Return one turn's score, 0-100, from the best estimate of its level."""
    return round(level_to_score(levels["best"]))


def range_of(levels: Levels | None) -> list[int] | None:
    """Return the lowest and the highest score, 0-100; None without an estimate."""
    if levels is None:
        return None
    return [round(level_to_score(levels[bound])) for bound in ("low", "high")]


def score_of_levels(levels: Mapping[str, int]) -> int:
    """Return one turn's score, 0-100, from its levels by criterion."""
    return round(level_to_score(weighted_mean(levels)))
