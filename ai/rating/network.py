"""The reader's network: every key point of a question is read against an answer in one pass, on the CPU.

The answer, the question and the points stand side by side in one sequence. MiniLM encodes each by itself, which tells how
alike their words are; from its third layer on three layers of our own let each point see the question and the answer, which
tells what the answer says of it. No point sees another, so that what is read of one does not depend on the others. Trained by
`lab.reader`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ai.inference import FOLDER, open_session, open_tokenizer, run

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

MODEL_FILE, TOKENIZER_FILE = FOLDER / "reader-int8.onnx", FOLDER / "tokenizer.json"
MODEL_NAME = "reader-1"
BEGIN, END = 101, 102
WINDOW, STEP = 288, 192
LONGEST_QUESTION, LONGEST_POINT = 100, 40
STATES = ("not_said", "said", "partly", "contradicted")
OUTPUTS = ("states", "words")
WIDTH = 384
NOTHING = (1012,)  # a full stop, to stand in for a question and a point

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Window:
    """What was read in one stretch of an answer.

    `states` has a row a point with the probabilities of `STATES`; `weights` a row a point and a column a word piece, 0-1: how
    far that piece carries the point. The pieces stand at `answer[starts[i]:ends[i]]`.
    """

    states: Floats
    weights: Floats
    starts: Sequence[int]
    ends: Sequence[int]


def read_windows(question: str, points: Sequence[str], answer: str) -> list[Window]:
    """Read `points` against an answer, in overlapping windows of 288 word pieces; none if it has no words.

    Raises `ModelFileMissing`.
    """
    network = loaded()
    encoding = network.tokenizer.encode(answer, add_special_tokens=False)
    asked, wanted = (
        network.pieces(question)[:LONGEST_QUESTION],
        [network.pieces(p)[:LONGEST_POINT] for p in points],
    )
    return [
        network.read(asked, wanted, encoding.ids[at:end], encoding.offsets[at:end])
        for at, end in windows(len(encoding.ids))
    ]


def windows(length: int) -> Iterator[tuple[int, int]]:
    """Yield where the windows over `length` pieces begin and end; the last one is whole."""
    last = max(0, length - WINDOW)
    for at in range(0, length, STEP):
        yield min(at, last), min(at + WINDOW, length)
        if at + WINDOW >= length:
            return


class Network:
    """The model and its tokenizer. One per process; threads may share it."""

    def __init__(self, session: InferenceSession, tokenizer: Tokenizer) -> None:
        self.session, self.tokenizer = session, tokenizer
        self.pieces = lru_cache(4096)(self._pieces)

    def encode(self, text: str, most: int) -> Floats:
        """Return MiniLM's states, shape (n, 384), of a text's first `most` pieces and of its two ends."""
        pieces = self._pieces(text)[:most] or list(NOTHING)
        feeds = Sequences.of(NOTHING, [NOTHING], pieces).feeds(len(pieces))
        (encoded,) = run(self.session, ("encoded",), feeds)
        return np.asarray(encoded[: len(pieces) + 2], np.float32)

    def _pieces(self, text: str) -> list[int]:
        return list(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def read(
        self,
        question: Sequence[int],
        points: Sequence[Sequence[int]],
        answer: Sequence[int],
        offsets: Sequence[tuple[int, int]],
    ) -> Window:
        feeds = Sequences.of(question, points, answer).feeds(len(answer))
        states, weights = run(self.session, OUTPUTS, feeds)
        return Window(states, weights, [start for start, _ in offsets], [end for _, end in offsets])


@dataclass(frozen=True, slots=True)
class Sequences:
    """Texts side by side, the answer and the question first: the word pieces, and the place of each text."""

    ids: list[int]
    spans: list[slice]

    @classmethod
    def of(
        cls, question: Sequence[int], points: Sequence[Sequence[int]], answer: Sequence[int]
    ) -> Sequences:
        ids: list[int] = []
        spans: list[slice] = []
        for text in (answer, question, *points):
            spans.append(slice(len(ids), len(ids) + len(text) + 2))
            ids += [BEGIN, *text, END]
        return cls(ids, spans)

    def feeds(self, length: int) -> dict[str, Integers | Floats]:
        """Return the model's inputs; `length` is that of the answer."""
        points = self.spans[2:]
        places = np.concatenate([np.arange(span.stop - span.start) for span in self.spans])
        table, real = _table(points)
        apart = self._apart()
        return {
            "ids": np.array(self.ids, np.int64),
            "places": places.astype(np.int64),
            "kinds": (np.arange(len(self.ids)) >= points[0].start).astype(np.float32),
            "apart": apart,
            "sees": self._sees(apart),
            "answer": np.arange(1, length + 1, dtype=np.int64),
            "points": table,
            "parts": real,
        }

    def _apart(self) -> Floats:
        """Return which piece (row) sees which (column) while each text stands by itself."""
        apart = np.zeros((len(self.ids), len(self.ids)), np.float32)
        for span in self.spans:
            apart[span, span] = 1
        return apart

    def _sees(self, apart: Floats) -> Floats:
        """Return the same for reading: the points also see the question and the answer."""
        sees = apart.copy()
        answer, question, first = self.spans[:3]
        sees[first.start :, answer.start : question.stop] = 1
        return sees


def _table(spans: Sequence[slice]) -> tuple[Integers, Floats]:
    """Return the places of each span in a row, filled up with 0, and which of them are real."""
    width = max(span.stop - span.start for span in spans)
    places, real = (
        np.zeros((len(spans), width), np.int64),
        np.zeros((len(spans), width), np.float32),
    )
    for row, span in enumerate(spans):
        length = span.stop - span.start
        places[row, :length], real[row, :length] = np.arange(span.start, span.stop), 1
    return places, real


@cache
def _load() -> Network:
    return Network(open_session(MODEL_FILE), open_tokenizer(TOKENIZER_FILE))


class _Loading:
    """The lock around loading; a forked child gets a new one and loads for itself."""

    lock = threading.Lock()

    @classmethod
    def start_afresh(cls) -> None:
        cls.lock = threading.Lock()
        _load.cache_clear()


os.register_at_fork(after_in_child=_Loading.start_afresh)


def loaded() -> Network:
    """Return the network, loaded once per process. Raises `ModelFileMissing`."""
    with _Loading.lock:
        return _load()
