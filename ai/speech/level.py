"""How loud a voice is: quiet recordings are raised, so that they are heard as well as others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ai.speech.audio import RATE, Samples

Decibels = NDArray[np.float64]

FRAME = 512  # samples, those of the voice detector
# dB below full scale, for the voice detector and the model: the detector misses a phone's band if it is louder.
FOLLOWED, TARGET = -34.0, -26.0
MOST = 40.0  # dB of gain: noise at -80 dB stays at -40 dB
RELEASE = 3.0 * FRAME / RATE  # dB a frame: after somebody loud the gain comes back by 3 dB a second
SMOOTH = 5  # frames: a click is shorter and does not count
LOUD = 90  # percentile of the frames in which somebody speaks
FAINTEST = 1e-7

# A tone has nearly all its power in a few bins of 15.6 Hz, however it trembles; a voice has it in dozens.
BIN_WINDOW, LOWEST_BIN = 1024, 7
TONE_BINS, TONE_SHARE = 9, 0.95


def followed(samples: Samples) -> Samples:
    """Raise every frame by what is known up to its end: sound that comes later changes nothing.

    No frame is raised above the target, or by more than 40 dB, and none is lowered.
    """
    if not samples.size:
        return samples
    loud = _loudness(samples)
    padded = np.concatenate([np.full(SMOOTH - 1, loud.min()), loud])
    smooth = np.median(np.lib.stride_tricks.sliding_window_view(padded, SMOOTH), axis=1)
    release = RELEASE * np.arange(len(loud))
    level = np.maximum(np.maximum.accumulate(smooth + release) - release, loud)
    gain = _factor(np.clip(FOLLOWED - level, 0, MOST))
    return samples * np.repeat(gain, FRAME)[: len(samples)]


def raised(samples: Samples, speech: Sequence[tuple[float, float]]) -> Samples:
    """Raise the whole by one gain, found where somebody speaks; `speech` is in seconds."""
    spoken = [_loudness(part) for part in _parts(samples, speech)]
    if not spoken:
        return samples
    level = float(np.percentile(np.concatenate(spoken), LOUD))
    gain = round(min(max(TARGET - level, 0.0), MOST))
    return samples * _factor(np.float64(gain)) if gain else samples


def without_tones(
    samples: Samples, speech: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Return the spans that hold more than a tone, which the voice detector takes for a voice where it trembles."""
    return [span for span in speech if not all(_is_tone(part) for part in _parts(samples, [span]))]


def _parts(samples: Samples, spans: Sequence[tuple[float, float]]) -> list[Samples]:
    cut = [samples[round(begin * RATE) : round(end * RATE)] for begin, end in spans]
    return [part for part in cut if part.size]


def _loudness(samples: Samples) -> Decibels:
    """Return how loud every frame is, in dB of full scale, without a constant offset."""
    frames = np.pad(samples, (0, -len(samples) % FRAME)).reshape(-1, FRAME).astype(np.float64)
    return np.asarray(20 * np.log10(frames.std(axis=1) + FAINTEST))


def _is_tone(samples: Samples) -> bool:
    padded = np.pad(samples, (0, max(0, BIN_WINDOW - len(samples))))
    windows = np.lib.stride_tricks.sliding_window_view(padded, BIN_WINDOW)[:: BIN_WINDOW // 2]
    power = (np.abs(np.fft.rfft(windows * np.hanning(BIN_WINDOW))) ** 2).sum(axis=0)[LOWEST_BIN:]
    return bool(np.sort(power)[-TONE_BINS:].sum() > TONE_SHARE * power.sum())


def _factor(decibels: Decibels | np.float64) -> Samples:
    return np.asarray(10 ** (decibels / 20), np.float32)
