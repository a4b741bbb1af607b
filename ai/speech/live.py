"""A transcript that keeps up with the speaker, so that only the tail is left at the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from ai.errors import AudioTooLong, AudioUnreadable, ProviderUnavailable
from ai.providers.base import HeardWord, Transcript
from ai.speech import guards, hints
from ai.speech.audio import RATE
from ai.speech.cutting import Span
from ai.speech.ear import Heard, Piece
from ai.speech.pool import WorkerPool

FEED_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one recording may cost: bytes and seconds of sound, and seconds of waiting for its transcript."""

    max_bytes: int = 32 * 1024 * 1024
    max_seconds: float = 900.0
    timeout_seconds: float = 120.0


class LiveTranscript:
    """One recording's transcript, while it is being made and at its end. Threads may share it."""

    def __init__(
        self, pool: WorkerPool, *, language: str, phrases: Sequence[str] = (), limits: Limits
    ) -> None:
        self._pool, self._limits = pool, limits
        self._language = hints.whisper_language(language)
        self._prompt = hints.make_prompt(phrases)
        self._lock = threading.Lock()
        self._texts: list[str] = []
        self._words: list[HeardWord] = []
        self._speech: list[Span] = []
        self._settled = self._previewed = 0
        self._preview: list[HeardWord] = []

    @property
    def text(self) -> str:
        """Return what is settled so far, and after it what is only a preview yet."""
        later = [
            word.text for word in self._preview if word.start + word.end > 2 * self._settled / RATE
        ]
        return " ".join(filter(None, [*self._texts, "".join(later).strip()]))

    def feed(self, recording: bytes) -> str:
        """Take the recording so far, from its first byte; settle at most one piece and return the text so far.

        The end of that text is a preview, which may still change; while others wait for the workers, no new one
        is made. Call it every 2 or 3 seconds, from a thread that may wait. Where an earlier call is still at
        work, the workers are busy or the beginning cannot be read yet, nothing is settled: `finish` makes up
        for it. Raises `AudioTooLong`.
        """
        if self._lock.acquire(blocking=False):
            try:
                self._settle(recording, final=False, patience=FEED_SECONDS)
            except (AudioUnreadable, ProviderUnavailable):
                return self.text
            finally:
                self._lock.release()
        return self.text

    def finish(self, recording: bytes) -> Transcript:
        """Take the whole recording and return its transcript.

        Raises `AudioUnreadable`, `AudioTooLong`, and `ProviderUnavailable`: what is settled then stays so, and
        another call goes on from there.
        """
        deadline = time.monotonic() + self._limits.timeout_seconds
        with self._lock:
            while True:
                patience = max(0.0, deadline - time.monotonic())
                heard = self._settle(recording, final=True, patience=patience)
                if heard.ended:
                    return self._transcript(heard.length / RATE)

    def _settle(self, recording: bytes, *, final: bool, patience: float) -> Heard:
        if len(recording) > self._limits.max_bytes:
            raise AudioTooLong(
                f"This recording is larger than {self._limits.max_bytes // 1_048_576} MB."
            )
        piece = Piece(
            recording=recording,
            start=self._settled,
            final=final,
            language=self._language,
            prompt=self._prompt,
            max_seconds=self._limits.max_seconds,
            previewed=None if final or self._pool.waiting else self._previewed,
        )
        heard: Heard = self._pool.run(piece, patience=patience, urgent=final)
        self._settled = heard.settled
        if heard.preview is not None:
            self._preview, self._previewed = heard.preview, heard.previewed
        self._speech += heard.speech
        if heard.text:
            self._texts.append(heard.text)
            self._words += heard.words
            self._language = heard.language
        return heard

    def _transcript(self, seconds: float) -> Transcript:
        words = tuple(self._words)
        confidence = guards.mean_confidence(words)
        text, speech = " ".join(self._texts), tuple(self._speech)
        return Transcript(text, self._language, seconds, words, confidence, speech)
