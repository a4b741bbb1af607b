"""Writes an answer down."""

from __future__ import annotations

import hashlib

from interviews.models import Answer, Turn


def answer_hash(text: str, modality: str) -> str:
    """Return the SHA-256 of an answer's words and the way they were given."""
    return hashlib.sha256(f"{modality}\n{text}".encode()).hexdigest()


def store_answer(turn: Turn, text: str, *, modality: str, key: str) -> bool:
    """Write the answer and move the turn on, inside the caller's transaction; False where it is not open."""
    answered = {"flow": Turn.Flow.ANSWERED, "evaluation": Turn.Evaluation.PENDING}
    if not Turn.objects.open().filter(pk=turn.pk).update(**answered):
        return False
    turn.flow, turn.evaluation = answered["flow"], answered["evaluation"]
    Answer.objects.create(
        turn=turn,
        session_id=turn.session_id,
        key=key,
        text=text,
        modality=modality,
        sha256=answer_hash(text, modality),
    )
    return True
