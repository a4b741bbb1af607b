"""The stretches of an answer that a key point is held against: clauses, and neighbouring clauses together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from ai.embedding import Vectors, embed
from ai.rating.synonyms import concepts
from ai.text import (
    MAX_CLAUSES,
    Clause,
    addresses_rater,
    content_stems,
    sentences,
    span,
    split,
    words,
)

TOGETHER = 3


@dataclass(frozen=True, slots=True)
class Run:
    """The clauses `first` to `last` of an answer."""

    span: Clause
    stems: set[str]
    concepts: set[str]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Runs:
    """Overlapping stretches of an answer with a unit vector each; the single clauses come first."""

    runs: list[Run]
    vectors: Vectors


def runs_of(answer: str, left_out: Sequence[Clause] = ()) -> Runs:
    """Cut an answer into stretches and encode them, but for sentences that address the rater and those `left_out`.

    Only the clauses are encoded: the vector of up to three neighbours is the mean of theirs by length. Sentences do
    not bound a stretch, so that it does not matter whether their ends are marked.
    """
    parts = list(chain.from_iterable(usable(answer, left_out)))
    singles = [_run(answer, part, part, (at, at)) for at, part in enumerate(parts)]
    vectors = embed([run.span.text for run in singles])
    longer = list(_together(answer, parts, left_out))
    places = [slice(run.first, run.last + 1) for run in longer]
    rows = [mean_of(singles[place], vectors[place]) for place in places]
    return Runs([*singles, *longer], np.vstack([vectors, *rows]))


def _together(answer: str, parts: Sequence[Clause], left_out: Sequence[Clause]) -> Iterator[Run]:
    """Yield the runs of two clauses, then those of three, but none that addresses the rater or spans what is left out."""
    for more in range(1, TOGETHER):
        for at, (first, last) in enumerate(zip(parts, parts[more:], strict=False)):
            run = _run(answer, first, last, (at, at + more))
            if not (addresses_rater(run.span.text) or touches(run.span, left_out)):
                yield run


def touches(stretch: Clause, places: Sequence[Clause]) -> bool:
    """Tell whether a stretch has a character in common with any of the places."""
    return any(place.start < stretch.end and stretch.start < place.end for place in places)


def usable(answer: str, left_out: Sequence[Clause] = ()) -> list[list[Clause]]:
    """Return the clauses of each sentence that counts, up to `MAX_CLAUSES` in all.

    One that is said again counts once, one that addresses the rater or touches `left_out` not at all.
    """
    groups: list[list[Clause]] = []
    room = MAX_CLAUSES
    said: set[tuple[str, ...]] = set()
    for sentence in sentences(answer)[:MAX_CLAUSES]:
        tokens = tuple(words(sentence.text))
        if room <= 0 or tokens in said or addresses_rater(sentence.text):
            continue
        if touches(sentence, left_out):
            continue
        said.add(tokens)
        groups.append(split(answer, sentence)[:room])
        room -= len(groups[-1])
    return groups


def _run(answer: str, start: Clause, stop: Clause, place: tuple[int, int]) -> Run:
    stretch = span(answer, start, stop)
    return Run(stretch, content_stems(stretch.text), concepts(stretch.text), *place)


def mean_of(runs: Sequence[Run], vectors: Sequence[Vectors] | Vectors) -> Vectors:
    """Return the mean of the runs' vectors by length, as a unit vector."""
    lengths = np.array([len(run.span.text) for run in runs], np.float32)
    total = lengths @ np.asarray(vectors)
    return np.asarray(total / np.linalg.norm(total), np.float32)
