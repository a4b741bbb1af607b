"""What to practise next, from the results of a practice interview."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from ai.providers.wording import sentence
from interviews.models import Interview

HARDER = {"easy": "medium", "medium": "hard"}
READY_FOR_MORE = 80
MOST_QUESTIONS = 3
MOST_POINTS = 2


def weak_points(results: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what no answer to a question covered, the lowest question first; at most three questions."""
    scored = [item for item in results["questions"] if item["score"] is not None]
    found = [_weak_point(item, results["turns"]) for item in sorted(scored, key=_score)]
    return [weak for weak in found if weak["points"]][:MOST_QUESTIONS]


def _score(item: dict[str, Any]) -> int:
    return int(item["score"])


def _weak_point(item: dict[str, Any], turns: list[dict[str, Any]]) -> dict[str, Any]:
    mine = [turn for turn in turns if turn["number"] == item["question_number"]]
    rated = [
        t["evaluation"] for t in mine if t["evaluation"] and t["evaluation"]["status"] == "scored"
    ]
    missing = [evaluation["missing"] for evaluation in rated]
    never = [point for point in missing[0] if all(point in more for more in missing)]
    return {
        "competency": item["competency"],
        "number": item["question_number"],
        "turn": mine[0]["turn"],
        "points": never[:MOST_POINTS],
    }


def advice(results: dict[str, Any], weak: Sequence[dict[str, Any]]) -> list[str]:
    """Return at most three sentences to take along: what went best, and what to add first and second."""
    scored = [item for item in results["questions"] if item["score"] and item["sure"]]
    best = max(scored, key=_score, default=None)
    first = [f"You told most about {best['competency']}: keep that."] if best else []
    lead = ("Add this first", "Then this")
    more = [
        f"{words}, in {item['competency']}: {sentence(item['points'][0])}"
        for words, item in zip(lead, weak, strict=False)
    ]
    return [*first, *more]


def practise_again(interview: Interview, results: dict[str, Any]) -> dict[str, str]:
    """Return the next interview to set up: the same again, or one step harder after a score that is surely high."""
    lowest, _highest = results["overall_range"] or (0, 0)
    lowest = results["overall_score"] if results["overall_sure"] else lowest
    harder = HARDER.get(interview.difficulty) if lowest >= READY_FOR_MORE else None
    fields = {
        "position": interview.position,
        "interview_type": interview.interview_type,
        "difficulty": harder or interview.difficulty,
        "num_questions": interview.num_questions,
        "follow_ups_per_question": interview.follow_ups_per_question,
        "feedback": interview.feedback,
        "language": interview.language,
    }
    if interview.timed:
        fields |= {"timed": "on", "time_factor": interview.time_factor}
    return {
        "url": f"{reverse('new-interview')}?{urlencode(fields)}",
        "label": "Try it one step harder" if harder else "Practise new questions",
    }
