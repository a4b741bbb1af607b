"""Helpers for tests and benchmarks of speech: recordings as browsers make them, a synthetic voice, error rates."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast

import numpy as np

from ai.speech.audio import RATE, Samples, decode
from ai.speech.guards import plain

OPUS_FRAME = 960
PHONE_BAND = 300, 3400


def encode(samples: Samples, container: str, codec: str, *, rate: int = 48_000) -> bytes:
    """Return `samples` (mono, 16 kHz, -1 to 1) as a recording, in memory."""
    import av  # noqa: PLC0415 - heavy

    target = io.BytesIO()
    frame = av.AudioFrame.from_ndarray(_pcm(samples)[None], format="s16", layout="mono")
    frame.sample_rate = RATE
    with av.open(target, "w", format=container) as output:
        stream: Any = output.add_stream(codec, rate=rate, layout="mono")
        resampler = av.AudioResampler(
            format=stream.codec_context.format.name,
            layout="mono",
            rate=rate,
            frame_size=stream.codec_context.frame_size or OPUS_FRAME,
        )
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            output.mux(stream.encode(piece))
        output.mux(stream.encode(None))
    return target.getvalue()


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def quieter(samples: Samples, decibels: float) -> Samples:
    return samples * np.float32(10 ** (-decibels / 20))


def over_the_phone(samples: Samples) -> Samples:
    """Return what a telephone's band of 300 to 3,400 Hz leaves."""
    spectrum = np.fft.rfft(samples)
    pitch = np.fft.rfftfreq(len(samples), 1 / RATE)
    spectrum[(pitch < PHONE_BAND[0]) | (pitch > PHONE_BAND[1])] = 0
    return np.fft.irfft(spectrum, len(samples)).astype(np.float32)


def faster(samples: Samples, tempo: float) -> Samples:
    """Return the same voice, at the same pitch, speaking `tempo` times as fast."""
    from av import AudioFrame  # noqa: PLC0415 - heavy
    from av.error import EOFError as EndOfFile  # noqa: PLC0415 - heavy
    from av.filter import Graph  # noqa: PLC0415 - heavy

    graph = Graph()
    nodes = [
        graph.add_abuffer(sample_rate=RATE, format="flt", layout="mono"),
        graph.add("atempo", str(tempo)),
        graph.add("abuffersink"),
    ]
    graph.link_nodes(*nodes).configure()
    frame = AudioFrame.from_ndarray(samples[None], format="flt", layout="mono")
    frame.sample_rate = RATE
    nodes[0].push(frame)
    nodes[0].push(None)
    parts: list[Samples] = []
    with suppress(EndOfFile):
        while True:
            parts.append(cast(AudioFrame, nodes[-1].pull()).to_ndarray()[0])
    return np.concatenate(parts)


def say(text: str, *, voice: str = "en-gb") -> Samples:
    """Let espeak-ng say `text`. Raises `FileNotFoundError` where it is not installed."""
    command = ["espeak-ng", "-v", voice, "-s", "150", "--stdout", text]
    spoken = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - our own words
    return decode(spoken.stdout, max_seconds=300)


def word_error_rate(said: Sequence[str], heard: Sequence[str]) -> float:
    """Return substitutions, insertions and deletions per word said, over all pairs."""
    pairs = [(_words(a), _words(b)) for a, b in zip(said, heard, strict=True)]
    return sum(edits(a, b) for a, b in pairs) / sum(len(a) for a, _b in pairs)


def edits(said: Sequence[str], heard: Sequence[str]) -> int:
    """Return the Levenshtein distance in words."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, 1):
        above, row[0] = row[0], number
        for at, other in enumerate(heard, 1):
            above, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, above + (word != other))
    return row[-1]


def _words(text: str) -> list[str]:
    return ["mister" if word == "mr" else word for word in plain(text).split()]


def _pcm(samples: Samples) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    return (np.clip(samples, -1, 1) * 32767).astype(np.int16)
