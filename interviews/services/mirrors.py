"""The mirror: how an answer was given, in practice, beside its feedback; it is no part of any score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from ai.delivery import Pauses, Spoken, mirror_of
from interviews.models import InterviewSession, Turn
from interviews.services.states import Shape

EASY_PACE = (100, 170)


def mirror_shape(
    session: InterviewSession, turn: Turn, recordings: Sequence[Shape] = ()
) -> Shape | None:
    """Return what a listener might notice of an answer; None if no words were given."""
    answer = turn.given_answer
    if answer is None or not answer.text.strip():
        return None
    question = turn.question
    mirror = mirror_of(
        answer.text,
        language=session.interview.language,
        terms=question.terms,
        is_story=question.question_type == "behavioral",
        spoken=_spoken(recordings) if answer.is_spoken else None,
    )
    return asdict(mirror) | {
        "limit": turn.time_limit,
        "pace_word": _pace_word(mirror.pace),
        "story": [{"part": part, "found": found} for part, found in mirror.story.items()],
    }


def _spoken(recordings: Sequence[Shape]) -> Spoken | None:
    """Join the recordings of an answer; None if one of them was not transcribed with its length."""
    if not recordings or any("duration_seconds" not in one for one in recordings):
        return None
    heard = " ".join(one.get("text", "") for one in recordings)
    seconds = sum(one["duration_seconds"] for one in recordings)
    return Spoken(heard, seconds, _pauses(recordings))


def _pauses(recordings: Sequence[Shape]) -> Pauses | None:
    """Add up the long pauses within recordings; None if one was transcribed without them."""
    if any(one.get("pauses") is None for one in recordings):
        return None
    count = sum(one["pauses"] for one in recordings)
    return Pauses(count, sum(one["pause_seconds"] for one in recordings))


def _pace_word(pace: int | None) -> str:
    if pace is None:
        return ""
    slow, fast = EASY_PACE
    return "calm" if pace < slow else "brisk" if pace > fast else "easy to follow"
