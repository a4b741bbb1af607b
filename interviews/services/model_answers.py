"""A good answer beside one's own: shown in practice once its question is over, the points paired."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ai.pairing import sentences_about
from interviews.models import Question
from interviews.services.states import Shape

COLOURS = 8


def place_of(number: int) -> Shape:
    """Return what pairs a point with its words on a page: its number in the question, and its colour."""
    return {"number": number, "colour": (number - 1) % COLOURS + 1}


def model_answer(question: Question, own: Sequence[Shape]) -> Shape | None:
    """Return the question's model answer in parts, with one's own answers in theirs; None if it has none."""
    text = question.reference_answer
    if not text.strip():
        return None
    points = [
        {"point": point["text"], **place_of(number)}
        for number, point in enumerate(question.key_points, start=1)
    ]
    places = sentences_about([point["point"] for point in points], text)
    spans = [
        {**point, "start": place.start, "end": place.end}
        for point, place in zip(points, places, strict=True)
        if place
    ]
    answered = [shape for shape in own if shape["answer"]]
    return {"parts": parts_of(text, spans), "points": points, "own": answered}


def parts_of(text: str, spans: Sequence[Shape]) -> list[dict[str, Any]]:
    """Cut a text into pieces, each with the points whose words it holds; templates escape them all."""
    ends = (span[side] for span in spans for side in ("start", "end"))
    cuts = sorted({0, len(text), *ends})
    return [_part(text, start, end, spans) for start, end in pairwise(cuts)]


def _part(text: str, start: int, end: int, spans: Sequence[Shape]) -> dict[str, Any]:
    own = [span for span in spans if span["start"] <= start and end <= span["end"]]
    return {
        "text": text[start:end],
        "start": start,
        "points": own,
        "label": " ".join(str(span["number"]) for span in own if span["end"] == end),
    }
