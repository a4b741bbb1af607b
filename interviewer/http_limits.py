"""How much a request may bring and how long it may take; refused by the server, before a byte of it is kept.

Daphne reads a whole body before the application runs, so a limit in Django comes too late.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from daphne.cli import CommandLineInterface
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.server import Server
from django.conf import settings
from django.utils.translation import gettext as _
from twisted.web.http import _GenericHTTPChannelProtocol

from ai.masking import mask
from interviewer.http_errors import ExplainingChannel, error_page, reply

MB = 1024 * 1024
ADMIN_LIMIT = 16 * MB
BYTES_PER_CHARACTER = 12
REST_OF_A_FORM = 64 * 1024
RECORDING_PATHS = re.compile(
    rb"/api/interviews/session/(submit|transcribe)/?$"
    rb"|/api/interviews/demo/complete-workflow/?$"
    rb"|/microphone/try/$"
)
HEADERS_WITHIN = 20.0
BODY_WITHIN = 30.0
BYTES_PER_SECOND = 16 * 1024
LINGER_SECONDS = 2.0
LINGER_BYTES = 16 * MB
BACKLOG = 1024


def body_limit(uri: bytes) -> int:
    """Return how many bytes a request to this address may bring."""
    path = uri.partition(b"?")[0]
    if RECORDING_PATHS.match(path):
        return settings.MAX_RECORDING_MB * MB * 4 // 3 + MB
    if path.startswith(b"/admin/"):
        return ADMIN_LIMIT
    return max(MB, settings.MAX_ANSWER_CHARACTERS * BYTES_PER_CHARACTER + REST_OF_A_FORM)


class LimitedRequest(WebRequest):  # type: ignore[misc]
    """A request that is refused as soon as it is too big, or too slow."""

    limit = MB
    received = 0
    refused = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._parsePOSTFormSubmission = False  # Django reads forms
        self.timer = self.channel.callLater(HEADERS_WITHIN, self.refuse_as_slow)

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        """Judge by the headers: what says that it is too big is not read."""
        super().gotLength(length)
        if self.refused:
            return
        self.limit = body_limit(self.channel._path)
        self.stop_timer()
        if length is not None and length > self.limit:
            self.refuse_as_big()
        elif length != 0:
            within = BODY_WITHIN + (self.limit if length is None else length) / BYTES_PER_SECOND
            self.timer = self.channel.callLater(within, self.refuse_as_slow)

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Count what comes: a body in chunks does not say how big it is."""
        self.received += len(data)
        if self.refused:
            self.drop()
        elif self.received > self.limit:
            self.refuse_as_big()
        else:
            super().handleContentChunk(data)

    def requestReceived(self, *args: Any) -> None:  # noqa: N802 - Twisted's name
        if self.refused:
            self.channel.loseConnection()
            return
        self.stop_timer()
        # Daphne would let any client move the whole site under a path of its choice.
        self.requestHeaders.removeHeader(b"Daphne-Root-Path")
        super().requestReceived(*args)

    def basic_error(self, status: int, status_text: bytes, body: str) -> None:
        """Tell what Daphne itself found: an odd header or path, or an application that broke."""
        kind, page = error_page(HTTPStatus(status), body, as_json=self.reads_json())
        headers = [(b"Content-Type", kind.encode()), (b"Cache-Control", b"no-store")]
        self.handle_reply({"type": "http.response.start", "status": status, "headers": headers})
        self.handle_reply({"type": "http.response.body", "body": page})

    def connectionLost(self, reason: Any) -> None:  # noqa: N802 - Twisted's name
        self.stop_timer()
        super().connectionLost(reason)

    def refuse_as_big(self) -> None:
        limit = self.limit // MB
        detail = _("This is over %(limit)d MB, which is too much to send here.") % {"limit": limit}
        self.refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)

    def refuse_as_slow(self) -> None:
        self.refuse(HTTPStatus.REQUEST_TIMEOUT, _("This took too long to arrive. Send it again."))

    def refuse(self, status: HTTPStatus, detail: str) -> None:
        """Say why, and close. What still comes is thrown away for a moment, so that the reply can be read."""
        self.refused = True
        self.stop_timer()
        self.requestHeaders.removeHeader(b"Expect")
        if self.content is not None:
            self.content.truncate(0)
        self.received = 0
        transport = self.channel.transport
        transport.write(reply(status, detail, as_json=self.reads_json()))
        transport.loseWriteConnection()
        self.timer = self.channel.callLater(LINGER_SECONDS, transport.abortConnection)

    def drop(self) -> None:
        if self.received > LINGER_BYTES:
            self.channel.transport.pauseProducing()

    def reads_json(self) -> bool:
        path = getattr(self.channel, "_path", self.uri) or b""
        accepted = b",".join(self.requestHeaders.getRawHeaders(b"Accept") or [])
        return path.startswith((b"/api/", b"/health")) or b"text/html" not in accepted

    def stop_timer(self) -> None:
        if self.timer.active():
            self.timer.cancel()


class LimitedFactory(HTTPFactory):  # type: ignore[misc]
    """Makes connections whose requests have limits."""

    @staticmethod
    def protocol() -> Any:
        return _GenericHTTPChannelProtocol(ExplainingChannel())  # type: ignore[no-untyped-call]

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 - Twisted's name
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = LimitedRequest
        return protocol


AccessLog = Callable[[str, str, dict[str, Any]], None]


def masked(log: AccessLog) -> AccessLog:
    """Keep what opens a session, or sets a password, out of the access log: it stands in paths."""

    def write(protocol: str, action: str, details: dict[str, Any]) -> None:
        log(protocol, action, {**details, "path": mask(str(details.get("path", "")))})

    return write


def with_backlog(endpoint: str) -> str:
    """Let a whole crowd wait for its connections: of more than Twisted's 50 at once some are reset."""
    return f"{endpoint}:backlog={BACKLOG}" if endpoint.startswith("tcp:") else endpoint


class LimitedServer(Server):  # type: ignore[misc]
    """Daphne with limits. It makes its factory in the middle of `run`, so this puts ours in its place."""

    def __init__(
        self,
        *args: Any,
        endpoints: Sequence[str] = (),
        action_logger: AccessLog | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            *args,
            endpoints=[with_backlog(endpoint) for endpoint in endpoints],
            action_logger=masked(action_logger) if action_logger else None,
            **kwargs,
        )

    @property
    def http_factory(self) -> LimitedFactory:
        return self._http_factory

    @http_factory.setter
    def http_factory(self, _stock: HTTPFactory) -> None:
        self._http_factory = LimitedFactory(self)


class LimitedCommandLine(CommandLineInterface):  # type: ignore[misc]
    """Daphne's command line for a server with limits."""

    server_class = LimitedServer
