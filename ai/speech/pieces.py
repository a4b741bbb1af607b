"""Cuts a recording into pieces of at most 50 s, in the quietest places, for recognisers with a limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ai.speech.audio import RATE, Samples, decode

LONGEST, EARLIEST = 50.0, 30.0
WINDOW = RATE // 50
QUIET_WINDOWS = 15


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a recording as 16-bit PCM, mono, 16 kHz; `start` is in seconds from the beginning."""

    start: float
    pcm: bytes

    @property
    def seconds(self) -> float:
        return len(self.pcm) / (2 * RATE)


def pieces(recording: bytes, *, max_seconds: float) -> tuple[list[Piece], float]:
    """Return the pieces of a recording, and its length in seconds. Raises `AudioUnreadable` and `AudioTooLong`."""
    samples = decode(recording, max_seconds=max_seconds)
    cut = [Piece(start / RATE, _pcm(samples[start:end])) for start, end in _stretches(samples)]
    return cut, len(samples) / RATE


def _stretches(samples: Samples) -> Iterator[tuple[int, int]]:
    start = 0
    while len(samples) - start > LONGEST * RATE:
        end = start + quietest(samples[start : start + round(LONGEST * RATE)])
        yield start, end
        start = end
    yield start, len(samples)


def quietest(stretch: Samples) -> int:
    """Return the sample in the middle of the quietest 0.3 s after the first 30 s."""
    begin = round(EARLIEST * RATE)
    late = stretch[begin : begin + (len(stretch) - begin) // WINDOW * WINDOW]
    loudness = np.abs(late.reshape(-1, WINDOW)).mean(axis=1)
    smooth = np.convolve(loudness, np.ones(QUIET_WINDOWS), mode="valid")
    return begin + (int(smooth.argmin()) + QUIET_WINDOWS // 2) * WINDOW


def _pcm(samples: Samples) -> bytes:
    return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
