"""What the reader learns from: labelled answers, and answers put together from claims."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ai.rating.network import LONGEST_POINT, LONGEST_QUESTION, TOKENIZER_FILE, windows
from ai.rating.reading import STORY
from lab.answers import CLAIMS, Row, agreed_points, questions, rows_of, training_files

STATES = {"no": 0, "yes": 1, "partly": 2, "denied": 3}
UNKNOWN = -1
CLAIMS_AT_ONCE, COMPOSED, SPOILT_SHARE = 350, 7, 30
# How often a composed answer says, denies, touches and passes by a point; the rest is left out. Three moods of answers.
MOODS = (
    (0.6, (0.5, 0.72, 0.8, 0.92)),
    (0.8, (0.15, 0.65, 0.75, 0.9)),
    (1.0, (0.25, 0.4, 0.5, 0.7)),
)
TREATMENTS = ("said", "denied", "partly", "near")
LABELS = {"said": "yes", "denied": "denied", "partly": "partly", "near": "no"}
MINIMAL = 0.35
LONG_WORD = 4

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Labelled:
    """An answer with its labels: for each point its text, its state (None if two people differ) and its quote."""

    question: str
    points: Sequence[tuple[str, str | None, str]]
    answer: str


@dataclass(frozen=True, slots=True)
class Example:
    """One window of an answer in word pieces; `quotes` has a row a point, 1 for pieces of its quote."""

    answer: tuple[int, ...]
    question: tuple[int, ...]
    points: list[tuple[int, ...]]
    labels: list[int]
    quotes: list[Floats]


class Pieces:
    """Cuts texts into word pieces."""

    def __init__(self) -> None:
        self.tokenizer = Tokenizer.from_file(str(TOKENIZER_FILE))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()

    def of(self, text: str, most: int) -> tuple[int, ...]:
        return tuple(self.tokenizer.encode(text, add_special_tokens=False).ids[:most])

    def examples(self, item: Labelled) -> Iterator[Example]:
        """Yield an example for each window; a point whose quote lies in another window is not said in this one."""
        encoding = self.tokenizer.encode(item.answer, add_special_tokens=False)
        question = self.of(item.question, LONGEST_QUESTION)
        points = [self.of(text, LONGEST_POINT) for text, _, _ in item.points]
        for first, last in windows(len(encoding.ids)):
            offsets = encoding.offsets[first:last]
            quotes = [_marks(item.answer, quote, offsets) for _, _, quote in item.points]
            is_whole = len(offsets) == len(encoding.ids)
            labels = [
                _label(state, quote, marks, is_whole=is_whole)
                for (_, state, quote), marks in zip(item.points, quotes, strict=True)
            ]
            yield Example(tuple(encoding.ids[first:last]), question, points, labels, quotes)


def _marks(answer: str, quote: str, offsets: Sequence[tuple[int, int]]) -> Floats:
    at = answer.find(quote) if quote else -1
    return np.array([at >= 0 and a < at + len(quote) and b > at for a, b in offsets], np.float32)


def _label(state: str | None, quote: str, marks: Floats, *, is_whole: bool) -> int:
    if state is None:
        return UNKNOWN
    return 0 if quote and not is_whole and not marks.any() else STATES[state]


def labelled(row: Row, question: Row) -> Labelled:
    """Return a row of `lab/data` with its question's points and, for a story, the parts that it tells."""
    agreed = agreed_points(row)
    points: list[tuple[str, str | None, str]] = []
    for key in row["points"]:
        state, quote = [*agreed.get(key, [None]), ""][:2]
        points.append((question["key_points"][int(key[1:]) - 1], state, quote or ""))
    if question["type"] == "behavioral":
        told = row.get("star", {}).values()
        points += [
            (text, "yes" if one else "no", "") for text, one in zip(STORY, told, strict=False)
        ]
    context = (row.get("asked"), question["text"], row.get("earlier"))
    return Labelled(" ".join(part for part in context if part), points, row["answer"])


def training_answers() -> list[Labelled]:
    """Return the English answers that may be trained on."""
    known = questions()
    rows = (row for file in training_files() for row in rows_of(file))
    return [labelled(row, known[row["q"]]) for row in rows if known[row["q"]]["language"] == "en"]


def composed(claim: dict[str, Any], draw: random.Random) -> Labelled | None:
    """Put an answer together out of a question's claims, in any order; None if every point is left out."""
    mood, points, said = draw.random(), [], []
    shares = next(shares for limit, shares in MOODS if mood < limit)
    for point in claim["points"]:
        chance = draw.random()
        treatment = next(
            (name for name, s in zip(TREATMENTS, shares, strict=True) if chance < s), ""
        )
        if not treatment:
            points.append((point["text"], "no", ""))
            continue
        words = draw.choice(point[treatment])
        if treatment == "denied" and draw.random() < MINIMAL:
            words = point["denied"][0]
        said.append(words)
        points.append((point["text"], LABELS[treatment], "" if treatment == "near" else words))
    draw.shuffle(said)
    return Labelled(claim["question"], points, " ".join(said)) if said else None


def spoilt(item: Labelled, draw: random.Random) -> Labelled:
    """Return shuffled words, or a list of the points' terms: nothing of it is said."""
    if draw.random() < 1 / 2:
        words = item.answer.split()
        draw.shuffle(words)
        text = " ".join(words)
    else:
        terms = [
            w.strip(".,;:") for t, _, _ in item.points for w in t.split() if len(w) > LONG_WORD
        ]
        draw.shuffle(terms)
        text = draw.choice([", ", " ", "; "]).join(terms)
    return replace(item, answer=text, points=[(wanted, "no", "") for wanted, _, _ in item.points])


def few(claim: dict[str, Any], draw: random.Random, most: int) -> Labelled:
    """Put a short answer together that deals with one or two points of a question."""
    chosen = draw.sample(range(len(claim["points"])), min(most, len(claim["points"])))
    points, said = [], []
    for number, point in enumerate(claim["points"]):
        if number not in chosen:
            points.append((point["text"], "no", ""))
            continue
        treatment = draw.choices(TREATMENTS, (0.4, 0.35, 0.1, 0.15))[0]
        words = draw.choice(point[treatment])
        if treatment in {"said", "denied"} and draw.random() < MINIMAL:
            words = point[treatment][0]
        said.append(words)
        points.append((point["text"], LABELS[treatment], "" if treatment == "near" else words))
    return Labelled(claim["question"], points, " ".join(said))


def beside(item: Labelled, draw: random.Random, others: Sequence[str]) -> Labelled:
    """Return an answer of a few sentences on other matters: nothing of the question's points is said."""
    text = " ".join(draw.sample(list(others), draw.choice([1, 1, 2, 3])))
    return replace(item, answer=text, points=[(wanted, "no", "") for wanted, _, _ in item.points])


def last_lesson(real: Sequence[Labelled], draw: random.Random) -> list[Labelled]:
    """Return what is read once more at the end: some of everything, short answers, and answers to other questions."""
    claims = draw.sample(list(rows_of(CLAIMS)), CLAIMS_AT_ONCE)
    others = [words for c in claims for p in c["points"] for words in (*p["said"], *p["near"])]
    mixed = [found for claim in claims for _ in range(2) if (found := composed(claim, draw))]
    short = [few(claim, draw, most) for claim in claims for most in (1, 1, 1, 2)]
    aside = [beside(item, draw, others) for item in draw.sample([*real, *mixed], 2 * len(claims))]
    bad = [spoilt(item, draw) for item in draw.sample(list(real), len(real) // SPOILT_SHARE)]
    return [*draw.sample(list(real), 2 * len(real) // 5), *mixed, *short, *aside, *bad]


def epoch(real: Sequence[Labelled], draw: random.Random) -> list[Labelled]:
    """Return what one epoch adds to the labelled answers."""
    claims = draw.sample(list(rows_of(CLAIMS)), CLAIMS_AT_ONCE)
    composing = [composed(claim, draw) for claim in claims for _ in range(COMPOSED)]
    put_together = [found for found in composing if found]
    chosen = draw.sample(list(real), len(real) // SPOILT_SHARE)
    return [*put_together, *(spoilt(item, draw) for item in chosen)]
