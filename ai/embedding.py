"""Vectors of short texts on the CPU, by all-MiniLM-L6-v2, which the reader's network begins with."""

from __future__ import annotations

import math
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from ai.rating.network import WIDTH, Floats, loaded

Vectors = Floats
MAX_TOKENS = 254
CACHE_SIZE = 8192
FIRST_RANK, LAST_RANK = 1000, 30_000


class Known:
    """Vectors of texts that come again and again: the last 8192."""

    rows: OrderedDict[str, Vectors] = OrderedDict()
    lock = threading.Lock()

    @classmethod
    def recall(cls, texts: Sequence[str]) -> dict[str, Vectors]:
        with cls.lock:
            found = {text: cls.rows[text] for text in texts if text in cls.rows}
            for text in found:
                cls.rows.move_to_end(text)
        return found

    @classmethod
    def remember(cls, rows: dict[str, Vectors]) -> None:
        with cls.lock:
            cls.rows.update(rows)
            while len(cls.rows) > CACHE_SIZE:
                cls.rows.popitem(last=False)

    @classmethod
    def start_afresh(cls) -> None:
        cls.lock = threading.Lock()


os.register_at_fork(after_in_child=Known.start_afresh)


def embed(texts: Sequence[str], *, remember: bool = False) -> Vectors:
    """Return unit vectors, shape (n, 384), one row per text; a text is read up to 254 word pieces.

    A row depends on its text alone. With `remember` it stays in a bounded cache (the last 8192 texts): meant for key points
    and titles, not for answers. Raises `ModelFileMissing`.
    """
    if not texts:
        return np.zeros((0, WIDTH), np.float32)
    found = Known.recall(texts)
    found.update({text: _encoded(text) for text in dict.fromkeys(texts) if text not in found})
    if remember:
        Known.remember(found)
    return np.stack([found[text] for text in texts])


def _encoded(text: str) -> Vectors:
    """Encode one text by itself: int8 scales are set per run, so neighbours would change its vector."""
    states = loaded().encode(text, MAX_TOKENS)
    mean = states.mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)


def rarity(word: str) -> float:
    """Return how rare a lower-case English word is, from 0 (everyday) to 1 (not in the vocabulary).

    The vocabulary of BERT is ordered by frequency, so that its ranks stand in for a corpus.
    """
    rank = loaded().tokenizer.token_to_id(word) or LAST_RANK
    share = math.log(max(rank, FIRST_RANK) / FIRST_RANK) / math.log(LAST_RANK / FIRST_RANK)
    return min(1.0, share)
