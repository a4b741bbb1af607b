"""Fits the coefficients of the reference model: `python -m ai.rating.fit FOLDER_OF_GRADED_ANSWERS` prints them."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ai.embedding import Vectors
from ai.rating.coefficients import DIRECTIONS
from ai.rating.comparison import FEATURES
from ai.rating.graded import Graded, read_graded
from ai.rating.reference import Compared, Model, compare_all

RIDGE = 0.02
STEPS, ROUNDS = 500, 3


@dataclass(frozen=True, slots=True)
class Rows:
    """Graded answers as figures: `features` has a row per reference, `starts` says where each answer's begin.

    Answers that are rated 0 by a flag alone are left out.
    """

    features: Vectors
    starts: Vectors
    grades: Vectors
    weights: Vectors


def fit(graded: Sequence[Graded], compared: Sequence[Compared]) -> Model:
    """Return the logistic model with the least squares-penalised log loss that keeps to `DIRECTIONS`.

    Every data set weighs the same, and in it a question by the root of its answers. Which reference is nearest
    depends on the model, so that both are found in turn. Deterministic.
    """
    rows = rows_of(graded, compared)
    model = Model(0.0, np.array([DIRECTIONS[name] for name in FEATURES], np.float32))
    for _ in range(ROUNDS):
        model = _descend(rows.features[_nearest(rows, model)], rows)
    return model


def rows_of(graded: Sequence[Graded], compared: Sequence[Compared]) -> Rows:
    usable = [pair for pair in zip(graded, compared, strict=True) if pair[1].comparisons]
    counts = [len(one.comparisons) for _row, one in usable]
    return Rows(
        np.array([c.features for _row, one in usable for c in one.comparisons], np.float64),
        np.cumsum([0, *counts[:-1]]),
        np.array([row.grade for row, _one in usable]),
        weights_of([row for row, _one in usable]),
    )


def weights_of(graded: Sequence[Graded]) -> Vectors:
    """Return a weight per answer; those of each data set sum up to 1 over the number of data sets."""
    answers = Counter((row.source, row.question) for row in graded)
    weights = np.array([answers[row.source, row.question] ** -0.5 for row in graded])
    sources = np.array([row.source for row in graded])
    for source in set(sources):
        weights[sources == source] /= weights[sources == source].sum()
    return np.asarray(weights / weights.sum())


def _nearest(rows: Rows, model: Model) -> Vectors:
    odds = rows.features @ model.weights
    ends = [*rows.starts[1:], len(odds)]
    return np.array(
        [start + odds[start:end].argmax() for start, end in zip(rows.starts, ends, strict=True)]
    )


def _descend(features: Vectors, rows: Rows) -> Model:
    """Accelerated projected gradient descent (Beck & Teboulle, 2009) on standardised features."""
    middle, scale = features.mean(axis=0), features.std(axis=0) + 1e-9
    x = np.hstack([np.ones((len(features), 1)), (features - middle) / scale])
    signs = np.array([0, *(DIRECTIONS[name] for name in FEATURES)])
    ridge = RIDGE * (signs != 0)
    step = 1 / (np.linalg.eigvalsh((x * rows.weights[:, None]).T @ x)[-1] / 4 + RIDGE)
    best = ahead = np.zeros(len(signs))
    for number in range(STEPS):
        errors = 1 / (1 + np.exp(-x @ ahead)) - rows.grades
        moved = ahead - step * (x.T @ (rows.weights * errors) + ridge * ahead)
        moved[moved * signs < 0] = 0
        ahead = moved + number / (number + 3) * (moved - best)
        best = moved
    weights = best[1:] / scale
    return Model(float(best[0] - weights @ middle), weights)


def main(arguments: Sequence[str]) -> None:
    graded = read_graded(Path(arguments[0]))
    model = fit(graded, [compare_all(row.question, row.references, row.answer) for row in graded])
    lines = [f"OFFSET = {model.offset:.2f}", "COEFFICIENTS = {"]
    lines += [
        f'    "{name}": {weight:.2f},'
        for name, weight in zip(FEATURES, model.weights.tolist(), strict=True)
    ]
    sys.stdout.write("\n".join([*lines, "}", ""]))


if __name__ == "__main__":
    main(sys.argv[1:])
