"""Gemini's REST protocol and OpenAI's, on a port of this machine."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ai.loopback.counting import schema_text, tokens
from ai.loopback.faults import STATUS, Fault

Json = dict[str, Any]
Answerer = Callable[["Seen"], Any]
Usage = tuple[int, int, int]
FINISH = {
    "safety": "SAFETY",
    "recitation": "RECITATION",
    "max_tokens": "MAX_TOKENS",
    "unknown_finish": "TIRED",
}
FIXED = (100, 20, 30)
OPENAI_FINISH = {
    "max_tokens": "length",
    "unknown_finish": "tired",
    **dict.fromkeys(("safety", "recitation", "prompt_blocked"), "content_filter"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it came over the wire: its system text, its prompt, and all of its body."""

    path: str
    system: str
    prompt: str
    body: Json


@dataclass
class LoopbackModel:
    """What the server does: answers by `answer`, a value that is sent as JSON, unless a fault is next.

    `faults` are used up one per request, then `always` counts. `delay` is the time a good reply takes, `stall` how long
    slow and stalled ones hang, both in seconds; `retry_delay` is what a 429 asks for. Every reply reports the same usage,
    unless the server `counts` tokens.
    """

    answer: Answerer
    faults: list[Fault] = field(default_factory=list)
    always: Fault | None = None
    delay: float = 0.0
    stall: float = 3.0
    retry_delay: float = 0.05
    model: str = "gemini-loopback-001"
    counts: bool = False
    seen: list[Seen] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_fault(self) -> Fault | None:
        with self.lock:
            return self.faults.pop(0) if self.faults else self.always


@contextmanager
def model_server(model: LoopbackModel) -> Iterator[str]:
    """Serve `model` and yield the address, such as http://127.0.0.1:4711."""
    handler = type("Handler", (_Handler,), {"model": model})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        model.closing.set()
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    model: LoopbackModel
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        seen = _seen(self.path, body)
        with self.model.lock:
            self.model.seen.append(seen)
        fault = self.model.next_fault()
        if fault in STATUS:
            self._refuse(STATUS[fault][0], STATUS[fault][1])
        elif fault == "html":
            self._send(b"<html>Bad gateway</html>", status=502, kind="text/html")
        elif fault == "reset":
            self._reset()
        else:
            self._reply(seen, fault)

    def _refuse(self, code: int, status: str) -> None:
        error: Json = {"code": code, "message": f"The loopback says {code}.", "status": status}
        if status == "RESOURCE_EXHAUSTED":
            kind = "type.googleapis.com/google.rpc.RetryInfo"
            error["details"] = [{"@type": kind, "retryDelay": f"{self.model.retry_delay}s"}]
        self._send(json.dumps({"error": error}).encode(), status=code)

    def _reset(self) -> None:
        """Close so that the other side sees a reset instead of an end."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True
        self.connection.close()

    def _reply(self, seen: Seen, fault: Fault | None) -> None:
        time.sleep(self.model.delay)
        if fault == "slow":
            self.model.closing.wait(self.model.stall)
        value = self.model.answer(seen)
        speak = _openai if "/chat/completions" in seen.path else _gemini
        usage = _usage(seen, spoilt(value, fault)) if self.model.counts else FIXED
        reply = json.dumps(speak(self.model, value, fault, usage)).encode()
        if "stream" in seen.path.lower():
            reply = (
                b"data: " + reply + b"\r\n\r\n" if "alt=sse" in seen.path else b"[" + reply + b"]"
            )
        self._send(reply, stalled=fault == "stalled")

    def _send(
        self,
        body: bytes,
        *,
        status: int = 200,
        kind: str = "application/json",
        stalled: bool = False,
    ) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self._write(body, drip=stalled)
        except OSError:
            self.close_connection = True

    def _write(self, body: bytes, *, drip: bool) -> None:
        """Write a body; a stalled one byte by byte, so that no timeout between two bytes ever runs out."""
        if not drip:
            self.wfile.write(body)
            return
        for at in range(20):
            self.wfile.write(body[at : at + 1])
            self.wfile.flush()
            if self.model.closing.wait(self.model.stall / 20):
                break
        self.close_connection = True


def _seen(path: str, body: Json) -> Seen:
    if "messages" in body:
        texts = {message["role"]: message["content"] for message in body["messages"]}
        return Seen(path, texts.get("system", ""), texts.get("user", ""), body)
    system = body.get("systemInstruction", {})
    return Seen(path, _text(system), "\n".join(map(_text, body["contents"])), body)


def _text(content: Json) -> str:
    return "".join(part.get("text", "") for part in content.get("parts", ()))


def spoilt(value: Any, fault: Fault | None) -> str:
    """Return the text of a reply, spoilt as `fault` says."""
    text = json.dumps(value)
    spoils: dict[str, str] = {
        "max_tokens": text[: len(text) // 2],
        "empty": "",
        "fenced": f"```json\n{text}\n```",
        "trailing_comma": f"{text[:-1]},{text[-1]}",
        "not_json": "Certainly! The candidate did well.",
        "wrong_shape": json.dumps({"verdict": "fine", "level": 9}),
    }
    return spoils.get(fault or "", text)


def _usage(seen: Seen, text: str) -> Usage:
    return tokens(seen.system, seen.prompt, schema_text(seen.body)), tokens(text), 0


def _gemini(model: LoopbackModel, value: Any, fault: Fault | None, usage: Usage) -> Json:
    came_in, went_out, thought = usage
    counted = {
        "promptTokenCount": came_in,
        "candidatesTokenCount": went_out,
        "totalTokenCount": came_in + went_out + thought,
    }
    base: Json = {"modelVersion": model.model, "usageMetadata": counted}
    if fault == "prompt_blocked":
        return {**base, "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}
    parts = [{"text": spoilt(value, fault)}] if fault != "empty" else []
    candidate = {
        "content": {"role": "model", "parts": parts},
        "finishReason": FINISH.get(fault or "", "STOP"),
        "index": 0,
    }
    return {**base, "candidates": [candidate] * _candidates(fault)}


def _candidates(fault: Fault | None) -> int:
    return {"no_candidates": 0, "two_candidates": 2}.get(fault or "", 1)


def _openai(model: LoopbackModel, value: Any, fault: Fault | None, usage: Usage) -> Json:
    came_in, went_out, _thought = usage
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": spoilt(value, fault)},
        "finish_reason": OPENAI_FINISH.get(fault or "", "stop"),
    }
    return {
        "id": "chat-1",
        "object": "chat.completion",
        "created": 0,
        "model": model.model,
        "choices": [choice] * _candidates(fault),
        "usage": {
            "prompt_tokens": came_in,
            "completion_tokens": went_out,
            "total_tokens": came_in + went_out,
        },
    }


def scripted(*values: Any) -> Answerer:
    """Answer with each value in turn, and with the last one ever after."""
    left: Sequence[Any] = values
    lock = threading.Lock()

    def answer(_seen: Seen) -> Any:
        nonlocal left
        with lock:
            value, left = left[0], left[1:] or left[:1]
        return value

    return answer
