"""What the server itself answers to a request that never reaches the application."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _
from twisted.web.http import HTTPChannel

from interviewer.problem_types import CONTENT_TYPE, type_of


def error_page(status: HTTPStatus, detail: str, *, as_json: bool) -> tuple[str, bytes]:
    """Return the content type and the body that tell a client of an error."""
    known, phrase = type_of(status), status.phrase
    if as_json:
        kind, title = (known.address, str(known.title)) if known else ("about:blank", phrase)
        problem = {"type": kind, "title": title, "status": status, "detail": detail}
        return CONTENT_TYPE, json.dumps(problem).encode()
    page = f"<!doctype html><title>{phrase}</title><h1>{phrase}</h1><p>{escape(detail)}</p>"
    return "text/html; charset=utf-8", page.encode()


def reply(status: HTTPStatus, detail: str, *, as_json: bool) -> bytes:
    """Return a whole reply, after which the connection is closed."""
    kind, body = error_page(status, detail, as_json=as_json)
    lines = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        "Cache-Control: no-store",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


class ExplainingChannel(HTTPChannel):
    """A connection that says what is wrong with a request that is no HTTP; Twisted would only close."""

    transport: Any

    def _respondToBadRequestAndDisconnect(self) -> None:  # noqa: N802 - Twisted's name
        as_json = self.requests[-1].reads_json() if self.requests else True
        detail = _("This is not HTTP as it should be. Use ASCII and percent-encoding.")
        self.transport.write(reply(HTTPStatus.BAD_REQUEST, detail, as_json=as_json))
        self.loseConnection()  # type: ignore[no-untyped-call]
