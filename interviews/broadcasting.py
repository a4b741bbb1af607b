"""Sends messages to groups of the channel layer, from a thread or from the event loop; rows are the truth."""

from __future__ import annotations

import asyncio
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer

_on_their_way: set[asyncio.Task[None]] = set()


async def broadcast_async(group: str, message: dict[str, Any]) -> None:
    if is_heard(group):
        await get_channel_layer().group_send(group, message)


def broadcast(group: str, message: dict[str, Any]) -> None:
    """Send a message without waiting for it on the event loop."""
    if not is_heard(group):
        return
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        async_to_sync(broadcast_async)(group, message)
        return
    task = loop.create_task(broadcast_async(group, message))
    _on_their_way.add(task)
    task.add_done_callback(_on_their_way.discard)


def is_heard(group: str) -> bool:
    """Whether anybody may listen; the layer in memory knows, any other has to be told."""
    layer = get_channel_layer()
    return not isinstance(layer, InMemoryChannelLayer) or group in layer.groups
