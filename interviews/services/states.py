"""What a client needs to know of a session, in one shape for pages, REST and socket."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from ai.providers import wording
from ai.schemas import Evaluation
from interviews.models import Aside, InterviewSession, Question, Turn
from interviews.services.drafting import draft_revision
from interviews.services.loaded_session import LoadedSession
from interviews.services.turn.graph_input import evaluation_of

Shape = dict[str, Any]
EVALUATION_FIELDS = (
    "status",
    "reason",
    "score",
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
        "time_limit_seconds": turn.time_limit,
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


def progress_shape(session: LoadedSession) -> Shape:
    """Count the planned questions that are behind the candidate, follow-ups included in theirs."""
    total = len(session.questions) or session.interview.num_questions
    turns = session.turns
    current = next((turn.question_id for turn in turns if turn.is_open), None)
    answered = len({turn.question_id for turn in turns} - {current})
    return {"answered": answered, "total": total, "percent": round(100 * answered / total)}


def is_settled(session: LoadedSession, turn: Turn) -> bool:
    """Tell whether nothing more can be asked of a turn's question, so that what was not said may be shown.

    Follow-ups come right after their question, so the next question settles it, and so does the end. Of a screening only
    those who review it see an evaluation, at any time.
    """
    if session.is_over or not session.interview.is_practice:
        return True
    later = (other for other in session.turns if other.number > turn.number)
    return any(other.question_id != turn.question_id for other in later)


def evaluation_shape(turn: Turn, *, settled: bool) -> Shape | None:
    """Return a turn's evaluation with its key points in words; only what was said while its question is not settled."""
    evaluation = evaluation_of(turn)
    if evaluation is None:
        return None
    shape = in_words(evaluation, turn.question)
    if not settled:
        return _said_only(shape)
    return shape | {"self_check": self_check_points(turn.session, turn)}


def in_words(evaluation: Evaluation, question: Question) -> Shape:
    """Return an evaluation of an answer with the question's key points in words."""
    words = {point["id"]: point["text"] for point in question.key_points}
    return {
        **{name: evaluation[name] for name in EVALUATION_FIELDS},  # type: ignore[literal-required]
        "range": list(evaluation["range"]) if evaluation["range"] else None,
        "points": [
            {**found, "id": found["point"], "point": words[found["point"]]}
            for found in evaluation["points"]
            if found["point"] in words
        ],
        "covered": [words[point] for point in evaluation["covered"] if point in words],
        "missing": [words[point] for point in evaluation["missing"] if point in words],
        "self_check": [],
    }


def self_check_points(session: InterviewSession, turn: Turn) -> list[Shape]:
    """Return the key points that candidates check themselves: those of an answer in practice that could not be rated."""
    answer = turn.given_answer
    is_unrated = turn.evaluation == Turn.Evaluation.NOT_SCORED and session.interview.is_practice
    if not is_unrated or answer is None or not answer.text.strip():
        return []
    return [{"id": point["id"], "point": point["text"]} for point in turn.question.key_points]


def _said_only(shape: Shape) -> Shape:
    """Leave out of an evaluation whatever could tell what is asked next, a model's prose included."""
    said = [point for point in shape["points"] if point["state"] == "said" and point["sure"]]
    doubtful = {point["point"] for point in shape["points"] if not point["sure"]}
    return {
        **shape,
        "points": said,
        "covered": [text for text in shape["covered"] if text not in doubtful],
        "missing": [],
        "ratings": [{**rating, "rationale": ""} for rating in shape["ratings"]],
        "feedback": wording.heard_so_far([point["point"] for point in said]),
    }


def turn_shape(turn: Turn, *, with_evaluation: bool, settled: bool) -> Shape:
    answer = turn.given_answer
    return {
        "turn": turn.number,
        "number": turn.question.number,
        "text": turn.text,
        "is_follow_up": turn.is_follow_up,
        "answer": answer.text if answer else None,
        "modality": answer.modality if answer else None,
        "evaluation": evaluation_shape(turn, settled=settled) if with_evaluation else None,
        "asides": [aside_shape(aside) for aside in turn.aside_list],
    }


def session_state(session: LoadedSession) -> Shape:
    """Return everything a candidate's client needs to resume. Evaluations are there if they see them by now."""
    return {
        "session_token": session.token,
        "status": session.status,
        "question": question_shape(session.open_turn),
        "progress": progress_shape(session),
        "turns": [
            turn_shape(
                turn, with_evaluation=session.shows_evaluations, settled=is_settled(session, turn)
            )
            for turn in session.answered_turns
        ],
        "deadline": session.deadline,
        "time_factor": session.time_factor,
    }
