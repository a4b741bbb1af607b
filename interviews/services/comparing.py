"""What saying it again has changed: each key point before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from interviews.services.readings import kind_of
from interviews.services.states import Shape

Change = Literal["gained", "lost", "kept", "unsure", "open"]
FINDING = ("state", "sure", "quote")
WORTH: Mapping[str, int] = MappingProxyType(
    {"not_heard": 0, "opposite": 0, "touched": 1, "heard": 2}
)


def changes(before: Shape, after: Shape) -> list[Shape]:
    """Return what became of each key point from one scored evaluation to another, both with their points in words.

    There is nothing to compare if one of them is not scored, or holds no points.
    """
    if before["status"] != "scored" or after["status"] != "scored":
        return []
    earlier = {point["id"]: point for point in before["points"]}
    return [
        _change(earlier[point["id"]], point) for point in after["points"] if point["id"] in earlier
    ]


def _change(before: Shape, after: Shape) -> Shape:
    return {
        "id": after["id"],
        "point": after["point"],
        "change": change_of(kind_of(before), kind_of(after)),
        "before": {name: before[name] for name in FINDING},
        "after": {name: after[name] for name in FINDING},
    }


def change_of(before: str, after: str) -> Change:
    """Name the change between two kinds of reading; doubt about one of them is doubt about the change."""
    if "unsure" in (before, after):
        return "unsure"
    if WORTH[before] == WORTH[after]:
        return "kept" if WORTH[after] else "open"
    return "gained" if WORTH[after] > WORTH[before] else "lost"


def texts_of(found: Sequence[Shape], change: Change) -> list[str]:
    return [one["point"] for one in found if one["change"] == change]
