"""The reader's network in torch, as it is trained and exported."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

WIDTH, HEADS, LOWER, UPPER, HIDDEN, STATES = 384, 12, 3, 3, 192, 4
WORDS, PLACES, TEXTS = 30522, 512, 3
FAR = -1e4
DROPOUT = 0.1


class Layer(nn.Module):
    """A transformer layer as BERT has it."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.first, self.second = (nn.LayerNorm(WIDTH, eps=1e-12) for _ in range(2))
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        batch, length, _ = states.shape
        split = self.qkv(states).view(batch, length, 3, HEADS, WIDTH // HEADS)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        # Plain products: on a CPU with AMX they are several times as fast as the fused attention, backwards above all.
        scores = query @ key.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5 + mask.to(query.dtype)
        read = scores.softmax(-1, dtype=query.dtype) @ value
        read = read.transpose(1, 2).reshape(batch, length, WIDTH)
        states = self.first(states + self.dropout(self.out(read)))
        return self.second(states + self.dropout(self.down(functional.gelu(self.up(states)))))


def mask_of(sees: Tensor) -> Tensor:
    return ((1.0 - sees) * FAR).unsqueeze(1)


class Encoder(nn.Module):
    """MiniLM as it is, each text by itself, so that what it knows of likeness stays: its states half way and at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(WORDS, WIDTH), nn.Embedding(PLACES, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.lower = nn.ModuleList(Layer(0.0) for _ in range(LOWER))
        self.upper = nn.ModuleList(Layer(0.0) for _ in range(UPPER))

    def first(self, ids: Tensor, places: Tensor) -> Tensor:
        """Return the states that the first layer begins with."""
        found: Tensor = self.norm(self.words(ids) + self.places(places))
        return found

    def forward(self, ids: Tensor, places: Tensor, apart: Tensor) -> tuple[Tensor, Tensor]:
        states = self.first(ids, places)
        mask = mask_of(apart)
        for layer in self.lower:
            states = layer(states, mask)
        half = states
        for layer in self.upper:
            states = layer(states, mask)
        return half, states


class Reader(nn.Module):
    """Reads each point against an answer, from the encoder's states.

    Three layers, which begin as MiniLM's last three, let a point see the question and the answer. Each piece of a point is
    then compared with what it is most like in the answer, before and after these layers (after Chen et al., 2017, ESIM).
    """

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(DROPOUT) for _ in range(UPPER))
        self.mark = nn.Parameter(torch.zeros(WIDTH))
        self.sharp = nn.Parameter(torch.tensor(12.0))
        self.compare, self.compare_read = (nn.Linear(4 * WIDTH, HIDDEN) for _ in range(2))
        self.ask = nn.Linear(4 * HIDDEN + 2 * WIDTH, WIDTH)
        self.nearness, self.bias = nn.Parameter(torch.tensor(4.0)), nn.Parameter(torch.tensor(-2.0))
        features = 4 * HIDDEN + 6 * WIDTH + 3
        self.last = nn.Sequential(
            nn.Linear(features, WIDTH), nn.GELU(), nn.Dropout(DROPOUT), nn.Linear(WIDTH, STATES)
        )

    def _read(self, half: Tensor, kinds: Tensor, sees: Tensor) -> Tensor:
        """Let the points see the question and the answer."""
        read, mask = half + kinds.unsqueeze(-1).to(half.dtype) * self.mark, mask_of(sees)
        for layer in self.layers:
            read = layer(read, mask)
        return read

    def forward(  # noqa: PLR0913, PLR0917 - tensors have names only here
        self,
        half: Tensor,
        end: Tensor,
        kinds: Tensor,
        sees: Tensor,
        answer: Tensor,
        points: Tensor,
        parts: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Return the logits of the states, and of each piece of the answer to carry the point.

        `half` and `end` [batch, length, 384]; `kinds` [batch, length] is 1 for pieces of points; `answer` [batch, pieces] holds
        places in the sequence, filled up with -1; `points` and `parts` [batch, points, pieces] places and which are real.
        """
        read, end = self._read(half, kinds, sees).float(), end.float()
        alike = Pair(pick(end, points), pick(end, answer))
        after = Pair(pick(read, points), pick(read, answer))
        outside = (1 - (answer >= 0).float())[:, None, None, :] * FAR
        likeness = torch.einsum("bkmd,bnd->bkmn", unit(alike.point), unit(alike.answer))
        attention = (likeness * self.sharp + outside).softmax(-1)
        real = parts.unsqueeze(-1)
        compared = functional.gelu(self.compare(alike.against(attention))) * real
        compared_read = functional.gelu(self.compare_read(after.against(attention))) * real
        summary = [*mean_and_most(compared, real), *mean_and_most(compared_read, real)]
        mean_alike, mean_read = mean(alike.point, real), mean(after.point, real)
        asking = self.ask(torch.cat([*summary, mean_alike, mean_read], -1))
        share = parts / parts.sum(-1, keepdim=True).clamp(min=1)
        near = (likeness * share.unsqueeze(-1)).sum(2)
        words = torch.einsum("bkd,bnd->bkn", asking, after.answer) * WIDTH**-0.5
        words = words + self.nearness * near + self.bias
        inside = words + outside[:, :, 0]
        focus = torch.einsum("bkn,bnd->bkd", inside.softmax(-1), after.answer)
        best = (likeness + outside).amax(-1)
        least = torch.where(parts > 0, best, torch.ones_like(best)).amin(-1, keepdim=True)
        figures = [(best * share).sum(-1, keepdim=True), least, inside.amax(-1, keepdim=True)]
        pairs = [focus, mean_read - focus, mean_alike * focus, mean_read * focus]
        return self.last(torch.cat([*summary, mean_read, mean_alike, *pairs, *figures], -1)), words


class CloseReader(nn.Module):
    """Reads one point against one place of an answer: every piece sees every other, in six layers that begin as MiniLM's."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(DROPOUT) for _ in range(LOWER + UPPER))
        self.marks = nn.Embedding(TEXTS, WIDTH)
        self.last = nn.Sequential(
            nn.Linear(3 * WIDTH, WIDTH), nn.GELU(), nn.Dropout(DROPOUT), nn.Linear(WIDTH, STATES)
        )

    def forward(self, pieces: Tensor, kinds: Tensor, real: Tensor) -> Tensor:
        """Return the logits of the states, from the encoder's first states of the pieces [batch, length, 384].

        `kinds` [batch, length] is 1 for the point, 2 for the question, 0 for the place; `real` is 0 for what fills up.
        """
        read = pieces + self.marks(kinds)
        mask = ((1.0 - real) * FAR)[:, None, None, :]
        for layer in self.layers:
            read = layer(read, mask)
        read = read.float()
        point = ((kinds == 1) & (real > 0)).float().unsqueeze(-1)
        mean_of_point = (read * point).sum(1) / point.sum(1).clamp(min=1)
        most_of_point = (read + (1 - point) * FAR).amax(1)
        return self.last(torch.cat([read[:, 0], mean_of_point, most_of_point], -1))


class Pair:
    """The states of the points' pieces [batch, points, pieces, 384] and of the answer's [batch, pieces, 384]."""

    def __init__(self, point: Tensor, answer: Tensor) -> None:
        self.point, self.answer = point, answer

    def against(self, attention: Tensor) -> Tensor:
        """Return each piece of a point beside what it attends to, their difference and their product."""
        seen = torch.einsum("bkmn,bnd->bkmd", attention, self.answer)
        return torch.cat([self.point, seen, self.point - seen, self.point * seen], -1)


class Shipped(nn.Module):
    """Encoder and reader in one, for one answer, with probabilities and the encoder's states: what is exported."""

    def __init__(self, encoder: Encoder, reader: Reader) -> None:
        super().__init__()
        self.encoder, self.reader = encoder, reader

    def forward(
        self, ids: Tensor, places: Tensor, kinds: Tensor, apart: Tensor, *rest: Tensor
    ) -> Any:
        half, end = self.encoder(ids[None], places[None], apart[None])
        logits, words = self.reader(half, end, kinds[None], *(one[None] for one in rest))
        return logits[0].softmax(-1), words[0].sigmoid(), end[0]


def pick(states: Tensor, places: Tensor) -> Tensor:
    flat = places.clamp(min=0).reshape(places.shape[0], -1)
    found = torch.gather(states, 1, flat.unsqueeze(-1).expand(-1, -1, WIDTH))
    return found.reshape(*places.shape, WIDTH)


def unit(states: Tensor) -> Tensor:
    return states / (states * states).sum(-1, keepdim=True).clamp(min=1e-6).sqrt()


def mean(states: Tensor, real: Tensor) -> Tensor:
    return (states * real).sum(2) / real.sum(2).clamp(min=1)


def mean_and_most(states: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
    return mean(states, real), states.amax(2)


def load_minilm(weights: dict[str, Tensor], encoder: Encoder, reader: Reader) -> None:
    """Fill both with MiniLM's weights; the reader's layers begin as its last three."""
    kinds = weights["embeddings.token_type_embeddings.weight"]
    encoder.words.weight.data.copy_(weights["embeddings.word_embeddings.weight"])
    encoder.places.weight.data.copy_(weights["embeddings.position_embeddings.weight"] + kinds[0])
    _copy(encoder.norm, weights, "embeddings.LayerNorm")
    layers = [*encoder.lower, *encoder.upper]
    for number, layer in enumerate(layers):
        _fill(layer, weights, f"encoder.layer.{number}")
    for number, layer in enumerate(reader.layers, start=LOWER):
        _fill(layer, weights, f"encoder.layer.{number}")


def _fill(layer: Any, weights: dict[str, Tensor], name: str) -> None:
    for part in ("weight", "bias"):
        own = [weights[f"{name}.attention.self.{one}.{part}"] for one in ("query", "key", "value")]
        getattr(layer.qkv, part).data.copy_(torch.cat(own))
    _copy(layer.out, weights, f"{name}.attention.output.dense")
    _copy(layer.first, weights, f"{name}.attention.output.LayerNorm")
    _copy(layer.up, weights, f"{name}.intermediate.dense")
    _copy(layer.down, weights, f"{name}.output.dense")
    _copy(layer.second, weights, f"{name}.output.LayerNorm")


def _copy(module: Any, weights: dict[str, Tensor], name: str) -> None:
    for part in ("weight", "bias"):
        getattr(module, part).data.copy_(weights[f"{name}.{part}"])
