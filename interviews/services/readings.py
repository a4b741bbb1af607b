"""What was read of an answer, as pages show it: points and the words that carry them, paired by number and colour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from types import MappingProxyType

from interviews.models import Question, Turn
from interviews.services.claims import claims_by_turn
from interviews.services.loaded_session import LoadedSession
from interviews.services.mirrors import mirror_shape
from interviews.services.model_answers import model_answer, parts_of, place_of
from interviews.services.results import recordings_of_turn
from interviews.services.states import Shape, is_settled, turn_shape

NONE_HEARD: Mapping[int, Sequence[Shape]] = MappingProxyType({})
NOTHING: frozenset[str] = frozenset()
KINDS = {"said": "heard", "partly": "touched", "contradicted": "opposite"}
ORDER = ("heard", "touched", "opposite", "unsure", "not_heard")
POINTS_A_LEVEL = 25
RATED = (Turn.Evaluation.SCORED, Turn.Evaluation.NOT_SCORED)


def page_turn(session: LoadedSession, turn: Turn) -> Shape:
    """Return one answered turn of a loaded session as a page shows it, with what was heard of it."""
    own = [other for other in session.answered_turns if other.question_id == turn.question_id]
    heard = recordings_of_turn(turn) if turn.given_answer and turn.given_answer.is_spoken else []
    shapes = _of_question(session, own, {turn.number: heard})
    shape = next(shape for shape in shapes if shape["turn"] == turn.number)
    return shape | {"claims": claims_by_turn(session)[turn.pk] if shape["self_check"] else []}


def page_turns(
    session: LoadedSession, heard: Mapping[int, Sequence[Shape]] = NONE_HEARD
) -> list[Shape]:
    """Return the answered turns of a loaded session as pages show them; `heard` are the recordings by the turns' numbers.

    What was not heard, the level, the scale and in practice the model answer stand once, at the last answer to a question,
    and only if nothing more can be asked of it.
    """
    by_question: defaultdict[int, list[Turn]] = defaultdict(list)
    for turn in session.answered_turns:
        by_question[turn.question_id].append(turn)
    own = (_of_question(session, turns, heard) for turns in by_question.values())
    return list(chain.from_iterable(own))


def _of_question(
    session: LoadedSession, turns: Sequence[Turn], heard: Mapping[int, Sequence[Shape]]
) -> list[Shape]:
    """Return the answers to one question; follow-ups come right after it, so the order of turns stays."""
    settled, practice = is_settled(session, turns[-1]), session.interview.is_practice
    mentioned = {point["point"] for turn in turns for point in turn.points if point["quote"]}
    mentioned |= {point for turn in turns for point in turn.covered}
    shown = []
    for turn in turns:
        shape = turn_shape(turn, with_evaluation=True, settled=settled)
        closes = settled and turn is turns[-1]
        shape = as_shown(turn, shape, closes=closes, mentioned=mentioned)
        if practice:
            shape["mirror"] = mirror_shape(session.session, turn, heard.get(turn.number, ()))
            shape["may_repeat"] = settled and turn.evaluation in RATED
        shown.append(shape)
    if settled:
        shown[-1]["question_level"] = _best_level(shown)
        shown[-1]["model"] = model_answer(turns[0].question, shown) if practice else None
    return shown


def _best_level(shapes: Sequence[Shape]) -> Shape | None:
    """Return the level of the answer that the question counts with."""
    scored = [shape for shape in shapes if shape["level"]]
    best = max(scored, key=lambda shape: shape["evaluation"]["score"], default=None)
    return best["level"] if best else None


def as_shown(
    turn: Turn, shape: Shape, *, closes: bool, mentioned: Collection[str] = NOTHING
) -> Shape:
    """Add to a turn's shape what pages show: the answer in parts, the points in groups, the level, and the scale.

    `closes` marks the last answer to a question that is settled; `mentioned` holds the ids of the points that any answer
    to it has words of.
    """
    points = numbered(turn.question, shape["evaluation"])
    listed = [
        point for point in points if point["quote"] or (closes and point["id"] not in mentioned)
    ]
    groups = [{"kind": kind, "points": own} for kind in ORDER if (own := _of_kind(kind, listed))]
    return shape | {
        "parts": answer_parts(shape, points),
        "groups": groups,
        "adds_nothing": turn.is_follow_up
        and bool(turn.points)
        and not any(point["quote"] for point in turn.points),
        "self_check": _to_check(shape["evaluation"]),
        "level": level_shape(shape["evaluation"]),
        "closes": closes,
        "scale": sorted(turn.question.anchors.items()) if closes else [],
    }


def numbered(question: Question, evaluation: Shape | None) -> list[Shape]:
    """Return the findings with their points' numbers in the question, which colours and pairs go by."""
    numbers = {point["id"]: n for n, point in enumerate(question.key_points, start=1)}
    found = evaluation["points"] if evaluation else []
    return [point | place_of(numbers[point["id"]]) for point in found]


def _to_check(evaluation: Shape | None) -> list[Shape]:
    """Return the points that candidates check themselves, numbered as those of the model answer are."""
    points = evaluation["self_check"] if evaluation else []
    return [point | place_of(number) for number, point in enumerate(points, start=1)]


def _of_kind(kind: str, points: Sequence[Shape]) -> list[Shape]:
    return [point for point in points if kind_of(point) == kind]


def kind_of(point: Shape) -> str:
    """Return the group that a finding is shown in: one of `ORDER`."""
    if not point["sure"]:
        return "unsure"
    return KINDS[point["state"]] if point["quote"] else "not_heard"


def answer_parts(shape: Shape, points: Sequence[Shape]) -> list[Shape]:
    """Cut an answer into pieces, each with the points that its words carry.

    An answer that was rated before there were points shows the evidence of its ratings instead.
    """
    spans = [point for point in points if point["quote"]]
    if not spans and not points:
        spans = _evidence(shape["evaluation"])
    return parts_of(shape["answer"] or "", spans)


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
