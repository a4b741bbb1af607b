"""Joins independent ratings of one answer: the median counts, and how far they are apart is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from statistics import fmean

from ai import scoring
from ai.schemas import (
    CriterionRating,
    Evaluation,
    Levels,
    PlannedQuestion,
    PointFinding,
    PointStateName,
    Provenance,
    RatingPass,
)

MAY_DIFFER = 1
STATES_UP: tuple[PointStateName, ...] = ("contradicted", "not_said", "partly", "said")


def joined(evaluations: Sequence[Evaluation], question: PlannedQuestion) -> Evaluation:
    """Return one evaluation for several passes, level by level the median (of two the lower one).

    Without a majority of scored passes there is no score. A spread of more than one level, or doubt in any pass, hands
    the turn to a person.
    """
    scored = [one for one in evaluations if one["status"] == "scored"]
    if len(scored) * 2 <= len(evaluations):
        return _unscored(evaluations)
    if len(evaluations) == 1:
        return scored[0]
    ratings = [_median(name, scored) for name in _criteria(scored)]
    spread = max(_spread(name, scored) for name in _criteria(scored))
    apart = spread > MAY_DIFFER
    flags = dict.fromkeys(flag for one in scored for flag in one["flags"])
    points = [point["id"] for point in question["key_points"]]
    covered = _majority(points, scored, lambda one: one["covered"])
    levels = _levels(ratings, scored)
    return {
        "status": "scored",
        "reason": "",
        "score": scoring.score_of(levels),
        "range": scoring.range_of(levels),
        "levels": levels,
        "sure": not apart and all(one["sure"] for one in scored),
        "points": [_joined_point(point, scored) for point in points],
        "ratings": ratings,
        "covered": covered,
        "missing": [
            point
            for point in _majority(points, scored, lambda one: one["missing"])
            if point not in covered
        ],
        "feedback": _feedback(scored),
        "flags": [*flags, *(["raters_disagree"] if apart else [])],
        "needs_person": apart or any(one["needs_person"] for one in scored),
        "provenance": _provenance(scored, spread),
    }


def _levels(ratings: Sequence[CriterionRating], scored: Sequence[Evaluation]) -> Levels:
    """Return the mean of the medians, and the lowest and the highest that any pass holds possible."""
    best = fmean(rating["score"] for rating in ratings)
    known = [one["levels"] for one in scored if one["levels"]]
    low = min([best, *(levels["low"] for levels in known)])
    return {"best": best, "low": low, "high": max([best, *(one["high"] for one in known)])}


def _joined_point(point: str, scored: Sequence[Evaluation]) -> PointFinding:
    """Return the state that most passes give a point, of equally many the lower; the words are those of the first that gives it."""
    findings = [one for pass_ in scored for one in pass_["points"] if one["point"] == point]
    if not findings:
        return scoring.not_said(point)
    counts = Counter(one["state"] for one in findings)
    state = max(counts, key=lambda name: (counts[name], -STATES_UP.index(name)))
    chosen = next(one for one in findings if one["state"] == state)
    agreed = counts[state] * 2 > len(scored)
    return {**chosen, "sure": chosen["sure"] and agreed}


def _unscored(evaluations: Sequence[Evaluation]) -> Evaluation:
    """Return what is missing most: something to wait for before something that nobody can mend."""
    open_ones = [one for one in evaluations if one["status"] != "scored"]
    return next((one for one in open_ones if one["status"] == "pending"), open_ones[0])


def _criteria(scored: Sequence[Evaluation]) -> list[str]:
    return [rating["criterion"] for rating in scored[0]["ratings"]]


def _given(name: str, scored: Sequence[Evaluation]) -> list[CriterionRating]:
    return [r for one in scored for r in one["ratings"] if r["criterion"] == name]


def _median(name: str, scored: Sequence[Evaluation]) -> CriterionRating:
    """Return the rating in the middle; where its rater gave no words, those of the nearest one that did."""
    ordered = sorted(_given(name, scored), key=lambda rating: rating["score"])
    middle = ordered[(len(ordered) - 1) // 2]
    worded = [rating for rating in ordered if rating["rationale"]]
    if middle["rationale"] or not worded:
        return middle
    nearest = min(worded, key=lambda rating: abs(rating["score"] - middle["score"]))
    return {**middle, "rationale": _reworded(nearest, middle["score"])}


def _reworded(given: CriterionRating, level: int) -> str:
    """Say of which level a rationale speaks, where that is not the level that counts."""
    words = given["rationale"]
    return words if given["score"] == level else f"(of level {given['score']}) {words}"


def _spread(name: str, scored: Sequence[Evaluation]) -> int:
    levels = [rating["score"] for rating in _given(name, scored)]
    return max(levels) - min(levels)


def _majority(
    points: Sequence[str], scored: Sequence[Evaluation], named: Callable[[Evaluation], list[str]]
) -> list[str]:
    return [p for p in points if sum(p in named(one) for one in scored) * 2 > len(scored)]


def _feedback(scored: Sequence[Evaluation]) -> str:
    """Return the feedback that goes with the middle score, among the passes that wrote any."""
    worded = [one for one in scored if one["feedback"]]
    ordered = sorted(worded, key=lambda one: one["score"] or 0)
    return ordered[(len(ordered) - 1) // 2]["feedback"] if ordered else ""


def _provenance(scored: Sequence[Evaluation], spread: int) -> Provenance | None:
    """Return who rated: tokens are added up, the latency is the slowest pass's, for they ran side by side."""
    known = [one["provenance"] for one in scored if one["provenance"]]
    if not known:
        return None
    return {
        **known[0],
        "input_tokens": sum(one["input_tokens"] for one in known),
        "output_tokens": sum(one["output_tokens"] for one in known),
        "latency_ms": max(one["latency_ms"] for one in known),
        "spread": spread,
        "passes": [_pass(one) for one in scored],
    }


def _pass(one: Evaluation) -> RatingPass:
    return {
        "levels": {rating["criterion"]: rating["score"] for rating in one["ratings"]},
        "model": one["provenance"]["model"] if one["provenance"] else "",
    }
