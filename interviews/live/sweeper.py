"""Sweeps the sockets of this process every 5 s: without Redis, no message of another process reaches them."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from django.db import Error as DatabaseAway

from interviews.database import in_database
from interviews.live.limits import IDLE_AFTER
from interviews.live.places import keep_places
from interviews.live.rights import still_valid

if TYPE_CHECKING:
    from interviews.live.consumer import InterviewConsumer

EVERY = 5.0


class Sweeper:
    """Knows all open sockets of this process."""

    _task: asyncio.Task[None] | None = None

    def __init__(self) -> None:
        self.sockets: list[InterviewConsumer] = []

    def add(self, socket: InterviewConsumer) -> None:
        """Sweep a socket until it leaves `sockets`; the first one on an event loop starts the sweeps."""
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.get_loop() is not loop:
            self.sockets, self._task = [], loop.create_task(self._go_on())
        self.sockets.append(socket)

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.sweep()
            except Exception:
                logging.getLogger(__name__).exception("A sweep of the open sockets failed.")

    async def sweep(self) -> None:
        await self.check(self.sockets[:])
        await in_database(keep_places, {s.place: s.channel_name for s in self.sockets if s.place})

    async def check(self, sockets: list[InterviewConsumer]) -> None:
        """Close sockets that are idle or whose right is gone, and show sessions that have changed."""
        for idle in [s for s in sockets if s.heard_at < time.monotonic() - IDLE_AFTER]:
            await idle.leave(4408)
        try:
            valid = await in_database(still_valid, {s.right for s in sockets if s.right})
        except DatabaseAway:
            return
        for socket in sockets:
            await socket.checked(valid.get(socket.right) if socket.right else None)


sweeper = Sweeper()
