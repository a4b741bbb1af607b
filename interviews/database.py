"""Short database work, asked for on the event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async

P = ParamSpec("P")
T = TypeVar("T")


async def in_database(call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run short database work in a thread; by default all of it would share one thread of the process."""
    result: T = await database_sync_to_async(call, thread_sensitive=False)(*args, **kwargs)
    return result
