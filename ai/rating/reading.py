"""Reads an answer: which key points it says, touches, leaves out or contradicts, by which words, and at which level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ai.defence import addresses_rater
from ai.rating.levels import NO_EVENT, Chances, capped, is_sure, level_of
from ai.rating.network import Floats, Window, read_windows
from ai.text import Clause, clauses, in_whole_sentences, sentences, span

STORY = (
    "Tells of one real event from their own experience",
    "Says what they did themselves",
    "Says how it ended",
    "Says what they learnt or would do differently",
)
MENTIONED, CERTAIN = 0.5, 0.9
NEIGHBOUR, WIDEST_GAP = 0.75, 12
TOLD = 0.5


class PointState(StrEnum):
    """What an answer does with a key point."""

    SAID = "said"
    PARTLY = "partly"
    NOT_SAID = "not_said"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class PointReading:
    """What was read of one key point.

    `p_said`, 0-1, is the calibrated chance that the point is said, where touching it counts half; `chances` are all four.
    `quote` are the words that carry it, verbatim (`answer[start:end]`), or empty if it is not said.
    """

    state: PointState
    p_said: float
    quote: str
    start: int
    end: int
    sure: bool
    chances: Chances


@dataclass(frozen=True, slots=True)
class AnswerReading:
    """What was read of an answer: its points in the order given, and its level, 1.0-5.0, with a range.

    `sure` is False if the range is too wide to go by, see `levels.is_sure`. `told` are the chances, 0-1, that a story tells the event, the own
    action, the result and the lesson; empty for other questions.
    """

    points: list[PointReading]
    level: float
    low: float
    high: float
    sure: bool
    told: list[float]


def read_answer(  # noqa: PLR0913 - agreed with all who measure through it
    question: str,
    key_points: Sequence[str],
    answer: str,
    *,
    question_type: str,
    essential: Sequence[bool] | None = None,
    asked: str = "",
    earlier: str = "",
) -> AnswerReading:
    """Read `answer` for each of `key_points`, and rate it.

    `question_type` is technical, behavioral, system_design or situational: a behavioral answer is read as a story, too, and one without an event is
    at most level 2. `essential` marks points that weigh double; without it all weigh alike. `asked` and `earlier` are a
    follow-up's text and the answer before it, which words such as "it" refer to. The reader is trained on English answers
    of this project's makers (`lab/data`). Raises `ValueError` without a key point, and `ModelFileMissing`.
    """
    if not key_points:
        raise ValueError("There is no key point to read for.")
    if essential is not None and len(essential) != len(key_points):
        raise ValueError("Give `essential` once for each key point.")
    is_story = question_type == "behavioral"
    wanted = [*key_points, *(STORY if is_story else ())]
    read = read_windows(_context(question, asked, earlier), wanted, answer)
    weighty = [False] * len(key_points) if essential is None else essential
    points = [
        _point(answer, best_window(read, at), at, is_essential=is_essential)
        for at, is_essential in enumerate(weighty)
    ]
    told = [_chance(read, at) for at in range(len(key_points), len(wanted))]
    level = level_of([point.chances for point in points])
    if told and told[0] < TOLD:
        level = capped(level, NO_EVENT)
    return AnswerReading(points, level.best, level.low, level.high, is_sure(level), told)


def _context(question: str, asked: str, earlier: str) -> str:
    return " ".join(part for part in (asked, question, earlier) if part)


def best_window(read: Sequence[Window], at: int) -> Window | None:
    """Return the window in which a point is mentioned most clearly."""
    return min(read, key=lambda window: float(window.states[at][0]), default=None)


def _chance(read: Sequence[Window], at: int) -> float:
    window = best_window(read, at)
    return 0.0 if window is None else float(window.states[at][1] + window.states[at][2] / 2)


def _point(answer: str, window: Window | None, at: int, *, is_essential: bool) -> PointReading:
    if window is None:
        nothing = Chances(0.0, 0.0, 0.0, is_essential)
        return PointReading(PointState.NOT_SAID, 0.0, "", 0, 0, sure=True, chances=nothing)
    absent, said, partly, contradicted = (float(chance) for chance in window.states[at])
    chances = Chances(said, partly, contradicted, is_essential)
    state, certainty = _state(absent, chances)
    stretch = None if state is PointState.NOT_SAID else stretch_of(answer, window, at)
    if stretch is None:
        return PointReading(
            PointState.NOT_SAID, said + partly / 2, "", 0, 0, certainty >= CERTAIN, chances
        )
    quote = answer[stretch.start : stretch.end]
    return PointReading(
        state, said + partly / 2, quote, stretch.start, stretch.end, certainty >= CERTAIN, chances
    )


def _state(absent: float, chances: Chances) -> tuple[PointState, float]:
    """Return the likeliest state, and how likely it is."""
    if absent >= MENTIONED:
        return PointState.NOT_SAID, absent
    given = {
        PointState.SAID: chances.said,
        PointState.PARTLY: chances.partly,
        PointState.CONTRADICTED: chances.contradicted,
    }
    state = max(given, key=given.__getitem__)
    return state, given[state]


def stretch_of(answer: str, window: Window, at: int) -> Clause | None:
    """Return the clauses of a window that carry a point, in whole sentences: the heaviest, and neighbours nearly as heavy."""
    weights = window.weights[at]
    begin = window.starts[0]
    read = answer[begin : window.ends[-1]]
    parts = clauses(read)
    talk = [one for one in sentences(read) if addresses_rater(one.text)]
    heavy = [
        0.0
        if any(one.start <= part.start < one.end for one in talk)
        else _heaviness(part, begin, window, weights)
        for part in parts
    ]
    if not heavy or not max(heavy):
        return None
    best = int(np.argmax(heavy))
    enough = heavy[best] * NEIGHBOUR
    first = last = best
    while first and heavy[first - 1] >= enough and _touch(parts[first - 1], parts[first]):
        first -= 1
    while (
        last + 1 < len(parts) and heavy[last + 1] >= enough and _touch(parts[last], parts[last + 1])
    ):
        last += 1
    found = in_whole_sentences(read, span(read, parts[first], parts[last]))
    return Clause(found.text, begin + found.start, begin + found.end)


def _touch(one: Clause, following: Clause) -> bool:
    """Tell whether nothing was left out between two clauses; what is left out is blank."""
    return following.start - one.end <= WIDEST_GAP


def _heaviness(part: Clause, begin: int, window: Window, weights: Floats) -> float:
    """Return the mean weight of the pieces of a clause, whose offsets count from `begin`."""
    own = [
        float(weight)
        for weight, start, end in zip(weights, window.starts, window.ends, strict=True)
        if start < begin + part.end and begin + part.start < end
    ]
    return sum(own) / len(own) if own else 0.0
