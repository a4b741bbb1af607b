"""Scores with the range that they are in: a mean that rests on ratings that are not sure is no single figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from ai.schemas import AnsweredTurn, QuestionScore, Report
from interviews.services.states import Shape

MOST_UNSURE = 1 / 3


@dataclass(frozen=True, slots=True)
class Figure:
    """A score, 0-100: the best estimate, the range that is likely, and whether the estimate may stand alone."""

    score: int
    low: int
    high: int
    sure: bool


def question_figures(report: Report, turns: Sequence[AnsweredTurn]) -> dict[int, Figure]:
    """Return the figure of each scored question, by its number."""
    return {
        item["question_number"]: _of_best_answer(item, item["score"], turns)
        for item in report["questions"]
        if item["score"] is not None
    }


def _of_best_answer(item: QuestionScore, score: int, turns: Iterable[AnsweredTurn]) -> Figure:
    """Take the range of the answer that the question counts with."""
    own = (turn["evaluation"] for turn in turns if turn["asked"]["turn"] in item["turns"])
    best = next(one for one in own if one and one["score"] == score)
    low, high = best["range"] or (score, score)
    return Figure(score, low, high, best["sure"] or best["range"] is None)


def figure_of_mean(score: int, found: Sequence[Figure]) -> Figure:
    """Return the figure of a mean; it is not sure if more than a third of what it rests on is not."""
    unsure = sum(not one.sure for one in found)
    low, high = (round(fmean(edge)) for edge in zip(*((f.low, f.high) for f in found), strict=True))
    return Figure(score, low, high, unsure <= len(found) * MOST_UNSURE)


def competency_figures(report: Report, questions: dict[int, Figure]) -> dict[str, Figure]:
    """Return the figure of each scored competency, by its name."""
    names = {item["question_number"]: item["competency"] for item in report["questions"]}
    return {
        item["competency"]: figure_of_mean(
            item["score"],
            [one for number, one in questions.items() if names[number] == item["competency"]],
        )
        for item in report["competencies"]
    }


def overall_figure(report: Report, questions: dict[int, Figure]) -> Figure | None:
    """Return the figure of the total; None if there is no total."""
    score = report["overall_score"]
    return None if score is None else figure_of_mean(score, list(questions.values()))


def figure_shape(figure: Figure | None) -> Shape:
    """Return the range of a figure, and whether its score may be shown alone, JSON-safe."""
    if figure is None:
        return {"range": None, "sure": False}
    return {"range": [figure.low, figure.high], "sure": figure.sure}
