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
OFFSET = -2.42
COEFFICIENTS = {
    "coverage": 1.50,
    "whole": 0.84,
    "words": 0.95,
    "rare_words": 1.09,
    "clash": -2.56,
    "missing_names": -0.42,
    "long": 2.27,
}
