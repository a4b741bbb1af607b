"""What a client needs to know of a session, in one shape for pages, REST and socket."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from interviews.models import Aside, InterviewSession, Turn
from interviews.services.drafting import draft_revision
from interviews.services.graph_state import evaluation_of

Shape = dict[str, Any]
EVALUATION_FIELDS = (
    "status",
    "reason",
    "score",
    "range",
    "sure",
    "ratings",
    "feedback",
    "flags",
    "needs_person",
)


def question_shape(turn: Turn | None) -> Shape | None:
    """Return what a candidate may know of a question: never key points, anchors or expected answers."""
    if turn is None:
        return None
    return {
        "turn": turn.number,
        "number": turn.question.number,
        "text": turn.text,
        "competency": turn.question.competency,
        "is_follow_up": turn.is_follow_up,
        "time_limit_seconds": turn.question.time_limit_seconds if turn.deadline else None,
        "deadline": turn.deadline,
        "seconds_left": seconds_left(turn.deadline),
        "draft": turn.draft,
        "draft_revision": draft_revision(turn.draft),
        "asides": [aside_shape(aside) for aside in turn.aside_list],
    }


def aside_shape(aside: Aside) -> Shape:
    """Return what was said to us instead of answering, and what we said to it."""
    return {
        "text": aside.text,
        "kind": aside.kind,
        "reply": aside.reply,
        "created_at": aside.created_at.isoformat(),
    }


def seconds_left(deadline: datetime | None) -> int | None:
    if deadline is None:
        return None
    return max(0, round((deadline - timezone.now()).total_seconds()))


def progress_shape(session: InterviewSession) -> Shape:
    """Count the planned questions that are behind the candidate, follow-ups included in theirs."""
    total = len(session.interview.question_list) or session.interview.num_questions
    turns = session.turn_list
    current = next((turn.question_id for turn in turns if turn.is_open), None)
    answered = len({turn.question_id for turn in turns} - {current})
    return {"answered": answered, "total": total, "percent": round(100 * answered / total)}


def evaluation_shape(turn: Turn) -> Shape | None:
    """Return a turn's evaluation with its key points in words."""
    evaluation = evaluation_of(turn)
    if evaluation is None:
        return None
    words = {point["id"]: point["text"] for point in turn.question.key_points}
    return {
        **{name: evaluation[name] for name in EVALUATION_FIELDS},  # type: ignore[literal-required]
        "points": [
            {**found, "point": words[found["point"]]}
            for found in evaluation["points"]
            if found["point"] in words
        ],
        "covered": [words[point] for point in evaluation["covered"] if point in words],
        "missing": [words[point] for point in evaluation["missing"] if point in words],
    }


def turn_shape(turn: Turn, *, with_evaluation: bool) -> Shape:
    answer = turn.given_answer
    return {
        "turn": turn.number,
        "number": turn.question.number,
        "text": turn.text,
        "is_follow_up": turn.is_follow_up,
        "answer": answer.text if answer else None,
        "modality": answer.modality if answer else None,
        "evaluation": evaluation_shape(turn) if with_evaluation else None,
        "asides": [aside_shape(aside) for aside in turn.aside_list],
    }


def session_state(session: InterviewSession) -> Shape:
    """Return everything a candidate's client needs to resume. Evaluations are there in practice only."""
    practice = session.interview.is_practice
    return {
        "session_token": session.token,
        "status": session.status,
        "question": question_shape(session.open_turn),
        "progress": progress_shape(session),
        "turns": [turn_shape(turn, with_evaluation=practice) for turn in session.answered_turns],
        "deadline": session.deadline,
    }
