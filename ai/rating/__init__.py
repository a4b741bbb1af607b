"""Reads answers for the key points of a question, and rates them: on this machine, deterministic, explainable.

`read_answer` is the one way in: pages, REST, socket, `lab` and benchmarks go through it.
"""

from ai.rating.reading import AnswerReading, PointReading, PointState, read_answer
from ai.rating.texts import RatedText, rate_text

RUBRIC = "reading-1"

__all__ = [
    "RUBRIC",
    "AnswerReading",
    "PointReading",
    "PointState",
    "RatedText",
    "rate_text",
    "read_answer",
]
