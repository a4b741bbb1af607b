"""What was read of an answer, as pages show it: points and the words that carry them, paired by number and colour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any

from interviews.models import InterviewSession, Turn
from interviews.services.states import Shape, is_settled, turn_shape

COLOURS = 8
NOTHING: frozenset[str] = frozenset()
KINDS = {"said": "heard", "partly": "touched", "contradicted": "opposite"}
ORDER = ("heard", "touched", "opposite", "unsure", "not_heard")
POINTS_A_LEVEL = 25


def page_turn(session: InterviewSession, turn: Turn) -> Shape:
    """Return one answered turn of a loaded session as a page shows it."""
    return next(shape for shape in page_turns(session) if shape["turn"] == turn.number)


def page_turns(session: InterviewSession) -> list[Shape]:
    """Return the answered turns of a loaded session as pages show them.

    What was not heard stands once, at the last answer to its question, and only if nothing more can be asked of it.
    """
    turns = session.answered_turns
    mentioned: defaultdict[int, set[str]] = defaultdict(set)
    for turn in turns:
        mentioned[turn.question_id] |= {point["point"] for point in turn.points if point["quote"]}
    last = {turn.question_id: turn.number for turn in turns}
    shown = []
    for turn in turns:
        settled = is_settled(session, turn)
        shape = turn_shape(turn, with_evaluation=True, settled=settled)
        closes = settled and last[turn.question_id] == turn.number
        shown.append(as_shown(turn, shape, closes=closes, mentioned=mentioned[turn.question_id]))
    return shown


def as_shown(
    turn: Turn, shape: Shape, *, closes: bool, mentioned: Collection[str] = NOTHING
) -> Shape:
    """Add to a turn's shape what pages show: the answer in parts, the points in groups, the level, and the scale.

    `closes` marks the last answer to a question that is settled; `mentioned` holds the ids of the points that any answer
    to it has words of.
    """
    points = _numbered(turn, shape["evaluation"])
    listed = [
        point for point in points if point["quote"] or (closes and point["id"] not in mentioned)
    ]
    groups = [{"kind": kind, "points": own} for kind in ORDER if (own := _of_kind(kind, listed))]
    return shape | {
        "parts": answer_parts(shape, points),
        "groups": groups,
        "adds_nothing": turn.is_follow_up and not any(point["quote"] for point in points),
        "level": level_shape(shape["evaluation"]),
        "closes": closes,
        "scale": sorted(turn.question.anchors.items()) if closes else [],
    }


def _numbered(turn: Turn, evaluation: Shape | None) -> list[Shape]:
    """Return the findings with their points' numbers in the question, which colours and pairs go by."""
    numbers = {point["id"]: n for n, point in enumerate(turn.question.key_points, start=1)}
    found = evaluation["points"] if evaluation else []
    return [point | _place(numbers[point["id"]]) for point in found]


def _place(number: int) -> Shape:
    return {"number": number, "colour": (number - 1) % COLOURS + 1}


def _of_kind(kind: str, points: Sequence[Shape]) -> list[Shape]:
    return [point for point in points if _kind(point) == kind]


def _kind(point: Shape) -> str:
    if not point["sure"]:
        return "unsure"
    return KINDS[point["state"]] if point["quote"] else "not_heard"


def answer_parts(shape: Shape, points: Sequence[Shape]) -> list[dict[str, Any]]:
    """Cut an answer into pieces, each with the points that its words carry; the template escapes them all.

    An answer that was rated before there were points shows the evidence of its ratings instead.
    """
    answer = shape["answer"] or ""
    spans = [point for point in points if point["quote"]]
    if not spans and not points:
        spans = _evidence(shape["evaluation"])
    ends = (span[side] for span in spans for side in ("start", "end"))
    cuts = sorted({0, len(answer), *ends})
    return [_part(answer, start, end, spans) for start, end in pairwise(cuts)]


def _part(answer: str, start: int, end: int, spans: Sequence[Shape]) -> dict[str, Any]:
    own = [span for span in spans if span["start"] <= start and end <= span["end"]]
    return {
        "text": answer[start:end],
        "start": start,
        "points": own,
        "label": " ".join(str(span["number"]) for span in own if span["end"] == end),
    }


def _evidence(evaluation: Shape | None) -> list[Shape]:
    ratings = evaluation["ratings"] if evaluation else []
    return [{**span, "number": "", "colour": 0} for one in ratings for span in one["evidence"]]


def level_shape(evaluation: Shape | None) -> Shape | None:
    """Return the level of a scored answer if it is sure, else the range that it is in, 1 to 5."""
    if evaluation is None or evaluation["status"] != "scored" or not evaluation["ratings"]:
        return None
    if evaluation["sure"] or evaluation["range"] is None:
        return {"sure": True, "best": evaluation["ratings"][0]["score"]}
    low, high = (round(1 + edge / POINTS_A_LEVEL) for edge in evaluation["range"])
    return {"sure": False, "low": low, "high": high}
