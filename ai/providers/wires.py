"""How every HTTP client of a provider behaves here: no redirect is followed, a reply has a size, and comes in time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from ai.errors import ReplyUnusable

LARGEST_REPLY = 8 * 1024 * 1024
CHUNK = 64 * 1024
READ_WITHIN = 120.0
PACKED = frozenset({"", "identity", "gzip"})
DEPTH = 4
CLIENTS = ("root_client", "client", "_client", "_httpx_client", "_api_client", "http_client")


def at_most(chunks: Iterator[bytes]) -> bytes:
    """Return a body. Raises `ReplyUnusable` once it is over 8 MB, unpacked, or still comes after two minutes."""
    body, end = bytearray(), time.monotonic() + READ_WITHIN
    for chunk in chunks:
        body += chunk
        if time.monotonic() > end:
            raise ReplyUnusable("The reply took too long to arrive.")
        if len(body) > LARGEST_REPLY:
            raise ReplyUnusable("The reply is too long.")
    return bytes(body)


def check_packing(coding: str) -> None:
    if coding.strip().lower() not in PACKED:
        raise ReplyUnusable("The reply is packed in a way that nobody asked for.")


def read_in_bounds(response: Any) -> None:
    """Read a response of httpx (or of httpx2) no further than a reply may be long.

    It unpacks each piece whole: what is packed twice, or otherwise than by gzip, could fill the memory at once.
    """
    try:
        check_packing(response.headers.get("content-encoding", ""))
        response._content = at_most(response.iter_bytes())
    except ReplyUnusable:
        response.close()
        raise


class Connections(NamedTuple):
    """How many connections a client may have, in the words of httpx and httpx2; our own caller bounds the calls.

    By default 20 are kept, so that each further call of a burst would pay for a handshake.
    """

    max_connections: int | None = None
    max_keepalive_connections: int = 128
    keepalive_expiry: float = 30.0


HTTPX: dict[str, Any] = {
    "follow_redirects": False,
    "event_hooks": {"response": [read_in_bounds]},
    "headers": {"Accept-Encoding": "gzip"},
    "limits": Connections(),
}


def tame(part: Any, depth: int = DEPTH) -> None:
    """Let no httpx client inside a vendor's library follow redirects; what has none is left as it is."""
    if hasattr(part, "follow_redirects") and hasattr(part, "event_hooks"):
        part.follow_redirects = False
    elif depth and hasattr(part, "__dict__"):
        for name in CLIENTS:
            if name in vars(part) or isinstance(getattr(type(part), name, None), cached_property):
                tame(getattr(part, name), depth - 1)
