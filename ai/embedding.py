"""Embeddings of sentences, on the CPU: all-MiniLM-L6-v2 as int8 ONNX, loaded when first used."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
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
CACHE_SIZE = 8192

Vectors = NDArray[np.float32]


class ModelFileMissing(RuntimeError):
    """A model file is not where it belongs; the installation is incomplete."""


class Encoder:
    """Turns texts into unit vectors. One per process; threads may share it."""

    def __init__(self, session: InferenceSession, tokenizer: Tokenizer) -> None:
        self.session = session
        self.tokenizer = tokenizer
        self.known: OrderedDict[str, Vectors] = OrderedDict()
        self.vector = session.get_outputs()[0].name
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

    def _run(self, text: str) -> Vectors:
        """Encode one text by itself: int8 scales are set per run, so neighbours would change its vector."""
        return self._infer(self.tokenizer.encode(text))

    def _infer(self, encoding: Encoding) -> Vectors:
        """Return the vector. Each run takes a core and up to 15 MB: more of them than cores bring nothing but memory."""
        with self.places:
            rows: Any = self.session.run([self.vector], _feeds(encoding))[0]
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
