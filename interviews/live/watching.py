"""Watches over the open sockets of this process: who may stay, who is idle, and what has changed elsewhere."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from channels.layers import get_channel_layer
from django.db import Error as DatabaseGone

from interviews.live.limits import IDLE_AFTER, SILENT_AFTER
from interviews.live.places import MOST_SOCKETS, give_up_place, keep_places, take_place
from interviews.live.rights import Right, Seen, still_valid
from interviews.live.signing_out import GROUP, name_of
from interviews.services.announcing import group_of
from interviews.services.streaming import in_database

if TYPE_CHECKING:
    from interviews.live.consumer import InterviewConsumer

logger = logging.getLogger(__name__)
EVERY, AGAIN_AFTER = 5.0, 1.0
REFRESH_EVERY = 4
AT_ONCE = 500


class Watch:
    """Knows all sockets of this process: it hears for them what changed elsewhere, and looks at them every 5 s.

    One channel of the layer serves the whole process: a channel for each socket would take a tenth of its memory.
    """

    def __init__(self) -> None:
        self.rooms: dict[int, tuple[InterviewConsumer, ...]] = {}
        self.looks = 0
        self._open: asyncio.Task[str] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def sockets(self) -> list[InterviewConsumer]:
        return [socket for room in self.rooms.values() for socket in room]

    def sockets_of(self, user_id: int) -> list[InterviewConsumer]:
        return [s for s in self.sockets if s.right is not None and s.right.user_id == user_id]

    async def enter(self, socket: InterviewConsumer, right: Right) -> bool:
        """Watch a socket, and hear of its session, until it leaves; False if its person has too many open."""
        channel = await self._channel()
        await self._make_room(right.user_id)
        if len(self.sockets_of(right.user_id)) >= MOST_SOCKETS:
            return False
        socket.right = right
        others = self.rooms.get(right.session_id, ())
        self.rooms[right.session_id] = (*others, socket)
        if not others:
            await get_channel_layer().group_add(group_of(right.session_id), channel)
        place = await in_database(take_place, right.user_id, socket.name)
        socket.place = place or ""
        return place is not None

    async def _make_room(self, user_id: int) -> None:
        """Let go of sockets that are silent although clients ping: their connection broke without a word."""
        mine = self.sockets_of(user_id)
        silent = [s for s in mine if s.heard_at < time.monotonic() - SILENT_AFTER]
        for socket in silent if len(mine) >= MOST_SOCKETS else []:
            await socket.leave(4408)
            await self.leave(socket)

    async def leave(self, socket: InterviewConsumer) -> None:
        """Let a socket go; if its page comes back in that very moment, it is heard of again."""
        place, socket.place = socket.place, ""
        if place:
            await in_database(give_up_place, place)
        session_id = socket.session_id
        others = tuple(other for other in self.rooms.get(session_id, ()) if other is not socket)
        if others:
            self.rooms[session_id] = others
        elif self.rooms.pop(session_id, None):
            channel = await self._channel()
            await get_channel_layer().group_discard(group_of(session_id), channel)
            if session_id in self.rooms:
                await get_channel_layer().group_add(group_of(session_id), channel)

    async def _channel(self) -> str:
        """Return the name of this process's channel; the first who asks on an event loop opens it."""
        loop = asyncio.get_running_loop()
        if self._open is None or self._open.get_loop() is not loop:
            self.rooms = {}
            self._open = loop.create_task(self._begin())
        return await self._open

    async def _begin(self) -> str:
        channel: str = await get_channel_layer().new_channel("watch")
        await get_channel_layer().group_add(GROUP, channel)
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._listen(channel)), loop.create_task(self._go_on())]
        return channel

    async def _listen(self, channel: str) -> None:
        """Pass messages on for as long as the process lives."""
        while True:
            try:
                await self._take(await get_channel_layer().receive(channel))
            except Exception:
                logger.exception("A message to the sockets of this process was lost.")
                await asyncio.sleep(AGAIN_AFTER)

    async def _take(self, message: dict[str, Any]) -> None:
        """Pass on that a session changed, that somebody signed out, or that an account changed."""
        if message["type"] == "session.changed":
            for socket in self.rooms.get(message["session"], ()):
                socket.spawn(socket.session_changed(message))
        elif message["type"] == "signed.out":
            for socket in self.sockets:
                if socket.right and name_of(socket.right.sign_in) == message["sign_in"]:
                    await socket.leave(4401)
        elif message["type"] == "rights.changed":
            await self._look_at(self.sockets_of(message["user"]))

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.look()
            except Exception:
                logger.exception("A look at the sockets of this process failed.")

    async def look(self) -> None:
        """Close what may not stay, and show what has changed."""
        sockets = self.sockets
        for start in range(0, len(sockets), AT_ONCE):
            await self._look_at(sockets[start : start + AT_ONCE])
        self.looks += 1
        if self.looks % REFRESH_EVERY == 0:
            await self._refresh(sockets)

    async def _refresh(self, sockets: Collection[InterviewConsumer]) -> None:
        """Keep what runs out: places after a minute, and being in a group of the layer after a day."""
        await in_database(keep_places, {s.place: s.name for s in sockets if s.place})
        await get_channel_layer().group_add(GROUP, await self._channel())

    async def _look_at(self, sockets: Collection[InterviewConsumer]) -> None:
        late = time.monotonic() - IDLE_AFTER
        for idle in [s for s in sockets if s.heard_at < late]:
            await idle.leave(4408)
        rights = {s.right for s in sockets if s.right is not None}
        try:
            valid: dict[Right, Seen] = await in_database(still_valid, rights) if rights else {}
        except DatabaseGone:
            return
        for socket in sockets:
            if socket.right is not None:
                await socket.checked(valid.get(socket.right))


watch = Watch()
