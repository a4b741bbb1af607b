"""Requests under ASGI: each whole in one thread, files part by part."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from asgiref.testing import ApplicationCommunicator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from interviewer.handler import OneThreadHandler, in_parts

pytestmark = pytest.mark.asyncio
HEADERS = [(b"host", b"localhost")]
SOUND = bytes(range(256)) * 1024


async def ask(path: str) -> tuple[int, list[bytes]]:
    """Send a GET; return the status and the parts of the body."""
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": HEADERS}
    communicator: Any = ApplicationCommunicator
    talk = communicator(OneThreadHandler(), scope)
    await talk.send_input({"type": "http.request", "body": b""})
    status = (await talk.receive_output(10))["status"]
    parts, more = [], True
    while more:
        message = await talk.receive_output(10)
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    await talk.wait()
    return status, parts


async def answered_by(answer: HttpResponseBase) -> tuple[int, list[bytes], str]:
    """Let every request be answered by `answer`; also return the name of the thread that did."""
    names: list[str] = []

    def respond(_handler: object, _request: HttpRequest) -> HttpResponseBase:
        names.append(threading.current_thread().name)
        return answer

    with mock.patch.object(OneThreadHandler, "get_response", respond):
        status, parts = await ask("/")
    return status, parts, names[0]


async def test_a_request_is_answered_in_a_thread_of_its_own() -> None:
    status, parts, thread = await answered_by(HttpResponse("hello"))

    assert (status, b"".join(parts)) == (200, b"hello")
    assert thread.startswith("request")


async def test_a_file_is_sent_part_by_part() -> None:
    status, parts, _thread = await answered_by(FileResponse(io.BytesIO(SOUND)))

    assert status == 200
    assert b"".join(parts) == SOUND
    assert sum(bool(part) for part in parts) > 1


async def test_parts_are_read_in_the_threads_of_requests() -> None:
    def content() -> Iterator[bytes]:
        for _ in range(3):
            yield threading.current_thread().name.encode()

    names = [part async for part in in_parts(content())]

    assert len(names) == 3
    assert all(name.startswith(b"request") for name in names)


@pytest.mark.django_db(transaction=True)
async def test_the_product_answers_through_it() -> None:
    status, parts = await ask("/health")

    assert status == 200
    assert b'"status"' in b"".join(parts)
