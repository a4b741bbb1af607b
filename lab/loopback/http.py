"""Gemini's REST protocol and OpenAI's, on a port of this machine."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any

from lab.loopback.counting import schema_text, tokens
from lab.loopback.faults import STATUS, Fault
from lab.loopback.spoiling import raw, spoilt

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
    """One request as it came over the wire: its system text, its prompt, all of its body, and its headers."""

    path: str
    system: str
    prompt: str
    body: Json
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class LoopbackModel:
    """What the server does: answers by `answer`, a value that is sent as JSON, unless a fault is next.

    `faults` are used up one per request, then `always` counts. `delay` is the time a good reply takes, `stall` how long
    slow and stalled ones hang, both in seconds; `retry_delay` is what a 429 asks for. Every reply reports the same usage,
    unless the server `counts` tokens. `says` stands in whatever a faulty reply says; one that `echoes` also repeats the
    request there, headers and all. `elsewhere` is where it redirects to, with the status `redirects`. `thought` goes before each good reply. `packing` are the names of the
    codings that each reply is packed in, all of them gzip in truth.
    """

    answer: Answerer
    faults: list[Fault] = field(default_factory=list)
    always: Fault | None = None
    delay: float = 0.0
    stall: float = 3.0
    retry_delay: float = 0.05
    model: str = "gemini-loopback-001"
    counts: bool = False
    says: str = ""
    echoes: bool = False
    elsewhere: str = "http://localhost:1"
    redirects: int = 307
    thought: str = ""
    packing: str = ""
    seen: list[Seen] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def words(self, seen: Seen) -> str:
        """Return what a faulty reply says of itself."""
        echo = f" {seen.headers} {seen.system} {seen.prompt}" if self.echoes else ""
        return f"{self.says}{echo}"

    def next_fault(self) -> Fault | None:
        with self.lock:
            return self.faults.pop(0) if self.faults else self.always


@contextmanager
def model_server(model: LoopbackModel) -> Iterator[str]:
    """Serve `model` and yield the address, such as http://127.0.0.1:4711."""
    handler = type("Handler", (_Handler,), {"model": model})
    server = _Server(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        model.closing.set()
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet: a client that hangs up is no fault here."""


class _Handler(BaseHTTPRequestHandler):
    model: LoopbackModel
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        seen = replace(_seen(self.path, body), headers=dict(self.headers))
        with self.model.lock:
            self.model.seen.append(seen)
        fault = self.model.next_fault()
        if fault in STATUS:
            self._refuse(seen, *STATUS[fault])
        elif fault in {"html", "odd_error", "nested", "huge"}:
            self._send(*raw(fault, self.model.words(seen)))
        elif fault == "redirect":
            address = f"{self.model.elsewhere}{self.path}"
            self._send(b"", status=self.model.redirects, headers={"Location": address})
        elif fault == "reset":
            self._reset()
        else:
            self._reply(seen, fault)

    def _refuse(self, seen: Seen, code: int, status: str) -> None:
        message = f"The loopback says {code}. {self.model.words(seen)}".strip()
        status = status or self.model.words(seen) or "ODD"
        error: Json = {"code": code, "message": message, "status": status}
        if status == "RESOURCE_EXHAUSTED":
            kind = "type.googleapis.com/google.rpc.RetryInfo"
            error["details"] = [{"@type": kind, "retryDelay": f"{self.model.retry_delay}s"}]
        headers = {"Retry-After": f"{self.model.retry_delay}"} if _is_openai(seen) else {}
        self._send(json.dumps({"error": error}).encode(), status=code, headers=headers)

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
        words = self.model.words(seen) or ("odd" if fault == "odd_name" else "")
        if fault and words:
            value = {**value, words: words}
        speak = _openai if _is_openai(seen) else _gemini
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
        status: int = 200,
        kind: str = "application/json",
        *,
        stalled: bool = False,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        for _name in filter(None, self.model.packing.split(",")):
            body, headers = gzip.compress(body), {**headers, "Content-Encoding": self.model.packing}
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
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


def _is_openai(seen: Seen) -> bool:
    return "/chat/completions" in seen.path


def _seen(path: str, body: Json) -> Seen:
    if "messages" in body:
        texts = {message["role"]: message["content"] for message in body["messages"]}
        return Seen(path, texts.get("system", ""), texts.get("user", ""), body)
    system = body.get("systemInstruction", {})
    return Seen(path, _text(system), "\n".join(map(_text, body["contents"])), body)


def _text(content: Json) -> str:
    return "".join(part.get("text", "") for part in content.get("parts", ()))


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
    odd = model.says or "\u202eTIRED"
    if fault == "odd_fields":
        base = {"modelVersion": odd, "usageMetadata": {**counted, "promptTokenCount": -(10**30)}}
    if fault == "prompt_blocked":
        return {**base, "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}
    thoughts: list[Json] = [{"text": model.thought, "thought": True}] if model.thought else []
    parts = [*thoughts, {"text": spoilt(value, fault)}] if fault != "empty" else thoughts
    candidate = {
        "content": {"role": "model", "parts": parts},
        "finishReason": odd if fault == "odd_fields" else FINISH.get(fault or "", "STOP"),
        "index": 0,
    }
    return {**base, "candidates": [candidate] * _candidates(fault)}


def _candidates(fault: Fault | None) -> int:
    return {"no_candidates": 0, "two_candidates": 2}.get(fault or "", 1)


def _openai(model: LoopbackModel, value: Any, fault: Fault | None, usage: Usage) -> Json:
    came_in, went_out, _thought = usage
    odd, is_odd = model.says or "\u202eTIRED", fault == "odd_fields"
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": spoilt(value, fault)},
        "finish_reason": odd if is_odd else OPENAI_FINISH.get(fault or "", "stop"),
    }
    return {
        "id": "chat-1",
        "object": "chat.completion",
        "created": 0,
        "model": odd if is_odd else model.model,
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
