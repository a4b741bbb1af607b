"""Short database work, asked for on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any, ParamSpec, TypeVar

from django.db import close_old_connections

from interviews.services.slots import PLACES

P = ParamSpec("P")
T = TypeVar("T")
threads = ThreadPoolExecutor(PLACES, thread_name_prefix="database")


async def in_database(call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run short database work in threads of its own: the default ones work for everybody, the sensitive one is alone."""
    work: Any = partial(copy_context().run, with_own_connection, call, *args, **kwargs)
    result: T = await asyncio.get_running_loop().run_in_executor(threads, work)
    return result


def with_own_connection(call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call with a connection that is given back."""
    close_old_connections()
    try:
        return call(*args, **kwargs)
    finally:
        close_old_connections()
