"""Groups of the channel layer: the sockets of a session, and those of a person. Rows are the truth, never a message."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer

from interviews.models import InterviewSession

_on_their_way: set[asyncio.Task[None]] = set()


def session_group(session_id: int) -> str:
    return f"session.{session_id}"


def user_group(user_id: int) -> str:
    return f"user.{user_id}"


def send(group: str, message: dict[str, Any]) -> None:
    """Send a message to whoever listens: from a thread at once, from an event loop as a task of its own."""
    if not is_heard(group):
        return
    sending = get_channel_layer().group_send(group, message)
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        async_to_sync(_finished)(sending)
        return
    task = loop.create_task(_finished(sending))
    _on_their_way.add(task)
    task.add_done_callback(_on_their_way.discard)


async def _finished(sending: Awaitable[None]) -> None:
    await sending


def is_heard(group: str) -> bool:
    """Tell whether anybody may listen; the layer in memory knows, any other has to be told."""
    layer = get_channel_layer()
    return not isinstance(layer, InMemoryChannelLayer) or group in layer.groups


def announce(session: InterviewSession) -> None:
    """Tell every socket of a session to look at it again."""
    send(session_group(session.pk), {"type": "session.changed", "by": ""})


async def announce_async(session_id: int, *, by: str = "") -> None:
    """Tell every socket of a session but the one whose channel is `by` to look at it again."""
    message = {"type": "session.changed", "by": by}
    await get_channel_layer().group_send(session_group(session_id), message)
