"""Where a growing recording may be cut, so that words are never torn apart.

A cut depends on the sound alone, never on how much more of it is known already: however a recording arrives,
it falls into the same pieces, and the same words are heard in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from ai.speech.audio import RATE, Samples

Span = tuple[float, float]

# A run of the model costs at least 15 s of sound; what is left at the end should cost little more.
SHORTEST, LONGEST = 8.0, 16.0
LOOK = LONGEST + 1.0  # seconds after which it is certain where a piece ends
END_OF_SPEECH, BREATH = 0.8, 0.4
QUIET, QUIET_KEPT = 3.0, 1.0
WINDOW, WINDOWS = RATE // 50, 12


def next_cut(
    speech: Sequence[Span], *, length: float, quietest: Callable[[float, float], float]
) -> float | None:
    """Return where the next piece ends, in seconds from the beginning of a stretch of at most `LOOK` seconds.

    `speech` holds the spoken spans of the `length` seconds known so far. The piece ends in the first pause after
    8 s or, where none comes within 16 s, at what `quietest` finds there. None means: not certain yet.
    """
    begin = speech[0][0] if speech else length
    if begin >= QUIET and (speech or length >= LOOK):
        return min(begin, LONGEST) - QUIET_KEPT
    pauses = (cut for cut in _pauses(speech, length) if SHORTEST <= cut <= LONGEST)
    end = next(pauses, None)
    if end is None and length >= LOOK:
        return quietest(SHORTEST, LONGEST)
    return end


def quietest(samples: Samples, begin: float, end: float) -> float:
    """Return the middle of the quietest 0.24 s between two moments, all in seconds."""
    first = round(begin * RATE)
    stretch = samples[first : round(end * RATE)]
    loudness = np.abs(stretch[: len(stretch) // WINDOW * WINDOW].reshape(-1, WINDOW)).mean(axis=1)
    smooth = np.convolve(loudness, np.ones(WINDOWS), mode="valid")
    return (first + (int(smooth.argmin()) + WINDOWS // 2) * WINDOW) / RATE


def _pauses(speech: Sequence[Span], length: float) -> Iterator[float]:
    """Yield a moment in every pause: a breath after its beginning, or its middle where it is shorter."""
    for (_start, end), (start, _end) in pairwise(speech):
        yield min(end + BREATH, (end + start) / 2)
    if speech and length - speech[-1][1] >= END_OF_SPEECH:
        yield speech[-1][1] + BREATH
