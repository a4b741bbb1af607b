"""Groups of the channel layer: the sockets of a session, and those of a person. Rows are the truth, never a message."""

from __future__ import annotations

from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from interviews.models import InterviewSession


def session_group(session_id: int) -> str:
    return f"session.{session_id}"


def user_group(user_id: int) -> str:
    return f"user.{user_id}"


def send(group: str, message: dict[str, Any]) -> None:
    """Send a message from a thread."""
    async_to_sync(get_channel_layer().group_send)(group, message)


def announce(session: InterviewSession) -> None:
    """Tell every socket of a session to look at it again."""
    send(session_group(session.pk), {"type": "session.changed", "by": ""})


async def announce_async(session_id: int, *, by: str = "") -> None:
    """Tell every socket of a session but the one whose channel is `by` to look at it again."""
    message = {"type": "session.changed", "by": by}
    await get_channel_layer().group_send(session_group(session_id), message)
