"""Builds the graph's state from rows, for one run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from ai import scoring
from ai.masking import keep_private
from ai.schemas import (
    AnsweredTurn,
    AskedTurn,
    CriterionRating,
    Evaluation,
    EvaluationStatus,
    GivenAnswer,
    Levels,
    Modality,
    PlannedQuestion,
    Provenance,
)
from ai.state import LangGraphState
from interviews.models import Answer, Rating, Turn
from interviews.services.loaded_session import LoadedSession


def start_state(session: LoadedSession) -> LangGraphState:
    return {
        "stage": "start",
        "spec": session.interview.as_spec(seed=session.token),
        "questions": planned_questions(session),
    }


def answer_state(session: LoadedSession, turn: Turn) -> LangGraphState:
    """Return the state for carrying on after `turn`, or for catching up on its rating."""
    if turn.given_answer is not None:
        keep_private(turn.given_answer.text)
    earlier = [other for other in session.turns if other.number < turn.number]
    return {
        "stage": "answer" if turn.flow == Turn.Flow.ANSWERED else "rate",
        "spec": session.interview.as_spec(seed=session.token),
        "questions": planned_questions(session),
        "history": [answered_turn(other) for other in earlier],
        "asked": asked_turn(turn),
        "answer": given_answer(turn.given_answer),
    }


def planned_questions(session: LoadedSession) -> list[PlannedQuestion]:
    return [question.as_planned() for question in session.questions]


def asked_turn(turn: Turn) -> AskedTurn:
    return {
        "turn": turn.number,
        "question_number": turn.question.number,
        "text": turn.text,
        "is_follow_up": turn.is_follow_up,
        "key_point_id": turn.key_point_id,
    }


def given_answer(answer: Answer | None) -> GivenAnswer:
    if answer is None:
        return {"text": "", "modality": "skipped"}
    return {"text": answer.text, "modality": cast("Modality", answer.modality)}


def answered_turn(turn: Turn) -> AnsweredTurn:
    return {
        "asked": asked_turn(turn),
        "answer": given_answer(turn.given_answer),
        "evaluation": evaluation_of(turn),
    }


def effective_ratings(turn: Turn) -> list[Rating]:
    """Return one rating per criterion: a person's latest wins over the machine's."""
    ratings: dict[str, Rating] = {}
    for rating in sorted(turn.rating_list, key=lambda r: (r.by_person, r.pk)):
        ratings[rating.criterion] = rating
    return list(ratings.values())


def criterion_rating(rating: Rating, answer: str) -> CriterionRating:
    return {
        "criterion": rating.criterion,
        "score": rating.score,
        "evidence": [scoring.with_utf16(answer, span) for span in rating.evidence],
        "rationale": rating.reason if rating.by_person else rating.rationale,
    }


def evaluation_of(turn: Turn) -> Evaluation | None:
    """Return a turn's evaluation as its rows tell it; the score is computed, never stored."""
    if turn.evaluation == Turn.Evaluation.NONE:
        return None
    text = given_answer(turn.given_answer)["text"]
    ratings = [criterion_rating(rating, text) for rating in effective_ratings(turn)]
    scored = turn.evaluation == Turn.Evaluation.SCORED
    by_person = any(rating.by_person for rating in effective_ratings(turn))
    estimate = None if by_person else levels_of(turn)
    score = _score(ratings, estimate) if scored else None
    return {
        "status": cast("EvaluationStatus", turn.evaluation),
        "reason": turn.reason,
        "score": score,
        "range": None if score is None else scoring.range_of(estimate) or [score, score],
        "levels": estimate,
        "sure": scored and (turn.is_sure or by_person),
        "points": turn.points,
        "ratings": ratings,
        "covered": turn.covered,
        "missing": turn.missing,
        "feedback": turn.feedback,
        "flags": turn.flags,
        "needs_person": turn.needs_person,
        "provenance": provenance_of(turn),
    }


def _score(ratings: Sequence[CriterionRating], estimate: Levels | None) -> int:
    """Return the score of the machine's estimate or, if a person rated or there is none, of the levels."""
    if estimate is not None:
        return scoring.score_of(estimate)
    return scoring.score_of_levels({rating["criterion"]: rating["score"] for rating in ratings})


def levels_of(turn: Turn) -> Levels | None:
    """Return the machine's estimate of a turn's level; None if it was rated before there were any."""
    if turn.level is None or turn.lowest_level is None or turn.highest_level is None:
        return None
    return {"best": turn.level, "low": turn.lowest_level, "high": turn.highest_level}


def provenance_of(turn: Turn) -> Provenance | None:
    machine = next((r for r in turn.rating_list if not r.by_person and r.provenance), None)
    return cast("Provenance", machine.provenance) if machine else None
