"""The stretches of an answer that a key point is held against: clauses, sentences, pairs of sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

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

LONGEST_SENTENCE = 120


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


def runs_of(answer: str, *, in_haste: bool = False) -> Runs:
    """Cut an answer into stretches and encode them; sentences that address the rater are left out.

    Clauses and sentences are encoded; the vector of two neighbouring sentences is their mean by length.
    `in_haste` only clauses are, which takes half of the time, and a sentence is the mean of its clauses.
    What is added at the end of an answer changes no stretch before it, so it can only add evidence.
    """
    groups = _usable(answer)
    singles = [_run(answer, c, c, (at, at)) for at, c in enumerate(chain.from_iterable(groups))]
    whole = _sentences(answer, groups)
    longer = [run for run in whole if run.last > run.first]
    vectors = _encoded(singles, longer, in_haste=in_haste)
    encoded = [*singles, *longer]
    row_of = {(run.first, run.last): row for run, row in zip(encoded, vectors, strict=True)}
    pairs = list(_pairs(answer, whole))
    rows = [
        mean_of([first, second], [row_of[run.first, run.last] for run in (first, second)])
        for first, second, _pair in pairs
    ]
    return Runs([*encoded, *(pair for _first, _second, pair in pairs)], np.vstack([vectors, *rows]))


def _encoded(singles: Sequence[Run], longer: Sequence[Run], *, in_haste: bool) -> Vectors:
    if not in_haste:
        return embed([run.span.text for run in (*singles, *longer)])
    vectors = embed([run.span.text for run in singles])
    inside = [slice(run.first, run.last + 1) for run in longer]
    return np.vstack([vectors, *(mean_of(singles[part], vectors[part]) for part in inside)])


def _usable(answer: str) -> list[list[Clause]]:
    """Return the clauses of each sentence, up to `MAX_CLAUSES` in all; a sentence said again counts once."""
    groups: list[list[Clause]] = []
    room = MAX_CLAUSES
    said: set[tuple[str, ...]] = set()
    for sentence in sentences(answer)[:MAX_CLAUSES]:
        tokens = tuple(words(sentence.text))
        if room <= 0 or tokens in said or addresses_rater(sentence.text):
            continue
        said.add(tokens)
        groups.append(split(answer, sentence)[:room])
        room -= len(groups[-1])
    return groups


def _run(answer: str, start: Clause, stop: Clause, place: tuple[int, int]) -> Run:
    stretch = span(answer, start, stop)
    return Run(stretch, content_stems(stretch.text), concepts(stretch.text), *place)


def _sentences(answer: str, groups: Sequence[Sequence[Clause]]) -> list[Run]:
    """Return each sentence as one run; an endless one is too long to be evidence as a whole."""
    found, at = [], 0
    for group in groups:
        run = _run(answer, group[0], group[-1], (at, at + len(group) - 1))
        at += len(group)
        if len(run.span.text.split()) <= LONGEST_SENTENCE:
            found.append(run)
    return found


def _pairs(answer: str, whole: Sequence[Run]) -> Iterator[tuple[Run, Run, Run]]:
    for a, b in pairwise(whole):
        pair = _run(answer, a.span, b.span, (a.first, b.last))
        if b.first == a.last + 1 and not addresses_rater(pair.span.text):
            yield a, b, pair


def mean_of(runs: Sequence[Run], vectors: Sequence[Vectors] | Vectors) -> Vectors:
    """Return the mean of the runs' vectors by length, as a unit vector."""
    lengths = np.array([len(run.span.text) for run in runs], np.float32)
    total = lengths @ np.asarray(vectors)
    return np.asarray(total / np.linalg.norm(total), np.float32)
