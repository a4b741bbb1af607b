"""Watches over the open sockets of this process: who may stay, who is idle, and what has changed elsewhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from weakref import WeakSet

from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.db.models import Count, Q
from django.utils import timezone

from interviews.live.limits import IDLE_AFTER
from interviews.models import InterviewSession
from interviews.services.streaming import in_database

if TYPE_CHECKING:
    from interviews.live.consumer import InterviewConsumer

EVERY = 15.0
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
    """Looks at all sockets of this process every 15 s, in a constant number of queries for 500 of them."""

    def __init__(self) -> None:
        self.sockets: WeakSet[InterviewConsumer] = WeakSet()
        self._task: asyncio.Task[None] | None = None

    def add(self, socket: InterviewConsumer) -> None:
        """Watch a socket until it is gone."""
        self.sockets.add(socket)
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.done() or self._task.get_loop() is not loop:
            self._task = loop.create_task(self._go_on())

    async def _go_on(self) -> None:
        while self.sockets:
            await asyncio.sleep(EVERY)
            await self.look()

    async def look(self) -> None:
        """Close what may not stay, and show what has changed."""
        sockets = list(self.sockets)
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
