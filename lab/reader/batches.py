"""Examples as tensors; what the encoder makes of a text that comes again is kept."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from ai.rating.network import BEGIN, END
from lab.reader.examples import UNKNOWN, Example
from lab.reader.network import WIDTH, Encoder

SIZE, SORTED = 12, 40
ENCODED_AT_ONCE = 32

Text = tuple[int, ...]


@dataclass
class Batch:
    """The reader's inputs, and what it is to find."""

    inputs: tuple[Tensor, ...]
    labels: Tensor
    quotes: Tensor


@dataclass
class States:
    """The encoder's states of texts, each by itself, as float16."""

    encoder: Encoder
    known: dict[Text, tuple[Tensor, Tensor]] = field(default_factory=dict)

    def keep(self, texts: Iterable[Text]) -> None:
        self.known.update(self.of(texts))

    def of(self, texts: Iterable[Text]) -> dict[Text, tuple[Tensor, Tensor]]:
        """Return the states of those texts that are not kept."""
        new = sorted(set(texts) - self.known.keys(), key=len)
        found: dict[Text, tuple[Tensor, Tensor]] = {}
        for at in range(0, len(new), ENCODED_AT_ONCE):
            found.update(self._encoded(new[at : at + ENCODED_AT_ONCE]))
        return found

    @torch.no_grad()
    def _encoded(self, texts: Sequence[Text]) -> Iterator[tuple[Text, tuple[Tensor, Tensor]]]:
        longest = max(map(len, texts)) + 2
        ids, sees = (
            np.zeros((len(texts), longest), np.int64),
            np.zeros((len(texts), longest, longest), np.float32),
        )
        for row, text in enumerate(texts):
            ids[row, : len(text) + 2], sees[row, :, : len(text) + 2] = [BEGIN, *text, END], 1
        places = torch.arange(longest).repeat(len(texts), 1)
        with torch.autocast("cpu", torch.bfloat16):
            half, end = self.encoder(torch.from_numpy(ids), places, torch.from_numpy(sees))
        for row, text in enumerate(texts):
            own = slice(0, len(text) + 2)
            yield text, (half[row, own].half().clone(), end[row, own].half().clone())


def shuffled(examples: list[Example], draw: random.Random) -> list[list[Example]]:
    """Cut examples into batches in any order; those of a batch are about as long, so that little is filled up."""
    draw.shuffle(examples)
    batches: list[list[Example]] = []
    for at in range(0, len(examples), SIZE * SORTED):
        part = sorted(examples[at : at + SIZE * SORTED], key=lambda one: len(one.answer))
        batches += [part[i : i + SIZE] for i in range(0, len(part), SIZE)]
    draw.shuffle(batches)
    return batches


def batch_of(examples: Sequence[Example], states: States) -> Batch:
    """Lay texts side by side as `ai.rating.network` does."""
    states.keep(text for one in examples for text in (one.question, *one.points))
    passing = states.of(one.answer for one in examples)
    made = _Tensors(examples)
    for row, one in enumerate(examples):
        at = 0
        spans: list[slice] = []
        for text in (one.answer, one.question, *one.points):
            half, end = states.known.get(text) or passing[text]
            spans.append(span := slice(at, at := at + len(text) + 2))
            made.half[row, span], made.end[row, span] = half.float(), end.float()
            made.sees[row, span, span] = 1
        made.label(row, one, spans)
    return made.batch()


class _Tensors:
    """A batch while it is filled."""

    def __init__(self, examples: Sequence[Example]) -> None:
        rows, points = len(examples), max(len(one.points) for one in examples)
        pieces = max(len(text) for one in examples for text in one.points) + 2
        answer = max(len(one.answer) for one in examples)
        length = max(
            sum(len(text) + 2 for text in (one.answer, one.question, *one.points))
            for one in examples
        )
        self.half, self.end = torch.zeros(rows, length, WIDTH), torch.zeros(rows, length, WIDTH)
        self.kinds, self.sees = torch.zeros(rows, length), torch.zeros(rows, length, length)
        self.answer = torch.full((rows, answer), -1)
        self.points = torch.zeros(rows, points, pieces, dtype=torch.int64)
        self.parts = torch.zeros(rows, points, pieces)
        self.labels = torch.full((rows, points), UNKNOWN)
        self.quotes = torch.zeros(rows, points, answer)

    def label(self, row: int, one: Example, spans: Sequence[slice]) -> None:
        _answer, question, *points = spans
        self.answer[row, : len(one.answer)] = torch.arange(1, len(one.answer) + 1)
        self.sees[row, points[0].start : points[-1].stop, : question.stop] = 1
        self.kinds[row, points[0].start : points[-1].stop] = 1
        for number, span in enumerate(points):
            own = slice(0, span.stop - span.start)
            self.points[row, number, own] = torch.arange(span.start, span.stop)
            self.parts[row, number, own] = 1
            self.labels[row, number] = one.labels[number]
            self.quotes[row, number, : len(one.answer)] = torch.from_numpy(one.quotes[number])
        rest = torch.arange(points[-1].stop, self.sees.shape[1])
        self.sees[row, rest, rest] = 1

    def batch(self) -> Batch:
        inputs = (self.half, self.end, self.kinds, self.sees, self.answer, self.points, self.parts)
        return Batch(inputs, self.labels, self.quotes)
