"""The figures of the reference model, as `python -m ai.rating.fit` prints them."""

from __future__ import annotations

# How each feature may move the score: 1 never down, -1 never up. The fit keeps to it.
DIRECTIONS = {
    "coverage": 1,
    "whole": 1,
    "words": 1,
    "rare_words": 1,
    "clash": -1,
    "missing_names": -1,
    "long": 1,
}
OFFSET = -2.49
COEFFICIENTS = {
    "coverage": 1.98,
    "whole": 0.54,
    "words": 0.87,
    "rare_words": 1.13,
    "clash": -3.36,
    "missing_names": -0.38,
    "long": 2.24,
}
