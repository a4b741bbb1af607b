"""The shapes that a language model has to reply in; what is out of range is no reply."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


def text(shortest: int, longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest)


Line = Annotated[str, text(2, 300)]
Name = Annotated[str, text(2, 80)]
Paragraph = Annotated[str, text(0, 1200)]
Quote = Annotated[str, text(0, 1000)]


class Shape(BaseModel):
    """A reply holds what was asked for and nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PlannedPoint(Shape):
    """One idea of a strong answer, and how to ask for it."""

    text: Line
    follow_up: Line


class PlannedItem(Shape):
    """One question of a plan."""

    text: Annotated[str, text(10, 600)]
    competency: Name
    question_type: Literal["technical", "behavioral", "system_design", "situational"]
    key_points: Annotated[list[PlannedPoint], Field(min_length=3, max_length=6)]
    level_1: Line
    level_3: Line
    level_5: Line
    time_limit_seconds: Annotated[int, Field(ge=30, le=900)]


class Plan(Shape):
    """A whole interview."""

    questions: Annotated[list[PlannedItem], Field(min_length=1, max_length=20)]


class Judged(Shape):
    """One criterion's level, with the words it rests on."""

    criterion: Name
    level: Annotated[int, Field(ge=1, le=5)]
    quotes: Annotated[list[Quote], Field(max_length=12)]
    rationale: Paragraph


class CoveredPoint(Shape):
    """A key point that the answer makes, with the words that make it."""

    id: str
    quote: Quote


class Judgement(Shape):
    """A rating of one answer."""

    ratings: Annotated[list[Judged], Field(min_length=1)]
    covered: list[CoveredPoint]
    feedback: Paragraph
    confidence: Annotated[float, Field(ge=0, le=1)]


class FollowUp(Shape):
    """One question more."""

    question: Annotated[str, text(8, 300)]


class Summary(Shape):
    """A report in words."""

    summary: Annotated[str, text(20, 1500)]
