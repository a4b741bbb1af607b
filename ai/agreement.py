"""Joins independent ratings of one answer: what most of them read counts, and how far they are apart is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ai import scoring
from ai.points import (
    NO_EVENT_FLAG,
    WORTH,
    States,
    best_before,
    covered_and_missing,
    level_of_states,
)
from ai.schemas import (
    AnsweredTurn,
    CriterionRating,
    Evaluation,
    EvidenceSpan,
    Levels,
    PlannedQuestion,
    PointFinding,
    PointStateName,
    Provenance,
    RatingPass,
)

MAY_DIFFER = 1
STATES_UP: tuple[PointStateName, ...] = ("contradicted", "not_said", "partly", "said")


def joined(
    evaluations: Sequence[Evaluation],
    question: PlannedQuestion,
    earlier: Sequence[AnsweredTurn] = (),
) -> Evaluation:
    """Return one evaluation for several passes: the states of most passes, and the level that code makes of them.

    Without a majority of scored passes there is no score. A spread of more than one level, or doubt in any pass, hands
    the turn to a person. `earlier` holds the answers before this one to the same question.
    """
    scored = [one for one in evaluations if one["status"] == "scored"]
    if len(scored) * 2 <= len(evaluations):
        return _unscored(evaluations)
    if len(evaluations) == 1:
        return scored[0]
    return _of_several(scored, question, best_before(earlier))


def _of_several(
    scored: Sequence[Evaluation], question: PlannedQuestion, before: States
) -> Evaluation:
    points = [_joined_point(point["id"], scored) for point in question["key_points"]]
    spread = max(_spread(name, scored) for name in _criteria(scored))
    apart = spread > MAY_DIFFER
    flags = _flags(scored)
    states = {one["point"]: one["state"] for one in points}
    no_event = NO_EVENT_FLAG in flags
    best = level_of_states(question["key_points"], states, before, without_event=no_event).best
    levels = _levels(best, scored)
    covered, missing = covered_and_missing(question["key_points"], states, before)
    return {
        "status": "scored",
        "reason": "",
        "score": scoring.score_of(levels),
        "range": scoring.range_of(levels),
        "levels": levels,
        "sure": not apart and all(one["sure"] for one in scored),
        "points": points,
        "ratings": [_rating(name, scored, points, round(best)) for name in _criteria(scored)],
        "covered": covered,
        "missing": missing,
        "feedback": _feedback(scored),
        "flags": [*flags, *(["raters_disagree"] if apart else [])],
        "needs_person": apart or any(one["needs_person"] for one in scored),
        "provenance": _provenance(scored, spread),
    }


def _flags(scored: Sequence[Evaluation]) -> list[str]:
    """Return the flags of any pass; that a story has no event has to be said by most."""
    given = Counter(flag for one in scored for flag in one["flags"])
    return [
        flag for flag, times in given.items() if flag != NO_EVENT_FLAG or times * 2 > len(scored)
    ]


def _levels(best: float, scored: Sequence[Evaluation]) -> Levels:
    """Return the level by code, and the lowest and the highest that any pass holds possible."""
    known = [one["levels"] for one in scored if one["levels"]]
    low = min([best, *(levels["low"] for levels in known)])
    return {"best": best, "low": low, "high": max([best, *(levels["high"] for levels in known)])}


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


def _rating(
    name: str, scored: Sequence[Evaluation], points: Sequence[PointFinding], level: int
) -> CriterionRating:
    """Return the level that counts, with the words of its points, and the rationale of the nearest rater that gave one."""
    given = _given(name, scored)
    nearest = min(given, key=lambda rating: (not rating["rationale"], abs(rating["score"] - level)))
    return {
        "criterion": name,
        "score": level,
        "evidence": _evidence(points),
        "rationale": _reworded(nearest, level) if nearest["rationale"] else "",
    }


def _evidence(points: Sequence[PointFinding]) -> list[EvidenceSpan]:
    spans: list[EvidenceSpan] = [
        {
            "quote": one["quote"],
            "start": one["start"],
            "end": one["end"],
            "start_utf16": one["start_utf16"],
            "end_utf16": one["end_utf16"],
        }
        for one in points
        if one["state"] in WORTH
    ]
    spans.sort(key=lambda span: (span["start"], span["end"]))
    return [span for at, span in enumerate(spans) if span not in spans[:at]]


def _reworded(given: CriterionRating, level: int) -> str:
    """Say of which level a rationale speaks, where that is not the level that counts."""
    words = given["rationale"]
    return words if given["score"] == level else f"(of level {given['score']}) {words}"


def _spread(name: str, scored: Sequence[Evaluation]) -> int:
    levels = [rating["score"] for rating in _given(name, scored)]
    return max(levels) - min(levels)


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
