"""Aggregates the scores of turns into those of questions, competencies and the whole: no model ever computes a total."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from ai.schemas import AnsweredTurn, CompetencyScore, Mode, PlannedQuestion, QuestionScore, Report
from ai.scoring.levels import weighted_mean

STRONG = 75
BANDS = (
    (80, "strong evidence"),
    (60, "good evidence"),
    (40, "mixed evidence"),
    (0, "little evidence"),
)


def question_scores(
    questions: Sequence[PlannedQuestion],
    turns: Sequence[AnsweredTurn],
    *,
    mode: Mode = "screening",
) -> list[QuestionScore]:
    """Score each question by the best of its turns, so that a follow-up can only help.

    A question is None while one of its turns has no score, or while it was not asked at all. In practice an answer that
    cannot be rated is left out instead, since no person is there to rate it.
    """
    counted = [turn for turn in turns if mode == "screening" or not _is_unratable(turn)]
    return [
        {**_question_score(question, counted), "turns": _turns_of(question, turns)}
        for question in questions
    ]


def left_out(
    questions: Sequence[PlannedQuestion], turns: Sequence[AnsweredTurn], *, mode: Mode
) -> list[int]:
    """Return the numbers of those questions of a practice interview that were answered, and none of it could be rated."""
    if mode == "screening":
        return []
    asked = {turn["asked"]["question_number"] for turn in turns}
    counted = {turn["asked"]["question_number"] for turn in turns if not _is_unratable(turn)}
    return [q["number"] for q in questions if q["number"] in asked - counted]


def _is_unratable(turn: AnsweredTurn) -> bool:
    return turn["evaluation"] is not None and turn["evaluation"]["status"] == "not_scored"


def _turns_of(question: PlannedQuestion, turns: Sequence[AnsweredTurn]) -> list[int]:
    own = (turn["asked"] for turn in turns)
    return [asked["turn"] for asked in own if asked["question_number"] == question["number"]]


def _question_score(question: PlannedQuestion, turns: Sequence[AnsweredTurn]) -> QuestionScore:
    own = [turn for turn in turns if turn["asked"]["question_number"] == question["number"]]
    scores = [turn["evaluation"]["score"] if turn["evaluation"] else None for turn in own]
    known = [score for score in scores if score is not None]
    return {
        "question_number": question["number"],
        "competency": question["competency"],
        "score": max(known) if known and len(known) == len(scores) else None,
        "turns": [turn["asked"]["turn"] for turn in own],
    }


def competency_scores(scores: Sequence[QuestionScore]) -> list[CompetencyScore]:
    """Average the scored questions of each competency, in the order of the interview."""
    names = list(dict.fromkeys(score["competency"] for score in scores))
    return [found for name in names if (found := _competency_score(name, scores))]


def _competency_score(name: str, scores: Sequence[QuestionScore]) -> CompetencyScore | None:
    own = [score for score in scores if score["competency"] == name and score["score"] is not None]
    if not own:
        return None
    mean = fmean(score["score"] for score in own if score["score"] is not None)
    return {
        "competency": name,
        "score": round(mean),
        "turns": [turn for score in own for turn in score["turns"]],
    }


def overall_score(scores: Sequence[QuestionScore]) -> int | None:
    """Return the mean over all questions, 0-100, or None while any of them has no score."""
    known = {str(s["question_number"]): float(s["score"]) for s in scores if s["score"] is not None}
    return round(weighted_mean(known)) if known and len(known) == len(scores) else None


def recommendation(overall: int | None) -> str | None:
    """Name the band of an overall score; it describes evidence and decides nothing."""
    return next((name for floor, name in BANDS if overall is not None and overall >= floor), None)


def build_report(
    questions: Sequence[PlannedQuestion],
    turns: Sequence[AnsweredTurn],
    *,
    mode: Mode = "screening",
) -> Report:
    """Compute everything of a report that is a figure; `summary` is left empty for `summarize_interview`.

    It is complete once every question has a score. In practice the total is that of the questions that could be rated;
    it is None, and the report complete, if none of them could.
    """
    scores = question_scores(questions, turns, mode=mode)
    left = left_out(questions, turns, mode=mode)
    competencies = competency_scores(scores)
    counted = [score for score in scores if score["question_number"] not in left]
    overall = overall_score(counted)
    is_complete = overall is not None or (bool(left) and not counted)
    return {
        "status": "complete" if is_complete else "incomplete",
        "overall_score": overall,
        "recommendation": recommendation(overall),
        "competencies": competencies,
        "questions": scores,
        "left_out": left,
        "strengths": [c["competency"] for c in competencies if c["score"] >= STRONG],
        "improvements": [c["competency"] for c in competencies if c["score"] < STRONG],
        "summary": "",
    }
