"""The channel layer in Redis: an outage costs messages, never a request or a socket, and groups are joined again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from channels_redis.core import RedisChannelLayer
from redis.exceptions import RedisError

from interviewer.outages import redis_outage

PATIENCE = 2.0
FIRST_WAIT, LONGEST_WAIT = 0.5, 4.0


class ResilientRedisLayer(RedisChannelLayer):  # type: ignore[misc]
    """Sends as well as it can, and receives again once Redis is back; what was missed stands in rows."""

    def __init__(self, **config: Any) -> None:
        super().__init__(**config)
        self.joined: set[tuple[str, str]] = set()
        self.missing: set[tuple[str, str]] = set()
        self._rejoining: asyncio.Task[None] | None = None

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        await self._try(super().send, channel, message)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        await self._try(super().group_send, group, message)

    async def group_add(self, group: str, channel: str) -> None:
        self.joined.add((group, channel))
        if not await self._try(super().group_add, group, channel):
            self._rejoin_later({(group, channel)})

    async def group_discard(self, group: str, channel: str) -> None:
        self.joined.discard((group, channel))
        await self._try(super().group_discard, group, channel)

    async def receive(self, channel: str) -> dict[str, Any]:
        """Wait for a message, over any number of outages."""
        wait = FIRST_WAIT
        while True:
            try:
                message: dict[str, Any] = await super().receive(channel)
            except (OSError, RedisError) as error:
                redis_outage.begin(error)
                self._rejoin_later(self.joined)
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)
            else:
                return message

    async def _try(self, call: Callable[..., Awaitable[None]], *args: Any) -> bool:
        """Call Redis unless it failed a moment ago; False if it did not answer."""
        if redis_outage.is_on:
            return False
        try:
            async with asyncio.timeout(PATIENCE):
                await call(*args)
        except (OSError, RedisError) as error:
            redis_outage.begin(error)
            return False
        redis_outage.end()
        return True

    def _rejoin_later(self, places: set[tuple[str, str]]) -> None:
        """Join these groups as soon as Redis answers; one that was restarted has forgotten them."""
        self.missing |= places
        loop, task = asyncio.get_running_loop(), self._rejoining
        if task is None or task.done() or task.get_loop() is not loop:
            self._rejoining = loop.create_task(self._rejoin())

    async def _rejoin(self) -> None:
        wait = FIRST_WAIT
        while self.missing:
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)
            for place in list(self.missing):
                if place not in self.joined or await self._try(super().group_add, *place):
                    self.missing.discard(place)
