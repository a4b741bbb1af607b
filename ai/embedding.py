"""Embeddings of sentences and of words in context, on the CPU: all-MiniLM-L6-v2 as int8 ONNX, loaded when first used."""

from __future__ import annotations

import math
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

FOLDER = Path(__file__).resolve().parent / "model_files"
MODEL_FILE, TOKENIZER_FILE = FOLDER / "all-MiniLM-L6-v2-int8.onnx", FOLDER / "tokenizer.json"
MODEL_NAME = "all-MiniLM-L6-v2-int8"
WIDTH = 384
AT_ONCE = os.cpu_count() or 1
MAX_TOKENS = 256
CACHE_SIZE, CACHED_READINGS = 8192, 256
FIRST_RANK, LAST_RANK = 1000, 30_000

Vectors = NDArray[np.float32]


class ModelFileMissing(RuntimeError):
    """A model file is not where it belongs; the installation is incomplete."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of a text (`##ing` continues a word): where each starts, and its unit vector in this context.

    `vectors` has the shape (n, 384); `starts` counts characters of the text.
    """

    pieces: Sequence[str]
    starts: Sequence[int]
    vectors: Vectors


class Encoder:
    """Turns texts into unit vectors. One per process; threads may share it."""

    def __init__(self, session: InferenceSession, tokenizer: Tokenizer) -> None:
        self.session = session
        self.tokenizer = tokenizer
        self.known: OrderedDict[str, Vectors] = OrderedDict()
        self.vector, self.states = (output.name for output in session.get_outputs())
        self.lock = threading.Lock()
        self.places = threading.BoundedSemaphore(AT_ONCE)

    def encode(self, texts: Sequence[str], *, remember: bool) -> Vectors:
        """Return one row of 384 per text; `remember` keeps rows of texts that come again and again."""
        if not texts:
            return np.zeros((0, WIDTH), np.float32)
        found = self._recall(texts)
        found.update({text: self._run(text) for text in dict.fromkeys(texts) if text not in found})
        if remember:
            self._remember(found)
        return np.stack([found[text] for text in texts])

    def rarity(self, word: str) -> float:
        """Return 0 for a very common word to 1 for one that the vocabulary does not hold.

        The vocabulary of BERT is ordered by frequency, so that its ranks stand in for a corpus.
        """
        rank = self.tokenizer.token_to_id(word) or LAST_RANK
        share = math.log(max(rank, FIRST_RANK) / FIRST_RANK) / math.log(LAST_RANK / FIRST_RANK)
        return min(1.0, share)

    def _run(self, text: str) -> Vectors:
        """Encode one text by itself: int8 scales are set per run, so neighbours would change its vector."""
        return self._infer(self.vector, self.tokenizer.encode(text))

    def read(self, text: str) -> Pieces:
        """Return the pieces of one text, but for the two marks at its ends."""
        encoding = self.tokenizer.encode(text)
        states = self._infer(self.states, encoding)[1:-1]
        lengths = np.linalg.norm(states, axis=1, keepdims=True)
        starts = [start for start, _end in encoding.offsets[1:-1]]
        return Pieces(encoding.tokens[1:-1], starts, states / lengths)

    def _infer(self, output: str, encoding: Encoding) -> Vectors:
        """Return one output. Each run takes a core and up to 15 MB: more of them than cores bring nothing but memory."""
        with self.places:
            rows: Any = self.session.run([output], _feeds(encoding))[0]
        return np.asarray(rows[0], np.float32)

    def _recall(self, texts: Sequence[str]) -> dict[str, Vectors]:
        with self.lock:
            found = {text: self.known[text] for text in texts if text in self.known}
            for text in found:
                self.known.move_to_end(text)
        return found

    def _remember(self, rows: dict[str, Vectors]) -> None:
        with self.lock:
            self.known.update(rows)
            while len(self.known) > CACHE_SIZE:
                self.known.popitem(last=False)


def _feeds(encoding: Encoding) -> dict[str, NDArray[np.int64]]:
    return {
        "input_ids": np.array([encoding.ids], np.int64),
        "attention_mask": np.array([encoding.attention_mask], np.int64),
    }


@cache
def _load() -> Encoder:
    from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415 - heavy
    from tokenizers import Tokenizer  # noqa: PLC0415 - heavy

    for file in (MODEL_FILE, TOKENIZER_FILE):
        if not file.is_file():
            raise ModelFileMissing(
                f"{file} is missing. Check it out again, or run ai/model_files/rebuild.py."
            )
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it gives nothing back after a burst
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    tokenizer = Tokenizer.from_file(str(TOKENIZER_FILE))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    session = InferenceSession(str(MODEL_FILE), options, providers=["CPUExecutionProvider"])
    return Encoder(session, tokenizer)


class _Loading:
    """The lock around loading; a forked child gets a new one and loads for itself."""

    lock = threading.Lock()

    @classmethod
    def start_afresh(cls) -> None:
        cls.lock = threading.Lock()
        _load.cache_clear()
        _remembered.cache_clear()


os.register_at_fork(after_in_child=_Loading.start_afresh)


def encoder() -> Encoder:
    """Return the encoder, loaded once per process. Raises `ModelFileMissing` with the remedy."""
    with _Loading.lock:
        return _load()


def embed(texts: Sequence[str], *, remember: bool = False) -> Vectors:
    """Return unit vectors, shape (n, 384), one row per text; a text is read up to 256 tokens.

    A row depends on its text alone. With `remember` it stays in a bounded cache (the last 8192 texts):
    meant for key points and questions, not for answers. Raises `ModelFileMissing`.
    """
    return encoder().encode(texts, remember=remember)


def read(text: str, *, remember: bool = False) -> Pieces:
    """Return the word pieces of a text with a vector each, up to 254 of them.

    With `remember` they stay in a bounded cache (the last 256 texts): meant for questions and references. Raises
    `ModelFileMissing`.
    """
    return _remembered(text) if remember else encoder().read(text)


@lru_cache(CACHED_READINGS)
def _remembered(text: str) -> Pieces:
    return encoder().read(text)


def rarity(word: str) -> float:
    """Return how rare a lower-case English word is, from 0 (everyday) to 1 (unknown)."""
    return encoder().rarity(word)
