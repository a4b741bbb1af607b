"""Writes an answer down."""

from __future__ import annotations

import hashlib

from interviews.models import Answer, Turn


def answer_hash(text: str, modality: str) -> str:
    """Return the SHA-256 of an answer's words and the way they were given."""
    return hashlib.sha256(f"{modality}\n{text}".encode()).hexdigest()


def store_answer(turn: Turn, answer: Answer) -> bool:
    """Write a new answer and move its turn on, inside the caller's transaction; False where it is not open."""
    answered = {"flow": Turn.Flow.ANSWERED, "evaluation": Turn.Evaluation.PENDING}
    if not Turn.objects.open().filter(pk=turn.pk).update(**answered):
        return False
    turn.flow, turn.evaluation = answered["flow"], answered["evaluation"]
    answer.turn, answer.session_id = turn, turn.session_id
    answer.save(force_insert=True)
    return True
