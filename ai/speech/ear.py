"""Whisper at work: one piece of one recording per call. Runs in a worker process."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ai.providers.base import HeardWord
from ai.speech import guards
from ai.speech.audio import RATE, Samples, decode
from ai.speech.cutting import LONGEST, Span, next_cut

WINDOW = 60 * RATE  # samples looked at in one call
PADDING, LEAST = 300, 1500  # frames of 10 ms
VAD = {"min_silence_duration_ms": 400, "speech_pad_ms": 150, "max_speech_duration_s": LONGEST - 3}

Encode = Callable[[Samples], Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """A recording from its first byte, of which everything before the sample `start` is settled."""

    recording: bytes
    start: int
    final: bool
    language: str
    prompt: str | None
    max_seconds: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What one piece held; the recording is `length` samples long and now settled up to `settled`."""

    text: str
    words: list[HeardWord]
    settled: int
    length: int
    language: str

    @property
    def ended(self) -> bool:
        """Tell whether nothing is left to listen to."""
        return self.settled >= self.length


def open_ear(folder: Path, threads: int) -> Callable[[Piece], Heard]:
    """Load Whisper from `folder` onto the processor, to run on `threads` threads."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from faster_whisper import WhisperModel  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy
    from tqdm import tqdm  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy

    tqdm.set_lock(threading.RLock())  # its own is a semaphore that outlives a killed worker

    model = WhisperModel(
        str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
    )
    model.encode = trimmed(model.encode)
    return Ear(model).listen


def trimmed(encode: Encode) -> Encode:
    """Spare the encoder most of the silence that fills a piece up to 30 s: a short tail costs half the time.

    Measured: with 3 s of it kept, and 15 s in all, errors are those of the full 30 s; with less they grow.
    """

    def encode_trimmed(features: Samples) -> Any:
        sounding = np.flatnonzero(np.any(features != 0, axis=0))
        needed = int(sounding[-1]) + 1 + PADDING if sounding.size else 0
        return encode(features[..., : max(needed, LEAST)])

    return encode_trimmed


class Ear:
    """Finds the next piece of a recording that can be settled, and writes down what is said in it."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.decode = lru_cache(maxsize=2)(decode)

    def listen(self, piece: Piece) -> Heard:
        """Settle the next piece, or none while the speaker goes on. Raises `AudioUnreadable`, `AudioTooLong`."""
        samples = self.decode(piece.recording, max_seconds=piece.max_seconds)
        stretch = samples[piece.start : piece.start + WINDOW]
        speech = spoken_spans(stretch)
        final = piece.final and piece.start + WINDOW >= len(samples)
        seconds = next_cut(speech, length=len(stretch) / RATE, final=final) or 0.0
        part = stretch[: round(seconds * RATE)]
        text, words, language = self._write_down(part if speech else part[:0], piece)
        return Heard(text, words, piece.start + len(part), len(samples), language)

    def _write_down(self, part: Samples, piece: Piece) -> tuple[str, list[HeardWord], str]:
        """Return the guarded text, its words and the language that was used or found."""
        if not part.size:
            return "", [], piece.language
        known = piece.language if piece.language in self.model.supported_languages else None
        segments, info = self.model.transcribe(
            part,
            language=known,
            initial_prompt=piece.prompt,
            beam_size=5,
            temperature=0.0,
            condition_on_previous_text=False,
            word_timestamps=True,
            vad_filter=True,
        )
        said = [word for segment in segments for word in real_words(segment, piece.start / RATE)]
        words = guards.without_loops(said)
        text = "".join(word.text for word in words).strip()
        if guards.is_phantom(text, confidence=guards.mean_confidence(words), prompt=piece.prompt):
            return "", [], info.language
        return text, [replace(word, text=word.text.strip()) for word in words], info.language


def spoken_spans(samples: Samples) -> list[Span]:
    """Return where somebody speaks, in seconds from the beginning of `samples`."""
    if not samples.size:
        return []
    from faster_whisper.vad import (  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy
        VadOptions,
        get_speech_timestamps,
    )

    spans = get_speech_timestamps(samples, VadOptions(**VAD))
    return [(span["start"] / RATE, span["end"] / RATE) for span in spans]


def real_words(segment: Any, offset: float) -> list[HeardWord]:
    """Return the words of a segment of Whisper's, `offset` seconds later; none where it is made up."""
    words = [
        HeardWord(
            word.word, offset + float(word.start), offset + float(word.end), float(word.probability)
        )
        for word in segment.words or ()
    ]
    made_up = guards.is_made_up(
        no_speech=segment.no_speech_prob,
        compression=segment.compression_ratio,
        confidence=guards.mean_confidence(words),
    )
    return [] if made_up else words
