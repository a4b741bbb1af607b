"""Tells open pages that a session has moved on; what they then show comes from rows."""

from __future__ import annotations

import asyncio

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer
from redis.exceptions import RedisError

from interviews.models import InterviewSession

_on_their_way: set[asyncio.Task[None]] = set()


def group_of(session_id: int) -> str:
    """Return the name of a session's group in the channel layer."""
    return f"session.{session_id}"


async def announce_async(session_id: int, *, by: str = "") -> None:
    """Tell every socket of a session but `by` to look at it again; a channel layer that is down costs nothing else."""
    message = {"type": "session.changed", "session": session_id, "by": by}
    if not is_heard(session_id):
        return
    try:
        await get_channel_layer().group_send(group_of(session_id), message)
    except (OSError, RedisError):
        return


def is_heard(session_id: int) -> bool:
    """Tell whether anybody may listen; the layer in memory knows, any other has to be told."""
    layer = get_channel_layer()
    is_local = isinstance(layer, InMemoryChannelLayer)
    return not is_local or group_of(session_id) in layer.groups


def announce(session: InterviewSession) -> None:
    """Tell every socket of a session to look at it again."""
    if not is_heard(session.pk):
        return
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        async_to_sync(announce_async)(session.pk)
        return
    task = loop.create_task(announce_async(session.pk))
    _on_their_way.add(task)
    task.add_done_callback(_on_their_way.discard)
