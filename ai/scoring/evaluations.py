"""Turns what a provider claims of an answer into a checked evaluation, or says why there is none."""

from __future__ import annotations

from ai.schemas import CriterionRating, Evaluation, PlannedQuestion, ProviderEvaluation
from ai.scoring.evidence import not_said, verify_point, verify_rating
from ai.scoring.levels import LOWEST, range_of, score_of, score_of_levels

DOUBTFUL_FLAGS = frozenset(
    {
        "negation",
        "addresses_rater",
        "low_confidence",
        "steered",
        "raters_disagree",
        "evidence_not_found",
    }
)


def verify_evaluation(claim: ProviderEvaluation, answer: str) -> Evaluation:
    """Turn a provider's claim into a checked evaluation; the turn's score is computed here, 0-100.

    Lost evidence, a doubtful flag or a level that is not sure marks the turn as one that needs a person.
    """
    points = [verify_point(point, answer) for point in claim["points"]]
    ratings = [verify_rating(rating, answer, points) for rating in claim["ratings"]]
    unseen = any(
        kept["state"] != given["state"] for kept, given in zip(points, claim["points"], strict=True)
    )
    lost = any(
        given["quotes"] and kept["score"] < given["score"]
        for kept, given in zip(ratings, claim["ratings"], strict=True)
    )
    levels = {rating["criterion"]: rating["score"] for rating in ratings}
    flags = [*claim["flags"], *(["evidence_not_found"] if lost or unseen else [])]
    estimate = None if lost else claim["levels"]
    score = score_of_levels(levels) if estimate is None else score_of(estimate)
    return {
        "status": "scored",
        "reason": "",
        "score": score,
        "range": range_of(estimate) or [score, score],
        "levels": estimate,
        "sure": claim["sure"],
        "points": points,
        "ratings": ratings,
        "covered": claim["covered"],
        "missing": claim["missing"],
        "feedback": claim["feedback"],
        "flags": flags,
        "needs_person": not claim["sure"] or bool(DOUBTFUL_FLAGS.intersection(flags)),
        "provenance": claim["provenance"],
    }


def unanswered(question: PlannedQuestion, reason: str, *, asked_for: str = "") -> Evaluation:
    """Rate a question that got no answer: level 1, saying why. No model is asked."""
    missing = [asked_for] if asked_for else [point["id"] for point in question["key_points"]]
    rating: CriterionRating = {
        "criterion": question["competency"],
        "score": LOWEST,
        "evidence": [],
        "rationale": reason,
    }
    return {
        "status": "scored",
        "reason": reason,
        "score": 0,
        "range": [0, 0],
        "levels": None,
        "sure": True,
        "points": [not_said(point["id"]) for point in question["key_points"]],
        "ratings": [rating],
        "covered": [],
        "missing": missing,
        "feedback": f"{reason} It counts as level 1.",
        "flags": [],
        "needs_person": False,
        "provenance": None,
    }


def unrated(status: str, reason: str) -> Evaluation:
    """Return an evaluation without any score: `pending` (it will be tried again) or `not_scored`."""
    return {
        "status": "pending" if status == "pending" else "not_scored",
        "reason": reason,
        "score": None,
        "range": None,
        "levels": None,
        "sure": False,
        "points": [],
        "ratings": [],
        "covered": [],
        "missing": [],
        "feedback": "",
        "flags": [],
        "needs_person": status != "pending",
        "provenance": None,
    }
