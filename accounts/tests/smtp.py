"""A mail server on this machine that takes, refuses or keeps silent, as a test wants it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.test import override_settings


class Server(socketserver.ThreadingTCPServer):
    """Keeps what it was sent; `replies` overrides the answer to a command, and an empty one is silence."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, replies: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.replies = replies
        self.connections = 0
        self.inbox: list[EmailMessage] = []
        self.stopped = threading.Event()


class Conversation(socketserver.StreamRequestHandler):
    """One connection, in the few words of SMTP that a client needs."""

    server: Server

    def handle(self) -> None:
        self.server.connections += 1
        self.say("HELLO", "220 ready")
        while line := self.rfile.readline():
            command = line.decode().split()[0].upper() if line.split() else ""
            self.answer(command, line.decode())

    def answer(self, command: str, line: str) -> None:
        reply = "354 go on" if command == "DATA" else "250 fine"
        said = next((r for part, r in self.server.replies.items() if part in line), None)
        self.say(command, said if said is not None else reply)
        if command == "DATA" and said is None:
            self.server.inbox.append(self.read_message())
            self.say("DONE", "250 taken")

    def say(self, command: str, reply: str) -> None:
        reply = self.server.replies.get(command, reply)
        if not reply:
            self.server.stopped.wait(30)
            return
        self.wfile.write(f"{reply}\r\n".encode())

    def read_message(self) -> EmailMessage:
        lines = b"".join(iter(self.rfile.readline, b".\r\n"))
        return message_from_bytes(lines, policy=policy.default)


@contextmanager
def smtp_server(**replies: str) -> Iterator[Server]:
    """Run one, and let Django send over it with a timeout of a second."""
    with Server({part.replace("_", "@"): reply for part, reply in replies.items()}) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=server.server_address[1],
            EMAIL_TIMEOUT=1,
        ):
            yield server
        server.stopped.set()
        server.shutdown()
