"""Fits the models of `rate_text`: `python -m ai.rating.fit FOLDER_OF_GRADED_ANSWERS` prints their figures."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ai.embedding import Vectors
from ai.rating.coefficients import LONG_DIRECTIONS, SHORT_DIRECTIONS
from ai.rating.comparison import Comparison
from ai.rating.graded import BRIEF, Graded, read_graded
from ai.rating.reference import Compared, Model, compare_all, nearest

RIDGE = 0.005
STEPS, ROUNDS = 500, 2
START = {"gained": 1.0, "amount": 1.0, "recall": 1.0}


def fit(graded: Sequence[Graded], compared: Sequence[Compared]) -> Model:
    """Return the two logistic models with the least squares-penalised log loss that keep to their directions.

    Data sets of brief answers fit the model for few words, the others that for many; in each a question weighs the root
    of its answers. Which reference is nearest depends on the model, so that both are found in turn. Answers that are
    rated 0 by a flag alone are left out. Deterministic.
    """
    usable = [pair for pair in zip(graded, compared, strict=True) if pair[1].comparisons]
    grades = np.array([row.grade for row, _one in usable])
    weights = weights_of([row for row, _one in usable])
    is_brief = np.array([row.source in BRIEF for row, _one in usable])
    model = Model({"offset": 0.0, **START}, {"offset": 0.0, **START})
    for _ in range(ROUNDS):
        best = [nearest(one, model) for _row, one in usable]
        model = Model(
            _descend(best, grades, weights * is_brief, SHORT_DIRECTIONS),
            _descend(best, grades, weights * ~is_brief, LONG_DIRECTIONS),
        )
    return model


def weights_of(graded: Sequence[Graded]) -> Vectors:
    """Return a weight per answer; those of each data set sum up to 1 over the number of data sets."""
    answers = Counter((row.source, row.question) for row in graded)
    weights = np.array([answers[row.source, row.question] ** -0.5 for row in graded])
    sources = np.array([row.source for row in graded])
    for source in set(sources):
        weights[sources == source] /= weights[sources == source].sum()
    return np.asarray(weights / weights.sum())


def _descend(
    comparisons: Sequence[Comparison],
    grades: Vectors,
    weights: Vectors,
    directions: Mapping[str, int],
) -> dict[str, float]:
    """Accelerated projected gradient descent (Beck & Teboulle, 2009) on standardised features."""
    features = np.array([[c.features[name] for name in directions] for c in comparisons])
    weights = weights / (weights.sum() or 1)
    middle = weights @ features
    scale = np.sqrt(weights @ (features - middle) ** 2) + 1e-9
    x = np.hstack([np.ones((len(features), 1)), (features - middle) / scale])
    signs = np.array([0, *directions.values()])
    ridge = RIDGE * (signs != 0)
    step = 1 / (np.linalg.eigvalsh((x * weights[:, None]).T @ x)[-1] / 4 + RIDGE)
    best = ahead = np.zeros(len(signs))
    for number in range(STEPS):
        errors = 1 / (1 + np.exp(-x @ ahead)) - grades
        moved = ahead - step * (x.T @ (weights * errors) + ridge * ahead)
        moved[moved * signs < 0] = 0
        ahead = moved + number / (number + 3) * (moved - best)
        best = moved
    slopes = best[1:] / scale
    found = [float(best[0] - slopes @ middle), *slopes.tolist()]
    return dict(zip(["offset", *directions], found, strict=True))


def main(arguments: Sequence[str]) -> None:
    graded = read_graded(Path(arguments[0]))
    model = fit(graded, [compare_all(row.question, row.references, row.answer) for row in graded])
    for name, weights in (("SHORT", model.short), ("LONG", model.long)):
        lines = [f'    "{feature}": {weight:.2f},' for feature, weight in weights.items()]
        sys.stdout.write("\n".join([f"{name} = {{", *lines, "}", ""]))


if __name__ == "__main__":
    main(sys.argv[1:])
