"""Google Cloud Speech's and Text-to-Speech's gRPC protocols, on a port of this machine."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal, get_args

SpeechFault = Literal[
    "400", "403", "429", "500", "503", "504", "slow", "reset", "no_results", "odd_numbers"
]
SPEECH_FAULTS: tuple[SpeechFault, ...] = get_args(SpeechFault)
STATUS = {
    "400": "INVALID_ARGUMENT",
    "403": "PERMISSION_DENIED",
    "429": "RESOURCE_EXHAUSTED",
    "500": "INTERNAL",
    "503": "UNAVAILABLE",
    "504": "DEADLINE_EXCEEDED",
    "reset": "UNAVAILABLE",
}
BEAT = 0.4
DETAILS = "grpc-status-details-bin"


def _retry_info(seconds: int, message: str) -> bytes:
    """Return the trailer in which Google asks to wait."""
    from google.protobuf.any_pb2 import Any as Packed  # noqa: PLC0415 - heavy
    from google.protobuf.duration_pb2 import Duration  # noqa: PLC0415 - heavy
    from google.rpc.error_details_pb2 import RetryInfo  # noqa: PLC0415 - heavy
    from google.rpc.status_pb2 import Status  # noqa: PLC0415 - heavy

    detail = Packed()
    detail.Pack(RetryInfo(retry_delay=Duration(seconds=seconds)))
    return bytes(Status(code=8, message=message, details=[detail]).SerializeToString())


@dataclass
class LoopbackEar:
    """Hears `said` in every recording; `faults` are used up one per request, then `always` counts.

    `says` stands in every refusal; `retry_delay` is the wait in seconds that a refusal asks for.
    """

    said: str = "Hello there."
    faults: list[SpeechFault] = field(default_factory=list)
    always: SpeechFault | None = None
    stall: float = 2.0
    says: str = ""
    retry_delay: int = 0
    seen: list[Any] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def recognize(self, request: Any, context: Any) -> Any:
        self._fail_or_note(request, context)
        heard = self.reply(is_silent=self._last == "no_results")
        if self._last == "odd_numbers":
            heard.results[0].alternatives[0].words[0].confidence = math.nan
            heard.results[0].alternatives[0].words[0].start_time = timedelta(days=-9)
        return heard

    def stream(self, requests: Iterator[Any], context: Any) -> Iterator[Any]:
        """Answer each chunk with one word more than before, and the end with all of them."""
        words, heard = self.said.split(), 0
        self._fail_or_note(next(requests), context)
        if self._last == "no_results":
            yield self.partial("", is_final=True, is_empty=True)
        for request in requests:
            self.seen.append(request)
            if request.streaming_config.config.language_code:
                continue
            heard = min(heard + 1, len(words))
            yield self.partial(" ".join(words[:heard]), is_final=False)
        yield self.partial(self.said, is_final=True)

    def reply(self, *, is_silent: bool) -> Any:
        from google.cloud import speech_v1 as speech  # noqa: PLC0415 - heavy

        if is_silent:
            return speech.RecognizeResponse()
        words = [
            speech.WordInfo(
                word=word,
                start_time=timedelta(seconds=at * BEAT),
                end_time=timedelta(seconds=(at + 1) * BEAT),
                confidence=0.9,
            )
            for at, word in enumerate(self.said.split())
        ]
        best = speech.SpeechRecognitionAlternative(
            transcript=self.said, confidence=0.9, words=words
        )
        result = speech.SpeechRecognitionResult(alternatives=[best])
        return speech.RecognizeResponse(results=[result])

    def partial(self, text: str, *, is_final: bool, is_empty: bool = False) -> Any:
        from google.cloud import speech_v1 as speech  # noqa: PLC0415 - heavy

        best = [] if is_empty else [speech.SpeechRecognitionAlternative(transcript=text)]
        result = speech.StreamingRecognitionResult(alternatives=best, is_final=is_final)
        return speech.StreamingRecognizeResponse(results=[result])

    def speak(self, request: Any, context: Any) -> Any:
        from google.cloud import texttospeech_v1 as tts  # noqa: PLC0415 - heavy

        self._fail_or_note(request, context)
        return tts.SynthesizeSpeechResponse(audio_content=b"OggS" + request.input.text.encode())

    def _fail_or_note(self, request: Any, context: Any) -> None:
        import grpc  # noqa: PLC0415 - heavy

        with self.lock:
            self.seen.append(request)
            self._last = self.faults.pop(0) if self.faults else self.always
        if self._last == "slow":
            self.closing.wait(self.stall)
        if self._last in STATUS:
            status = getattr(grpc.StatusCode, STATUS[self._last])
            message = f"The loopback says {self._last}. {self.says}".strip()
            if self.retry_delay:
                details = _retry_info(self.retry_delay, message)
                context.set_trailing_metadata([(DETAILS, details)])
            context.abort(status, message)

    _last: SpeechFault | None = None


@contextmanager
def speech_server(ear: LoopbackEar) -> Iterator[str]:
    """Serve `ear` and yield the address, such as 127.0.0.1:4711."""
    import grpc  # noqa: PLC0415 - heavy

    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    server.add_generic_rpc_handlers(tuple(_handlers(ear)))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        ear.closing.set()
        server.stop(None).wait(2)


def _handlers(ear: LoopbackEar) -> Iterator[Any]:
    import grpc  # noqa: PLC0415 - heavy
    from google.cloud import speech_v1 as speech  # noqa: PLC0415 - heavy
    from google.cloud import texttospeech_v1 as tts  # noqa: PLC0415 - heavy

    yield grpc.method_handlers_generic_handler(
        "google.cloud.speech.v1.Speech",
        {
            "Recognize": grpc.unary_unary_rpc_method_handler(
                ear.recognize,
                speech.RecognizeRequest.deserialize,
                speech.RecognizeResponse.serialize,
            ),
            "StreamingRecognize": grpc.stream_stream_rpc_method_handler(
                ear.stream,
                speech.StreamingRecognizeRequest.deserialize,
                speech.StreamingRecognizeResponse.serialize,
            ),
        },
    )
    yield grpc.method_handlers_generic_handler(
        "google.cloud.texttospeech.v1.TextToSpeech",
        {
            "SynthesizeSpeech": grpc.unary_unary_rpc_method_handler(
                ear.speak,
                tts.SynthesizeSpeechRequest.deserialize,
                tts.SynthesizeSpeechResponse.serialize,
            )
        },
    )
