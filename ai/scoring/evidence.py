"""Checks that the words a provider quotes stand in the answer, and where: pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from ai.defence import addresses_rater
from ai.quotes import find_quote, fold
from ai.schemas import CriterionRating, EvidenceSpan, PointFinding, ProviderPoint, ProviderRating
from ai.scoring.levels import HIGHEST, LOWEST


def find_point(given: ProviderPoint, answer: str) -> EvidenceSpan | None:
    """Return the place that a provider gives for a point's quote if the quote stands there, else the first one where it does."""
    start, end = given.get("start", 0), given.get("end", 0)
    quote = answer[max(0, start) : max(0, end)]
    if quote and fold(quote)[0].strip() == fold(given["quote"])[0].strip():
        return {"quote": quote, "start": start, "end": end}
    return find_quote(answer, given["quote"])


def with_utf16(answer: str, span: EvidenceSpan) -> EvidenceSpan:
    """Return a span with its offsets in UTF-16 units beside those in code points."""
    start, end = (_utf16_length(answer[: span[name]]) for name in ("start", "end"))
    return {**span, "start_utf16": start, "end_utf16": end}


def _utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def verify_rating(
    rating: ProviderRating, answer: str, points: Sequence[PointFinding] = ()
) -> CriterionRating:
    """Keep the quotes that stand in the answer; without any, cap the level at 1.

    A quote that addresses the rater instead of the question is no evidence either. One that is a point's stands where the
    point's does.
    """
    known = {one["quote"]: _place(one) for one in reversed(points) if one["quote"]}
    spans = [known.get(quote) or find_quote(answer, quote) for quote in rating["quotes"]]
    evidence = [span for span in spans if span and not addresses_rater(span["quote"])]
    evidence.sort(key=lambda span: (span["start"], span["end"]))
    level = min(HIGHEST, max(LOWEST, rating["score"])) if evidence else LOWEST
    return {
        "criterion": rating["criterion"],
        "score": level,
        "evidence": [
            with_utf16(answer, span) for n, span in enumerate(evidence) if span not in evidence[:n]
        ],
        "rationale": rating["rationale"],
    }


def _place(point: PointFinding) -> EvidenceSpan:
    return {"quote": point["quote"], "start": point["start"], "end": point["end"]}


def verify_point(given: ProviderPoint, answer: str) -> PointFinding:
    """Keep a point's state if its quote stands in the answer and does not address the rater; else it is not surely not said."""
    span = find_point(given, answer) if given["state"] != "not_said" else None
    if span is None or addresses_rater(span["quote"]):
        nothing: EvidenceSpan = {
            "quote": "",
            "start": 0,
            "end": 0,
            "start_utf16": 0,
            "end_utf16": 0,
        }
        sure = given["sure"] and given["state"] == "not_said"
        return _finding({**given, "state": "not_said", "sure": sure}, nothing)
    return _finding(given, with_utf16(answer, span))


def _finding(given: ProviderPoint, span: EvidenceSpan) -> PointFinding:
    return {
        "point": given["point"],
        "state": given["state"],
        "sure": given["sure"],
        "quote": span["quote"],
        "start": span["start"],
        "end": span["end"],
        "start_utf16": span["start_utf16"],
        "end_utf16": span["end_utf16"],
    }


def not_said(point: str) -> PointFinding:
    """Return the finding on a point that nothing was said of."""
    return verify_point({"point": point, "state": "not_said", "sure": True, "quote": ""}, "")
