"""Evidence verification and aggregation: pure functions, so that no model ever computes a total."""

from __future__ import annotations

from ai.quotes import find_quote, fold
from ai.scoring.evaluations import (
    DOUBTFUL_FLAGS,
    unanswered,
    unrated,
    verify_evaluation,
)
from ai.scoring.evidence import (
    find_point,
    not_said,
    verify_point,
    verify_rating,
    with_utf16,
)
from ai.scoring.levels import (
    HIGHEST,
    LOWEST,
    level_to_score,
    range_of,
    score_of,
    score_of_levels,
    weighted_mean,
)
from ai.scoring.reports import (
    build_report,
    competency_scores,
    left_out,
    overall_score,
    question_scores,
    recommendation,
)

__all__ = [
    "DOUBTFUL_FLAGS",
    "HIGHEST",
    "LOWEST",
    "build_report",
    "competency_scores",
    "find_point",
    "find_quote",
    "fold",
    "left_out",
    "level_to_score",
    "not_said",
    "overall_score",
    "question_scores",
    "range_of",
    "recommendation",
    "score_of",
    "score_of_levels",
    "unanswered",
    "unrated",
    "verify_evaluation",
    "verify_point",
    "verify_rating",
    "weighted_mean",
    "with_utf16",
]
