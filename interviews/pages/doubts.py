"""Where a total rests on ratings that are not sure: the range that it is in, to be shown instead of a figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import fmean

from interviews.services.states import Shape

MOST_UNSURE = 1 / 3
Range = tuple[int, int]


def question_ranges(results: Shape) -> dict[int, tuple[Range, bool]]:
    """Return for each scored question the range of its score, 0-100, and whether its score is sure."""
    return {
        item["question_number"]: _range(item, results["turns"])
        for item in results["questions"]
        if item["score"] is not None
    }


def _range(item: Shape, turns: Iterable[Shape]) -> tuple[Range, bool]:
    """Take the range of the answer that the question counts with."""
    own = (turn["evaluation"] for turn in turns if turn["turn"] in item["turns"])
    best = next(one for one in own if one and one["score"] == item["score"])
    low, high = best["range"] or (item["score"], item["score"])
    return (low, high), best["sure"] or best["range"] is None


def range_of_mean(found: Sequence[tuple[Range, bool]]) -> Range | None:
    """Return the range of the questions' mean if more than a third of them are not sure, else None."""
    unsure = sum(not sure for _range_of_it, sure in found)
    if not found or unsure <= len(found) * MOST_UNSURE:
        return None
    lows, highs = zip(*(given for given, _sure in found), strict=True)
    return round(fmean(lows)), round(fmean(highs))
