"""Speech to text by Google Cloud: one `recognize` per piece of at most 50 s, cut where nobody speaks."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ai.calling import Meter, Reply, Store, current_meter
from ai.calling.breaker import Breaker
from ai.calling.guarding import guarded
from ai.calling.store import MemoryStore
from ai.errors import ProviderRejected, ProviderUnavailable
from ai.masking import visible
from ai.providers.base import HeardWord, Transcript
from ai.providers.google_cloud import Access, client, status_of
from ai.providers.google_stream import StreamedTranscript
from ai.speech.pieces import Piece, pieces

NAME = "google-speech"
MODEL = "latest_long"
SECONDS, BUDGET, ATTEMPTS, PAUSE = 20.0, 25.0, 2, 0.4
AT_ONCE = 6
PHRASES, PHRASE_LENGTH, BOOST = 200, 100, 10.0
LANGUAGES = {"en": "en-US", "de": "de-DE", "es": "es-ES", "fr": "fr-FR"}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a request may take, how long all of one recording's may, and how often each is sent."""

    seconds: float = SECONDS
    budget: float = BUDGET
    attempts: int = ATTEMPTS
    pause: float = PAUSE


@dataclass(slots=True)
class GoogleSpeech:
    """A `SpeechToText`; it keeps nothing between recordings but the state of its breaker.

    What it hears counts on the meter of the work at hand, per minute, under the price of `google-speech`: each piece once
    it is heard, and the stream that showed partial words as long as its recording. A cap refuses none of it.
    """

    access: Access
    store: Store = field(default_factory=MemoryStore)
    patience: Patience = field(default_factory=Patience)
    max_seconds: float = 300.0
    name: str = "google"
    _breaker: Breaker = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep one breaker, which knows what it has counted."""
        self._breaker = Breaker(f"{NAME}:{MODEL}", self.store)

    def live(self, *, language: str, phrases: Sequence[str] = ()) -> StreamedTranscript:
        """Begin the transcript of a growing recording; its partial words come by streaming recognition."""
        return StreamedTranscript(self, language, phrases)

    def listen(self, audio: bytes, *, language: str, phrases: Sequence[str] = ()) -> Transcript:
        """Return what was said, with the place and the confidence of each word.

        Nothing heard is an empty text. Raises `AudioUnreadable`, `AudioTooLong`, and `ProviderUnavailable` on an outage.
        """
        parts, length = pieces(audio, max_seconds=self.max_seconds)
        end = time.monotonic() + self.patience.budget
        config, meter = self._config(language, phrases), current_meter()

        def hear(part: Piece) -> Any:
            reply = self._hear(part, config, end)
            charge(meter, part.seconds)
            return reply

        with ThreadPoolExecutor(AT_ONCE) as pool:
            heard = list(pool.map(hear, parts))
        return transcript(list(zip(parts, heard, strict=True)), config.language_code, length)

    def stream(
        self, chunks: Iterable[bytes], *, language: str, phrases: Sequence[str] = ()
    ) -> Iterator[tuple[str, bool]]:
        """Yield what is heard so far, and whether it is final, while a WebM recording comes in. Raises as `listen`."""
        breaker = self._breaker
        breaker.check()
        try:
            with guarded(NAME, known=_status):
                for reply in self._streamed(chunks, self._config(language, phrases)):
                    for result in reply.results[:1]:
                        words = best_words(result)
                        yield (
                            visible(words.transcript).strip() if words else "",
                            bool(result.is_final),
                        )
        except ProviderUnavailable as error:
            breaker.failed(error, 0.0)
            raise

    def _streamed(self, chunks: Iterable[bytes], config: Any) -> Any:
        speech = library()
        config.encoding = speech.RecognitionConfig.AudioEncoding.WEBM_OPUS
        config.sample_rate_hertz = 48_000
        streaming = speech.StreamingRecognitionConfig(config=config, interim_results=True)
        requests = (speech.StreamingRecognizeRequest(audio_content=chunk) for chunk in chunks)
        return self._client().streaming_recognize(
            streaming, requests, retry=None, timeout=self.max_seconds
        )

    def charge_stream(self, seconds: float) -> None:
        """Count a stream of this length; whoever began it says so, since it ran beside the work at hand."""
        charge(current_meter(), seconds)

    def states(self) -> list[Any]:
        return [self._breaker.state()]

    def _client(self) -> Any:
        return client("speech_v1", "SpeechClient", self.access)

    def _config(self, language: str, phrases: Sequence[str]) -> Any:
        speech = library()
        hints = [phrase[:PHRASE_LENGTH] for phrase in dict.fromkeys(phrases) if phrase.strip()]
        return speech.RecognitionConfig(
            encoding=speech.RecognitionConfig.AudioEncoding.LINEAR16,
            sample_rate_hertz=16_000,
            language_code=LANGUAGES.get(language, language),
            model=MODEL,
            enable_automatic_punctuation=True,
            enable_word_confidence=True,
            enable_word_time_offsets=True,
            speech_contexts=[speech.SpeechContext(phrases=hints[:PHRASES], boost=BOOST)],
        )

    def _hear(self, part: Piece, config: Any, end: float) -> Any:
        """Send one piece, again after a passing fault; everything has to fit into the budget."""
        for attempt in range(1, self.patience.attempts + 1):
            left = end - time.monotonic()
            if left <= 0:
                raise ProviderUnavailable("The time for this recording is used up.")
            try:
                return self._recognize(part, config, min(left, self.patience.seconds))
            except ProviderRejected:
                raise
            except ProviderUnavailable as error:
                pause = max(self.patience.pause, error.retry_after)
                if attempt == self.patience.attempts or time.monotonic() + pause >= end:
                    raise
                time.sleep(pause)
        raise ProviderUnavailable("No attempt was allowed.")

    def _recognize(self, part: Piece, config: Any, seconds: float) -> Any:
        breaker = self._breaker
        breaker.check()
        begun = time.monotonic()
        try:
            with guarded(NAME, known=_status):
                audio = library().RecognitionAudio(content=part.pcm)
                # gRPC's own deadline holds to the end of the reply; without `retry=None` the library goes on for minutes.
                reply = self._client().recognize(
                    config=config, audio=audio, retry=None, timeout=seconds
                )
        except ProviderUnavailable as error:
            breaker.failed(error, time.monotonic() - begun)
            raise
        breaker.succeeded(Reply("", MODEL), time.monotonic() - begun)
        return reply


def charge(meter: Meter | None, seconds: float) -> None:
    if meter is not None:
        meter.add_audio(NAME, seconds)


@cache
def library() -> Any:
    from google.cloud import speech_v1  # noqa: PLC0415 - heavy

    return speech_v1


def _status(error: BaseException) -> ProviderUnavailable | None:
    return status_of(NAME, error)


def best_words(result: Any) -> Any:
    """Return the likeliest of what may have been said; None where a result holds nothing."""
    return result.alternatives[0] if result.alternatives else None


def transcript(heard: Sequence[tuple[Piece, Any]], language: str, length: float) -> Transcript:
    """Join the pieces' replies; words are moved to their place in the whole recording."""
    best = [
        (piece, result.alternatives[0])
        for piece, reply in heard
        for result in reply.results
        if result.alternatives
    ]
    words = tuple(_word(piece, word) for piece, alternative in best for word in alternative.words)
    sure = [word.confidence for word in words] or [share(a.confidence) for _piece, a in best]
    return Transcript(
        text=" ".join(said for _piece, a in best if (said := visible(a.transcript).strip())),
        language=language.partition("-")[0],
        duration_seconds=round(length, 2),
        words=words,
        speech=tuple((word.start, word.end) for word in words),
        confidence=round(sum(sure) / len(sure), 3) if sure else 0.0,
    )


def _word(piece: Piece, word: Any) -> HeardWord:
    return HeardWord(
        text=visible(word.word),
        start=round(piece.start + max(0.0, word.start_time.total_seconds()), 2),
        end=round(piece.start + max(0.0, word.end_time.total_seconds()), 2),
        confidence=round(share(word.confidence), 3),
    )


def share(number: float) -> float:
    """Return a confidence as a number from 0 to 1, whatever came."""
    return min(1.0, max(0.0, number)) if math.isfinite(number) else 0.0
