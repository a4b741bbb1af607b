"""Rates answers by coverage: small, deterministic, explainable.

`rate_text` rates against reference answers, `cover` against the key points of a question.
"""

from ai.rating.coverage import Coverage, PointCoverage, Reading, cover
from ai.rating.reference import RatedText, rate_text

RUBRIC = "coverage-3"

__all__ = ["RUBRIC", "Coverage", "PointCoverage", "RatedText", "Reading", "cover", "rate_text"]
