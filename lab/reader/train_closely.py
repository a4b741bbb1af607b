"""Trains a close reader, which is not shipped: `python -m lab.reader.train_closely FOLDER`, in the environment of `lab.reader.train` and with a first reader.

It begins with MiniLM's weights, writes a checkpoint each epoch into FOLDER and goes on after the last one it finds there.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from ai.rating.network import BEGIN, END, LONGEST_POINT
from lab.answers import CLAIMS, rows_of
from lab.reader.examples import Pieces
from lab.reader.network import CloseReader, Encoder
from lab.reader.pairs import Pair, of_answers, of_claims
from lab.reader.places import LONGEST_PLACE
from lab.reader.train import SEED, SMOOTHING, THREADS, fresh, learn, optimizer_of, pace

EPOCHS, OF_CLAIMS, OF_ANSWERS = 2, 0.7, 0.6
RATE, FASTER = 1e-4, 4
WEIGHTS = (1.0, 1.0, 1.3, 1.2)
LONGEST_ASKED = 32
SIZE, SORTED, STEP = 64, 40, 8
TOLD_EVERY = 20

Laid = tuple[list[int], list[int], int]


def begun(encoder: Encoder) -> CloseReader:
    """Return a close reader whose layers are MiniLM's."""
    close = CloseReader()
    torch.nn.init.zeros_(close.marks.weight)
    for own, given in zip(close.layers, [*encoder.lower, *encoder.upper], strict=True):
        own.load_state_dict(given.state_dict())
    return close


def laid(pair: Pair, pieces: Pieces) -> Laid:
    """Return a pair's word pieces, which text each is of, and the label."""
    texts = (
        [BEGIN, *pieces.of(pair.point, LONGEST_POINT), END],
        [*pieces.of(pair.question, LONGEST_ASKED), END],
        [*pieces.of(pair.place, LONGEST_PLACE), END],
    )
    kinds = [kind for kind, text in zip((1, 2, 0), texts, strict=True) for _ in text]
    return [piece for text in texts for piece in text], kinds, pair.label


def shuffled(rows: list[Laid], draw: random.Random) -> list[list[Laid]]:
    """Cut pairs into batches in any order; those of a batch are about as long."""
    draw.shuffle(rows)
    batches: list[list[Laid]] = []
    for at in range(0, len(rows), SIZE * SORTED):
        part = sorted(rows[at : at + SIZE * SORTED], key=lambda row: len(row[0]))
        batches += [part[i : i + SIZE] for i in range(0, len(part), SIZE)]
    draw.shuffle(batches)
    return batches


def tensors(rows: Sequence[Laid]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    longest = (
        -(-max(len(pieces) for pieces, _, _ in rows) // STEP) * STEP
    )  # few shapes: each is compiled
    pair, kinds = (torch.zeros(len(rows), longest, dtype=torch.int64) for _ in range(2))
    real = torch.zeros(len(rows), longest)
    for at, (pieces, own, _) in enumerate(rows):
        pair[at, : len(pieces)], kinds[at, : len(own)] = torch.tensor(pieces), torch.tensor(own)
        real[at, : len(pieces)] = 1
    return pair, kinds, real, torch.tensor([label for *_, label in rows])


class Training:
    """The close reader, what it learns from and how far it is."""

    def __init__(self, folder: Path) -> None:
        torch.manual_seed(SEED)
        torch.set_num_threads(THREADS)
        torch.set_flush_denormal(True)  # the optimizer's averages get that small, and then slow
        self.folder, self.pieces = folder, Pieces()
        self.encoder, _ = fresh()
        self.reader = begun(self.encoder)
        self.optimizer = optimizer_of(self.reader)
        self.claims = list(rows_of(CLAIMS))
        self.answers = [laid(pair, self.pieces) for pair in of_answers()]

    def run(self) -> None:
        """Train for two epochs, each time with other claims and answers."""
        for number in range(EPOCHS):
            file = self.folder / f"closely-{number + 1}.pt"
            if file.exists():
                saved = torch.load(file)
                self.reader.load_state_dict(saved["reader"])
                self.optimizer.load_state_dict(saved["optimizer"])
                continue
            draw = random.Random(SEED + number)
            added = [laid(pair, self.pieces) for pair in of_claims(self.claims, draw, OF_CLAIMS)]
            answers = draw.sample(self.answers, int(OF_ANSWERS * len(self.answers)))
            self._epoch(number, shuffled([*answers, *added], draw))
            state = {"reader": self.reader.state_dict(), "optimizer": self.optimizer.state_dict()}
            torch.save(state, file)

    def _epoch(self, number: int, batches: Sequence[Sequence[Laid]]) -> None:
        begun_at = time.monotonic()
        self.reader.train()
        for at, rows in enumerate(batches, start=1):
            pace(self.optimizer, RATE, (number + at / len(batches)) / EPOCHS, FASTER)
            loss = self._step(*tensors(rows))
            if at % TOLD_EVERY == 0:
                took = time.monotonic() - begun_at
                told = f"epoch {number + 1}, {at} of {len(batches)}: loss {loss:.3f}, {took:.0f} s"
                print(told, flush=True)

    def _step(self, pair: Tensor, kinds: Tensor, real: Tensor, labels: Tensor) -> float:
        with torch.no_grad():
            first = self.encoder.first(pair, torch.arange(pair.shape[1]).expand_as(pair))
        with torch.autocast("cpu", torch.bfloat16):
            logits = self.reader(first, kinds, real)
        loss = functional.cross_entropy(
            logits.float(), labels, weight=torch.tensor(WEIGHTS), label_smoothing=SMOOTHING
        )
        return learn(loss, self.reader, self.optimizer)


if __name__ == "__main__":
    Training(Path(sys.argv[1])).run()
