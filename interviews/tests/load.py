"""Candidates who go through their interviews over REST or over a socket, and note whatever happens to them."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect
from websockets.typing import Origin

PATIENCE = 90.0
PAUSE = 0.1


@dataclass
class Candidate:
    """Answers every question; sends an answer again, with its key, until it is acknowledged."""

    address: str
    visit: dict[str, str]
    questions: int
    saved: dict[int, str] = field(default_factory=dict)
    codes: set[int] = field(default_factory=set)
    is_done: Event = field(default_factory=Event)
    seconds: float = PATIENCE
    end: float = field(init=False)

    def __post_init__(self) -> None:
        """Give up after so many seconds."""
        self.end = time.monotonic() + self.seconds

    def words(self, turn: int) -> str:
        """Return an answer of one's own: letters by chance might be taken for another language."""
        own = int.from_bytes(self.visit["token"][:4].encode(), "big")
        return f"k1 for {turn} of {own}"

    def start(self) -> None:
        Thread(target=self.go, daemon=True).start()

    def go(self) -> None:
        turn = 1
        while turn <= self.questions and time.monotonic() < self.end:
            turn = self.answer(turn, self.words(turn))
        if turn > self.questions:
            self.is_done.set()

    def answer(self, turn: int, text: str) -> int:
        """Send the answer once; return the number of the question that is to be answered now."""
        raise NotImplementedError


class RestCandidate(Candidate):
    """Uses the REST API."""

    def answer(self, turn: int, text: str) -> int:
        status = self.post({"turn": turn, "response_text": text}, f"key-{turn}")
        if status == 200:
            self.saved[turn] = text
            return turn + 1
        time.sleep(PAUSE)
        return turn

    def state(self) -> int:
        """Ask for the session as it stands."""
        token, access = self.visit["token"], self.visit["access"]
        headers = {"Authorization": f"Bearer {access}"}
        return self.ask(
            urllib.request.Request(  # noqa: S310 - our own server
                f"{self.address}/api/interviews/session/{token}", headers=headers
            )
        )

    def post(self, body: dict[str, Any], key: str) -> int:
        data = json.dumps({"session_token": self.visit["token"], **body}).encode()
        headers = {
            "Authorization": f"Bearer {self.visit['access']}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        url = f"{self.address}/api/interviews/session/submit"
        return self.ask(urllib.request.Request(url, data, headers))  # noqa: S310

    def ask(self, request: urllib.request.Request) -> int:
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
                status: int = response.status
        except urllib.error.HTTPError as error:
            status = error.code
        self.codes.add(status)
        return status


class SocketCandidate(Candidate):
    """Uses the live room, and opens it again if it is closed."""

    def answer(self, turn: int, text: str) -> int:
        url = f"{self.address.replace('http', 'ws')}/ws/interviews/{self.visit['token']}/"
        headers = {"Cookie": f"sessionid={self.visit['cookie']}"}
        try:
            with connect(
                url, additional_headers=headers, origin=Origin(self.address), open_timeout=PATIENCE
            ) as socket:
                return self.talk(socket, turn)
        except ConnectionClosed as closed:
            self.codes.add(closed.rcvd.code if closed.rcvd else 1006)
        except (InvalidHandshake, OSError):
            self.codes.add(0)
        time.sleep(PAUSE)
        return turn

    def talk(self, socket: Any, turn: int) -> int:
        """Answer one question after the other for as long as the socket lives."""
        turn = self.turn_of(self.hear(socket, "state")["question"])
        while turn <= self.questions and time.monotonic() < self.end:
            text = self.words(turn)
            message = {"type": "answer", "turn": turn, "key": f"key-{turn}", "text": text}
            socket.send(json.dumps(message))
            event = self.hear(socket, "ack", "question", "completed", "error")
            if event["type"] == "ack":
                self.saved[turn] = text
                event = self.hear(socket, "question", "completed", "error")
            if event["type"] == "error":
                time.sleep(PAUSE)
            turn = turn if event["type"] == "error" else self.turn_of(event.get("question"))
        return turn

    def turn_of(self, question: dict[str, Any] | None) -> int:
        return int(question["turn"]) if question else self.questions + 1

    def hear(self, socket: Any, *kinds: str) -> Any:
        while True:
            event = json.loads(socket.recv(PATIENCE))
            if event["type"] in kinds:
                return event
