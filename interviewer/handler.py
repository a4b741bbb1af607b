"""How a request is worked on: whole, in one thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.core.signals import request_started
from django.db import close_old_connections, reset_queries
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from ai.threads import PassingThreads
from interviewer.middleware import HEALTH_PATHS

MOST_AT_ONCE = 160
MOST_HEALTH_AT_ONCE = 8
LAST_SECONDS = 30.0

_threads = PassingThreads(MOST_AT_ONCE, "request", last_seconds=LAST_SECONDS)
_threads_for_health = PassingThreads(MOST_HEALTH_AT_ONCE, "health")


async def in_parts(content: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Read a file part by part in those threads; Django would read it whole, in the one thread that all share."""
    loop = asyncio.get_running_loop()
    while (part := await loop.run_in_executor(_threads, next, content, None)) is not None:
        yield part


class OneThreadHandler(ASGIHandler):
    """Runs all middlewares and the view, which are plain functions, in a single hop to a thread that is used again.

    Django's own handler makes a thread for each request, and changes threads for each middleware that could also be
    asynchronous: a seventh of what a turn costs.
    """

    def __init__(self) -> None:
        """Take over what these receivers do: on a signal they would do it in a thread that has no connection."""
        super().__init__()
        request_started.disconnect(reset_queries)
        request_started.disconnect(close_old_connections)

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        await self.handle(scope, receive, send)

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        threads = _threads_for_health if request.path_info in HEALTH_PATHS else _threads
        pool = cast("ThreadPoolExecutor", threads)  # asgiref asks for no more than an executor
        in_thread = sync_to_async(self._respond, thread_sensitive=False, executor=pool)
        response = await in_thread(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = in_parts(iter(response))
        return response

    def _respond(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and give the thread's database connection back."""
        reset_queries()
        try:
            return self.get_response(request)
        finally:
            close_old_connections()
