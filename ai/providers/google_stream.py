"""Partial words while somebody speaks: a recording that grows, sent on to Google's streaming recognition."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from queue import Empty, SimpleQueue
from typing import Protocol

from ai.errors import ProviderUnavailable
from ai.providers.base import Transcript

WEBM = b"\x1aE\xdf\xa3"
MOST_BYTES = 24_000
GIVE_UP_AFTER = 30.0


class StreamingSpeech(Protocol):
    """What hears a whole recording, and one that comes in pieces."""

    def listen(self, audio: bytes, *, language: str, phrases: Sequence[str]) -> Transcript: ...

    def stream(
        self, chunks: Iterator[bytes], *, language: str, phrases: Sequence[str]
    ) -> Iterator[tuple[str, bool]]: ...

    def charge_stream(self, seconds: float) -> None: ...


class StreamedTranscript:
    """A `GrowingTranscript`: what streams is for showing only, the transcript that counts is of the whole recording."""

    def __init__(self, speech: StreamingSpeech, language: str, phrases: Sequence[str]) -> None:
        self._speech, self._language, self._phrases = speech, language, tuple(phrases)
        self._waiting: SimpleQueue[bytes] = SimpleQueue()
        self._sent = 0
        self._settled: list[str] = []
        self._interim = ""
        self._thread: threading.Thread | None = None

    @property
    def text(self) -> str:
        """Return what was heard so far, final or not."""
        return " ".join([*self._settled, *([self._interim] if self._interim else [])])

    def feed(self, recording: bytes) -> str:
        """Send on what is new, and return the words so far; other containers than WebM are heard at the end only."""
        if not recording.startswith(WEBM):
            return ""
        fresh, self._sent = recording[self._sent :], len(recording)
        for start in range(0, len(fresh), MOST_BYTES):
            self._waiting.put(fresh[start : start + MOST_BYTES])
        if self._thread is None:
            self._thread = threading.Thread(target=self._hear, daemon=True, name="google-stream")
            self._thread.start()
        return self.text

    def finish(self, recording: bytes) -> Transcript:
        """Return the transcript of the whole recording; raises as `SpeechToText.listen`."""
        self._waiting.put(b"")
        heard = self._speech.listen(recording, language=self._language, phrases=self._phrases)
        if self._thread is not None:
            self._speech.charge_stream(heard.duration_seconds)
        return heard

    def _chunks(self) -> Iterator[bytes]:
        while True:
            try:
                chunk = self._waiting.get(timeout=GIVE_UP_AFTER)
            except Empty:
                return
            if not chunk:
                return
            yield chunk

    def _hear(self) -> None:
        heard = self._speech.stream(self._chunks(), language=self._language, phrases=self._phrases)
        try:
            for text, is_final in heard:
                self._interim = "" if is_final else text
                if is_final and text:
                    self._settled.append(text)
        except ProviderUnavailable:
            return  # there are no partial words then; the whole recording is still heard at its end
