"""Writes an answer down."""

from __future__ import annotations

import hashlib

from django.utils import timezone

from interviews.models import Answer, InterviewSession, Turn


def answer_hash(text: str, modality: str) -> str:
    """Return the SHA-256 of an answer's words and the way they were given."""
    return hashlib.sha256(f"{modality}\n{text}".encode()).hexdigest()


def store_answer(turn: Turn, text: str, *, modality: str, key: str) -> None:
    """Write the answer and move the turn on, inside the caller's transaction."""
    Answer.objects.create(
        turn=turn,
        session_id=turn.session_id,
        key=key,
        text=text,
        modality=modality,
        sha256=answer_hash(text, modality),
    )
    turn.flow, turn.evaluation = Turn.Flow.ANSWERED, Turn.Evaluation.PENDING
    turn.save(update_fields=["flow", "evaluation"])
    InterviewSession.objects.filter(pk=turn.session_id).update(last_seen_at=timezone.now())
