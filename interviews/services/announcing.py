"""Tells open pages that a session has moved on; what they then show comes from rows."""

from __future__ import annotations

from typing import Any

from interviews.broadcasting import broadcast, broadcast_async
from interviews.models import InterviewSession


def group_of(session_id: int) -> str:
    """Return the name of a session's group in the channel layer."""
    return f"session.{session_id}"


def _message(session_id: int, by: str) -> dict[str, Any]:
    return {"type": "session.changed", "session": session_id, "by": by}


async def announce_async(session_id: int, *, by: str = "") -> None:
    """Tell every socket of a session but `by` to look at it again."""
    await broadcast_async(group_of(session_id), _message(session_id, by))


def announce(session: InterviewSession) -> None:
    """Tell every socket of a session to look at it again."""
    broadcast(group_of(session.pk), _message(session.pk, ""))
