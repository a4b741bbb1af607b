"""What the states of key points come to over several answers to one question: what is covered, what is missing, the level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ai.rating.levels import LOWEST, NO_EVENT, Chances, Level, capped, level_of
from ai.schemas import AnsweredTurn, KeyPoint, PointStateName

WORTH = {"said": 1.0, "partly": 0.5}
DOUBTED = 0.5
NO_EVENT_FLAG = "no_event"
States = Mapping[str, PointStateName]


def best_before(earlier: Sequence[AnsweredTurn]) -> dict[str, PointStateName]:
    """Return the best state of each point that earlier answers to the question said or touched.

    Rows from before points were kept tell what was covered, which counts as said.
    """
    found: dict[str, PointStateName] = {}
    for turn in earlier:
        for point, state in _states(turn).items():
            if WORTH.get(state, 0) > WORTH.get(found.get(point, ""), 0):
                found[point] = state
    return found


def _states(turn: AnsweredTurn) -> States:
    evaluation = turn["evaluation"]
    if evaluation is None:
        return {}
    if evaluation["points"]:
        return {finding["point"]: finding["state"] for finding in evaluation["points"]}
    return dict.fromkeys(evaluation["covered"], "said")


def event_told_before(earlier: Sequence[AnsweredTurn]) -> bool:
    """Tell whether an earlier answer was rated and told of a real event; asked of stories only."""
    rated = [turn["evaluation"] for turn in earlier if turn["evaluation"]]
    return any(
        one["status"] == "scored" and NO_EVENT_FLAG not in one["flags"] and one["score"]
        for one in rated
    )


def better(before: PointStateName | None, now: Chances) -> Chances:
    """Return what a point is worth over two answers; what is contradicted now was not said before, either."""
    if before is None or WORTH[before] <= now.value or now.contradicted >= DOUBTED:
        return now
    said = 1.0 if before == "said" else 0.0
    return Chances(said, 1 - said, 0.0, now.is_essential)


def covered_and_missing(
    points: Sequence[KeyPoint], now: States, before: States
) -> tuple[list[str], list[str]]:
    """Return the ids of the points that were said so far, and of those that were not.

    An answer that says nothing covers nothing; what it contradicts was not said before, either.
    """
    ids = [point["id"] for point in points]
    said = {point for point in ids if now.get(point) == "said"}
    kept = {p for p in ids if before.get(p) == "said" and now.get(p) != "contradicted"}
    covered = [point for point in ids if said and point in said | kept]
    return covered, [point for point in ids if point not in said | kept]


def level_of_states(
    points: Sequence[KeyPoint], now: States, before: States, *, without_event: bool = False
) -> Level:
    """Return the level of what was said so far, by states that are certain; see `levels.level_of`.

    An answer that says and touches nothing is level 1 by itself; a story `without_event` is at most level 2.
    """
    if not any(state in WORTH for state in now.values()):
        return Level(LOWEST, LOWEST, LOWEST)
    chances = [better(before.get(point["id"]), _certain(point, now)) for point in points]
    level = level_of(chances)
    return capped(level, NO_EVENT) if without_event else level


def _certain(point: KeyPoint, now: States) -> Chances:
    state = now.get(point["id"])
    said, partly, contradicted = (
        float(state == name) for name in ("said", "partly", "contradicted")
    )
    return Chances(said, partly, contradicted, point.get("essential", False))
