"""Whisper at work: one piece of one recording per call. Runs in a worker process."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np

from ai.providers.base import HeardWord
from ai.speech import guards, level
from ai.speech.audio import RATE, Samples, decode
from ai.speech.cutting import LOOK, Span, next_cut, quietest

PADDING, SHORT, LEAST = 300, 800, 1500  # frames of 10 ms
UNSETTLED = RATE // 4  # samples: the end of a growing recording may still change
PREVIEW_EVERY, PREVIEW_LEAST = round(2.5 * RATE), 1.0
CAREFUL, QUICK = 5, 1  # sizes of the beam
# Measured: at the usual threshold of 0.5 half of a voice on the phone is missed, at 0.3 hardly any of it.
THRESHOLD = 0.3
VAD = {"threshold": THRESHOLD, "min_silence_duration_ms": 400, "speech_pad_ms": 150}

Encode = Callable[[Samples], Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """A recording from its first byte, of which everything before the sample `start` is settled.

    `previewed` is how far the last preview went; None asks for none.
    """

    recording: bytes
    start: int
    final: bool
    language: str
    prompt: str | None
    max_seconds: float
    previewed: int | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What one piece held; the recording is `length` samples long and now settled up to `settled`.

    Where nothing could be settled, `preview` may hold what was heard after that, up to the sample `previewed`;
    its words keep their spaces. `speech` tells when somebody speaks in what was settled, in seconds from the beginning.
    """

    text: str
    words: list[HeardWord]
    settled: int
    length: int
    language: str
    preview: list[HeardWord] | None = None
    previewed: int = 0
    speech: list[Span] = field(default_factory=list)

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
    """Spare the encoder most of the silence that fills a piece of 8 s or more up to 30 s: it costs half the time.

    Measured: with 3 s of it kept, and 15 s in all, errors are those of the full 30 s. With less they grow, and
    on shorter pieces they do with any trimming: 7 % become 9 %, 7 % become 16 % of somebody fast, and a polite
    "Thank you." is added.
    """

    def encode_trimmed(features: Samples) -> Any:
        sounding = np.flatnonzero(np.any(features != 0, axis=0))
        sound = int(sounding[-1]) + 1 if sounding.size else 0
        if sound < SHORT:
            return encode(features)
        return encode(features[..., : max(sound + PADDING, LEAST)])

    return encode_trimmed


class Ear:
    """Finds the next piece of a recording that can be settled, and writes down what is said in it."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.decode = lru_cache(maxsize=2)(decode)

    def listen(self, piece: Piece) -> Heard:
        """Settle the next piece, or none while its end is not certain. Raises `AudioUnreadable`, `AudioTooLong`."""
        samples = self.decode(piece.recording, max_seconds=piece.max_seconds)
        rest = samples[piece.start :] if piece.final else _certain(samples[piece.start :])
        stretch = rest[: round(LOOK * RATE)]
        speech, length = spoken_spans(level.followed(stretch)), len(stretch) / RATE
        seconds = next_cut(speech, length=length, quietest=partial(quietest, stretch))
        if seconds is None and piece.final:
            seconds = length
        if seconds is None:
            return self._preview(stretch, speech, piece, len(samples))
        part = stretch[: round(seconds * RATE)]
        words, language = self._write_down(part, speech, piece, CAREFUL)
        text = "".join(word.text for word in words).strip()
        words = [replace(word, text=word.text.strip()) for word in words]
        begun, settled = piece.start / RATE, piece.start + len(part)
        spans = [
            (begun + begin, begun + min(end, seconds)) for begin, end in speech if begin < seconds
        ]
        return Heard(text, words, settled, len(samples), language, speech=without_padding(spans))

    def _preview(self, stretch: Samples, speech: list[Span], piece: Piece, length: int) -> Heard:
        """Settle nothing, but write down quickly what was said so far, where enough is new."""
        heard = Heard("", [], piece.start, length, piece.language)
        end = piece.start + len(stretch)
        if piece.previewed is None or end - piece.previewed < PREVIEW_EVERY:
            return heard
        if sum(stop - begin for begin, stop in speech) < PREVIEW_LEAST:
            return heard
        words, _language = self._write_down(stretch, speech, piece, QUICK)
        return replace(heard, preview=words, previewed=end)

    def _write_down(
        self, part: Samples, speech: list[Span], piece: Piece, beam: int
    ) -> tuple[list[HeardWord], str]:
        """Return the guarded words, with their spaces, and the language that was used or found."""
        length = len(part) / RATE
        speech = [(begin, min(end, length)) for begin, end in speech if begin < length]
        speech = level.without_tones(part, speech)
        if not speech:
            return [], piece.language
        part = level.raised(part, speech)
        words, language = self._hear(part, speech, piece, beam)
        if beam == CAREFUL:
            for gap in guards.unheard(words, speech, length=length):
                words += self._hear_again(part, gap, speech, piece)
        words.sort(key=attrgetter("start"))
        return _later(words, piece.start / RATE), language

    def _hear_again(
        self, part: Samples, gap: Span, speech: list[Span], piece: Piece
    ) -> list[HeardWord]:
        """Listen once more to a stretch by itself."""
        begin, end = gap
        within = [
            (max(a, begin) - begin, min(b, end) - begin)
            for a, b in speech
            if guards.voiced((a, b), [gap])
        ]
        sound = part[round(begin * RATE) : round(end * RATE)]
        words, _language = self._hear(sound, within, piece, CAREFUL)
        return _later(words, begin)

    def _hear(
        self, part: Samples, speech: list[Span], piece: Piece, beam: int
    ) -> tuple[list[HeardWord], str]:
        """Listen with the hints; where hints are all that is heard, believe them only if they sound alike without."""
        words, language = self._hear_once(part, speech, piece, beam)
        if guards.may_echo(words, piece.prompt):
            plainly, language = self._hear_once(part, speech, replace(piece, prompt=None), beam)
            words = guards.confirmed(words, plainly)
        return words, language

    def _hear_once(
        self, part: Samples, speech: list[Span], piece: Piece, beam: int
    ) -> tuple[list[HeardWord], str]:
        known = piece.language if piece.language in self.model.supported_languages else None
        segments, info = self.model.transcribe(
            part,
            language=known,
            initial_prompt=piece.prompt,
            beam_size=beam,
            temperature=0.0,
            condition_on_previous_text=False,
            word_timestamps=True,
            vad_filter=True,
            vad_parameters={"threshold": THRESHOLD},
        )
        words = guards.without_loops(real_words(segments, speech))
        text = "".join(word.text for word in words)
        if guards.is_phantom(text, confidence=guards.mean_confidence(words), prompt=piece.prompt):
            words = []
        return words, info.language


def _later(words: list[HeardWord], seconds: float) -> list[HeardWord]:
    return [replace(word, start=word.start + seconds, end=word.end + seconds) for word in words]


def _certain(samples: Samples) -> Samples:
    """Return the samples that will be the same when more is known, in whole frames of the voice detector."""
    return samples[: max(0, len(samples) - UNSETTLED) // level.FRAME * level.FRAME]


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


def without_padding(spans: Iterable[Span]) -> list[Span]:
    """Return spans without the silence that the voice detector leaves around each, so that pauses keep their length."""
    pad = VAD["speech_pad_ms"] / 1000
    return [(begin + pad, end - pad) for begin, end in spans if end - begin > 2 * pad]


def real_words(segments: Iterable[Any], speech: list[Span]) -> list[HeardWord]:
    """Return the words of Whisper's segments without those that are made up."""
    real: list[HeardWord] = []
    for _seek, window in groupby(segments, attrgetter("seek")):
        heard = [(segment.no_speech_prob, _words(segment)) for segment in window]
        around = guards.mean_confidence([word for _silence, words in heard for word in words])
        for no_speech, words in heard:
            if not guards.is_made_up(words, no_speech=no_speech, around=around, speech=speech):
                real += [word for word in words if not guards.is_stuck(word)]
    return real


def _words(segment: Any) -> list[HeardWord]:
    return [
        HeardWord(word.word, float(word.start), float(word.end), float(word.probability))
        for word in segment.words or ()
    ]
