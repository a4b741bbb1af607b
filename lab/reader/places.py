"""The few sentences of an answer that a point is read against closely."""

from __future__ import annotations

from collections.abc import Sequence

from ai.rating.network import Window
from ai.text import Clause, sentences

LONGEST_PLACE = 80


def place_of(answer: str, window: Window, stretch: Clause) -> str:
    """Return a stretch of an answer with the sentences around it, as many as `LONGEST_PLACE` word pieces hold."""
    begin = window.starts[0]
    around = [
        Clause(one.text, begin + one.start, begin + one.end)
        for one in sentences(answer[begin : window.ends[-1]])
    ]
    touched = [at for at, s in enumerate(around) if s.start < stretch.end and stretch.start < s.end]
    found = _widened(window, around, (touched[0], touched[-1]))
    return answer[stretch.start : stretch.end] if found is None else answer[slice(*found)]


def _widened(
    window: Window, around: Sequence[Clause], place: tuple[int, int]
) -> tuple[int, int] | None:
    """Take in sentences on both sides in turn while they fit; return where it starts and ends, None if it never fitted."""
    found, (first, last) = None, place
    wider: tuple[int, int] | None = place
    while wider:
        (left, right), found = wider, (around[wider[0]].start, around[wider[1]].end)
        sides = sorted(
            ((left - 1, right), (left, right + 1)), key=lambda w: max(first - w[0], w[1] - last)
        )
        wider = next((one for one in sides if _fits(window, around, one)), None)
    return found if _fits(window, around, place) else None


def _fits(window: Window, around: Sequence[Clause], place: tuple[int, int]) -> bool:
    if place[0] < 0 or place[1] >= len(around):
        return False
    start, end = around[place[0]].start, around[place[1]].end
    pieces = zip(window.starts, window.ends, strict=True)
    return sum(a < end and start < b for a, b in pieces) <= LONGEST_PLACE
