"""The figures of the two models of `rate_text`, as `python -m ai.rating.fit` prints them."""

from __future__ import annotations

from collections.abc import Mapping

# How each feature may move the score: 1 never down, -1 never up. The fit keeps to it. In a matter of few words it counts
# how much of the reference returns, in one of many how much is said beyond the question.
SHORT_DIRECTIONS = {"amount": 1, "recall": 1, "words": 1, "clash": -1, "missing_names": -1}
LONG_DIRECTIONS = {"gained": 1, "missing_names": -1}

SHORT: Mapping[str, float] = {
    "offset": -3.24,
    "amount": 2.07,
    "recall": 3.10,
    "words": 0.82,
    "clash": -3.08,
    "missing_names": -0.29,
}
LONG: Mapping[str, float] = {
    "offset": 4.33,
    "gained": 1.80,
    "missing_names": -0.80,
}
