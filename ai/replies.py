"""The shapes that a language model has to reply in; what is out of range is no reply."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from ai.masking import presentable, visible


def text(shortest: int, longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest)


def for_people(value: Any) -> Any:
    return presentable(value) if isinstance(value, str) else value


def as_quoted(value: Any) -> Any:
    return visible(value) if isinstance(value, str) else value


SHOWN = BeforeValidator(for_people)
Line = Annotated[str, text(2, 300), SHOWN]
Name = Annotated[str, text(2, 80), SHOWN]
Paragraph = Annotated[str, text(0, 1200), SHOWN]
Cited = Annotated[str, text(0, 1000), BeforeValidator(as_quoted)]


class Shape(BaseModel):
    """A reply holds what was asked for and nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PlannedPoint(Shape):
    """One idea of a strong answer, and how to ask for it."""

    text: Line
    follow_up: Line


class PlannedItem(Shape):
    """One question of a plan."""

    text: Annotated[str, text(10, 600), SHOWN]
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


class Level(Shape):
    """One criterion's level."""

    id: str
    level: Annotated[int, Field(ge=1, le=5)]


class PointOpinion(Shape):
    """What the answer does with one key point, and the words that show it."""

    id: str
    state: Literal["said", "partly", "not_said", "contradicted"]
    quote: Cited


class Opinion(Shape):
    """What every rater finds: the points' states by words of the answer, and levels of its own."""

    points: Annotated[list[PointOpinion], Field(max_length=60)]
    levels: Annotated[list[Level], Field(min_length=1)]
    sure: Annotated[float, Field(ge=0, le=1)]


class Judgement(Opinion):
    """What the first rater finds, with words for those who read it; `quotes` are further words for a level, `id: words`."""

    quotes: Annotated[list[Cited], Field(max_length=24)]
    why: Paragraph
    feedback: Paragraph


class FollowUp(Shape):
    """One question more."""

    question: Annotated[str, text(8, 300), SHOWN]


class Summary(Shape):
    """A report in words."""

    summary: Annotated[str, text(20, 1500), SHOWN]
