"""Where a growing recording may be cut, so that words are never torn apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

Span = tuple[float, float]

# Whisper looks at 30 s at a time; a piece costs at least half of that, so very short ones are a waste.
LONGEST, SHORTEST = 28.0, 8.0
END_OF_SPEECH, BREATH = 0.8, 0.4
QUIET_KEPT = 1.0


def next_cut(speech: Sequence[Span], *, length: float, final: bool) -> float | None:
    """Return where the next piece ends, in seconds from the beginning of the stretch.

    `speech` holds the spoken spans of a stretch `length` seconds long. While more is to come (not `final`)
    the piece ends in a silence and is worth a run of the model; None means: wait for the speaker.
    """
    if not speech:
        return length if final else _skip_quiet(length)
    fitting = [cut for cut in _cuts(speech, length, final=final) if cut <= LONGEST]
    if final:
        return max(fitting, default=min(length, LONGEST))
    if length > LONGEST:
        return max(fitting, default=LONGEST)
    return max((cut for cut in fitting if cut >= SHORTEST), default=None)


def _cuts(speech: Sequence[Span], length: float, *, final: bool) -> list[float]:
    """Return the middle of every silence, and the end where the speaker has come to one."""
    cuts = [(before[1] + after[0]) / 2 for before, after in pairwise(speech)]
    if final:
        return [*cuts, length]
    spoken = speech[-1][1]
    return [*cuts, spoken + BREATH] if length - spoken >= END_OF_SPEECH else cuts


def _skip_quiet(length: float) -> float | None:
    """Leave a silence behind, but not its last second: a word may begin there."""
    return length - QUIET_KEPT if length > SHORTEST else None
