"""At most five open sockets for each person, also over several processes if they share Redis."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache

from interviews.live.limits import SILENT_AFTER

if TYPE_CHECKING:
    from interviews.live.consumer import InterviewConsumer

MOST_SOCKETS = 5
KEPT_SECONDS = 60


async def make_room(user_id: int, sockets: Iterable[InterviewConsumer]) -> bool:
    """Tell whether a person may open another one beside these sockets of the process.

    Sockets that are silent although clients ping give way: their connection broke without a word.
    """
    mine = [s for s in sockets if s.right and s.right.user_id == user_id]
    if len(mine) < MOST_SOCKETS:
        return True
    silent = [s for s in mine if s.heard_at < time.monotonic() - SILENT_AFTER]
    for socket in silent:
        await socket.leave(4408)
        await socket.disconnect(4408)
    return len(mine) - len(silent) < MOST_SOCKETS


def take_place(user_id: int, name: str) -> str | None:
    """Take one of a person's places; None if all are taken. Without Redis there is nothing to share: it is empty.

    A place that is not kept is free again after a minute, so a process that died holds none for long.
    """
    if not settings.REDIS_URL:
        return ""
    places = (f"socket:{user_id}:{number}" for number in range(MOST_SOCKETS))
    return next((place for place in places if cache.add(place, name, KEPT_SECONDS)), None)


def keep_places(places: Mapping[str, str]) -> None:
    """Keep the places of sockets that are still open; a Redis that was restarted learns of them again."""
    if places and not getattr(cache, "is_spare", False):
        cache.set_many(dict(places), KEPT_SECONDS)


def give_up_place(place: str) -> None:
    if place:
        cache.delete(place)
