"""Watches over the open sockets of this process: who may stay, who is idle, and what has changed elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from channels.layers import get_channel_layer
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.db.models import Count, Q
from django.utils import timezone
from redis.exceptions import RedisError

from interviews.live.limits import IDLE_AFTER
from interviews.models import InterviewSession
from interviews.services.announcing import group_of
from interviews.services.streaming import in_database

if TYPE_CHECKING:
    from interviews.live.consumer import InterviewConsumer

EVERY, AGAIN_AFTER = 15.0, 1.0
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Right:
    """By what right a socket is open: a session's candidate, with their password, and how they came in.

    That is a browser's sign-in, or else a ticket at some moment.
    """

    session_id: int
    user_id: int
    password: str
    sign_in: str = ""
    ticket_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A session as it stands: what changes when there is something new to show."""

    version: int
    pending: int
    signed_out_at: datetime | None = field(compare=False)


class Watch:
    """Knows all sockets of this process: it hears for them what changed elsewhere, and looks at them every 15 s.

    One channel of the layer serves the whole process: a channel for each socket would take a tenth of its memory.
    """

    def __init__(self) -> None:
        self.rooms: dict[int, tuple[InterviewConsumer, ...]] = {}
        self._open: asyncio.Task[str] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def sockets(self) -> list[InterviewConsumer]:
        return [socket for room in self.rooms.values() for socket in room]

    async def enter(self, socket: InterviewConsumer) -> None:
        """Watch a socket, and hear of its session, until it leaves."""
        channel = await self._channel()
        others = self.rooms.get(socket.session_id, ())
        self.rooms[socket.session_id] = (*others, socket)
        if not others:
            await self._hear(socket.session_id, channel)

    async def _hear(self, session_id: int, channel: str) -> None:
        await quietly(get_channel_layer().group_add(group_of(session_id), channel))

    async def leave(self, socket: InterviewConsumer) -> None:
        """Let a socket go; where its page comes back in that very moment, it is heard of again."""
        session_id = socket.session_id
        others = tuple(other for other in self.rooms.get(session_id, ()) if other is not socket)
        if others:
            self.rooms[session_id] = others
        elif self.rooms.pop(session_id, None):
            channel = await self._channel()
            await quietly(get_channel_layer().group_discard(group_of(session_id), channel))
            if session_id in self.rooms:
                await self._hear(session_id, channel)

    async def _channel(self) -> str:
        """Return the name of this process's channel; the first who asks on an event loop opens it."""
        loop = asyncio.get_running_loop()
        if self._open is None or self._open.get_loop() is not loop:
            self.rooms = {}
            self._open = loop.create_task(self._begin())
        return await self._open

    async def _begin(self) -> str:
        channel: str = await get_channel_layer().new_channel("watch")
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._listen(channel)), loop.create_task(self._go_on())]
        return channel

    async def _listen(self, channel: str) -> None:
        """Pass on that a session changed to those who show it."""
        while True:
            try:
                message = await get_channel_layer().receive(channel)
            except (OSError, RedisError):
                await asyncio.sleep(AGAIN_AFTER)
                continue
            for socket in self.rooms.get(message.get("session", 0), ()):
                socket.spawn(socket.session_changed(message))

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await self.look()

    async def look(self) -> None:
        """Close what may not stay, and show what has changed."""
        sockets = self.sockets
        for start in range(0, len(sockets), AT_ONCE):
            await self._look_at(sockets[start : start + AT_ONCE])

    async def _look_at(self, sockets: list[InterviewConsumer]) -> None:
        late = time.monotonic() - IDLE_AFTER
        for idle in [s for s in sockets if s.heard_at < late]:
            await idle.leave(4408)
        rights = {s.right for s in sockets if s.right is not None}
        try:
            valid = await in_database(still_valid, rights)
        except DatabaseError:
            return
        for socket in sockets:
            if socket.right is not None:
                await socket.checked(valid.get(socket.right))


async def quietly(call: Awaitable[None]) -> None:
    """Wait for the channel layer; where it is down, looking every 15 s has to do."""
    with contextlib.suppress(OSError, RedisError):
        await call


def still_valid(rights: Collection[Right]) -> dict[Right, Seen]:
    """Return the rights that still hold, with what their sessions look like now; two queries for any number."""
    rows = InterviewSession.objects.filter(pk__in={r.session_id for r in rights})
    pending = Count("turns", filter=Q(turns__evaluation="pending"))
    active = rows.filter(candidate__is_active=True).annotate(pending=pending)
    who = ("pk", "candidate_id", "candidate__password")
    values = active.values_list(*who, "version", "pending", "candidate__signed_out_at")
    now = {(pk, user, password): Seen(*rest) for pk, user, password, *rest in values}
    signed_in = existing_sign_ins({right.sign_in for right in rights if right.sign_in})
    found = {
        right: seen
        for right in rights
        if (seen := now.get((right.session_id, right.user_id, right.password)))
    }
    return {right: seen for right, seen in found.items() if still_in(right, seen, signed_in)}


def still_in(right: Right, seen: Seen, signed_in: Collection[str]) -> bool:
    """Tell whether whoever opened a socket has not signed out since."""
    if right.ticket_at is not None:
        return seen.signed_out_at is None or seen.signed_out_at < right.ticket_at
    return right.sign_in in signed_in


def existing_sign_ins(keys: Collection[str]) -> set[str]:
    """Return the browser sessions that were not ended."""
    running = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return set(running.values_list("session_key", flat=True))


watch = Watch()
