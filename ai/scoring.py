"""Evidence verification and aggregation: pure functions, so that no model ever computes a total."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from statistics import fmean

from ai.schemas import (
    AnsweredTurn,
    CompetencyScore,
    CriterionRating,
    Evaluation,
    EvidenceSpan,
    Levels,
    Mode,
    PlannedQuestion,
    PointFinding,
    ProviderEvaluation,
    ProviderPoint,
    ProviderRating,
    QuestionScore,
    Report,
)
from ai.text import addresses_rater

LOWEST, HIGHEST = 1, 5
STRONG = 75
DOUBTFUL_FLAGS = frozenset(
    {
        "negation",
        "addresses_rater",
        "low_confidence",
        "steered",
        "raters_disagree",
        "evidence_not_found",
    }
)
QUOTES = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-"}
)
BANDS = (
    (80, "strong evidence"),
    (60, "good evidence"),
    (40, "mixed evidence"),
    (0, "little evidence"),
)


def level_to_score(level: float) -> float:
    """Map a level of the anchored scale, 1 to 5, linearly to 0-100."""
    return (level - LOWEST) * 100 / (HIGHEST - LOWEST)


def weighted_mean(scores: Mapping[str, float], weights: Mapping[str, float] | None = None) -> float:
    """Return the weighted mean of `scores` by name; a missing weight counts as 1.

    Raises `ValueError` where there is nothing to average.
    """
    weight = {name: (weights or {}).get(name, 1.0) for name in scores}
    total = sum(weight.values())
    if total <= 0:
        raise ValueError("No score carries any weight.")
    return sum(scores[name] * weight[name] for name in sorted(scores)) / total


def fold(text: str) -> tuple[str, list[int]]:
    """Return `text` with space, quotes and case normalised, and for each character its offset in `text`."""
    folded: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        for piece in _folded(character):
            space = piece.isspace()
            if space and (not folded or folded[-1] == " "):
                continue
            folded.append(" " if space else piece)
            offsets.append(offset)
    return "".join(folded), offsets


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    return unicodedata.normalize("NFKC", character).translate(QUOTES).casefold()


def find_quote(answer: str, quote: str) -> EvidenceSpan | None:
    """Find `quote` in `answer` and return its verbatim span, or None where it is not there.

    Space, typographic quotes and case are ignored; words are not: a quote that was changed is no evidence.
    """
    exact = quote.strip()
    if exact and (at := answer.find(exact)) >= 0:
        return {"quote": exact, "start": at, "end": at + len(exact)}
    wanted = fold(quote)[0].strip()
    if not wanted:
        return None
    haystack, offsets = fold(answer)
    at = haystack.find(wanted)
    if at < 0:
        return None
    start, end = offsets[at], offsets[at + len(wanted) - 1] + 1
    return {"quote": answer[start:end], "start": start, "end": end}


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


def verify_evaluation(claim: ProviderEvaluation, answer: str) -> Evaluation:
    """Turn a provider's claim into a checked evaluation; the turn's score is computed here, 0-100.

    Lost evidence, a doubtful flag or a level that is not sure marks the turn as one that needs a person.
    """
    points = [verify_point(point, answer) for point in claim["points"]]
    ratings = [verify_rating(rating, answer, points) for rating in claim["ratings"]]
    unseen = any(
        kept["state"] != given["state"] for kept, given in zip(points, claim["points"], strict=True)
    )
    lost = any(
        given["quotes"] and kept["score"] < given["score"]
        for kept, given in zip(ratings, claim["ratings"], strict=True)
    )
    levels = {rating["criterion"]: rating["score"] for rating in ratings}
    flags = [*claim["flags"], *(["evidence_not_found"] if lost or unseen else [])]
    estimate = None if lost else claim["levels"]
    score = score_of_levels(levels) if estimate is None else score_of(estimate)
    return {
        "status": "scored",
        "reason": "",
        "score": score,
        "range": range_of(estimate) or [score, score],
        "levels": estimate,
        "sure": claim["sure"],
        "points": points,
        "ratings": ratings,
        "covered": claim["covered"],
        "missing": claim["missing"],
        "feedback": claim["feedback"],
        "flags": flags,
        "needs_person": not claim["sure"] or bool(DOUBTFUL_FLAGS.intersection(flags)),
        "provenance": claim["provenance"],
    }


def score_of(levels: Levels) -> int:
    """Return one turn's score, 0-100, from the best estimate of its level."""
    return round(level_to_score(levels["best"]))


def range_of(levels: Levels | None) -> list[int] | None:
    """Return the lowest and the highest score, 0-100; None without an estimate."""
    if levels is None:
        return None
    return [round(level_to_score(levels[bound])) for bound in ("low", "high")]


def score_of_levels(levels: Mapping[str, int]) -> int:
    """Return one turn's score, 0-100, from its levels by criterion."""
    return round(level_to_score(weighted_mean(levels)))


def not_said(point: str) -> PointFinding:
    """Return the finding on a point that nothing was said of."""
    return verify_point({"point": point, "state": "not_said", "sure": True, "quote": ""}, "")


def unanswered(question: PlannedQuestion, reason: str, *, asked_for: str = "") -> Evaluation:
    """Rate a question that got no answer: level 1, saying why. No model is asked."""
    missing = [asked_for] if asked_for else [point["id"] for point in question["key_points"]]
    rating: CriterionRating = {
        "criterion": question["competency"],
        "score": LOWEST,
        "evidence": [],
        "rationale": reason,
    }
    return {
        "status": "scored",
        "reason": reason,
        "score": 0,
        "range": [0, 0],
        "levels": None,
        "sure": True,
        "points": [not_said(point["id"]) for point in question["key_points"]],
        "ratings": [rating],
        "covered": [],
        "missing": missing,
        "feedback": f"{reason} It counts as level 1.",
        "flags": [],
        "needs_person": False,
        "provenance": None,
    }


def unrated(status: str, reason: str) -> Evaluation:
    """Return an evaluation without any score: `pending` (it will be tried again) or `not_scored`."""
    return {
        "status": "pending" if status == "pending" else "not_scored",
        "reason": reason,
        "score": None,
        "range": None,
        "levels": None,
        "sure": False,
        "points": [],
        "ratings": [],
        "covered": [],
        "missing": [],
        "feedback": "",
        "flags": [],
        "needs_person": status != "pending",
        "provenance": None,
    }


def question_scores(
    questions: Sequence[PlannedQuestion],
    turns: Sequence[AnsweredTurn],
    *,
    mode: Mode = "screening",
) -> list[QuestionScore]:
    """Score each question by the best of its turns, so that a follow-up can only help.

    A question is None while one of its turns has no score, or while it was not asked at all. In practice an answer that
    cannot be rated is left out instead, since no person is there to rate it.
    """
    counted = [turn for turn in turns if mode == "screening" or not _is_unratable(turn)]
    return [
        {**_question_score(question, counted), "turns": _turns_of(question, turns)}
        for question in questions
    ]


def left_out(
    questions: Sequence[PlannedQuestion], turns: Sequence[AnsweredTurn], *, mode: Mode
) -> list[int]:
    """Return the numbers of those questions of a practice interview that were answered, and none of it could be rated."""
    if mode == "screening":
        return []
    asked = {turn["asked"]["question_number"] for turn in turns}
    counted = {turn["asked"]["question_number"] for turn in turns if not _is_unratable(turn)}
    return [q["number"] for q in questions if q["number"] in asked - counted]


def _is_unratable(turn: AnsweredTurn) -> bool:
    return turn["evaluation"] is not None and turn["evaluation"]["status"] == "not_scored"


def _turns_of(question: PlannedQuestion, turns: Sequence[AnsweredTurn]) -> list[int]:
    own = (turn["asked"] for turn in turns)
    return [asked["turn"] for asked in own if asked["question_number"] == question["number"]]


def _question_score(question: PlannedQuestion, turns: Sequence[AnsweredTurn]) -> QuestionScore:
    own = [turn for turn in turns if turn["asked"]["question_number"] == question["number"]]
    scores = [turn["evaluation"]["score"] if turn["evaluation"] else None for turn in own]
    known = [score for score in scores if score is not None]
    return {
        "question_number": question["number"],
        "competency": question["competency"],
        "score": max(known) if known and len(known) == len(scores) else None,
        "turns": [turn["asked"]["turn"] for turn in own],
    }


def competency_scores(scores: Sequence[QuestionScore]) -> list[CompetencyScore]:
    """Average the scored questions of each competency, in the order of the interview."""
    names = list(dict.fromkeys(score["competency"] for score in scores))
    return [found for name in names if (found := _competency_score(name, scores))]


def _competency_score(name: str, scores: Sequence[QuestionScore]) -> CompetencyScore | None:
    own = [score for score in scores if score["competency"] == name and score["score"] is not None]
    if not own:
        return None
    mean = fmean(score["score"] for score in own if score["score"] is not None)
    return {
        "competency": name,
        "score": round(mean),
        "turns": [turn for score in own for turn in score["turns"]],
    }


def overall_score(scores: Sequence[QuestionScore]) -> int | None:
    """Return the mean over all questions, 0-100, or None while any of them has no score."""
    known = {str(s["question_number"]): float(s["score"]) for s in scores if s["score"] is not None}
    return round(weighted_mean(known)) if known and len(known) == len(scores) else None


def recommendation(overall: int | None) -> str | None:
    """Name the band of an overall score; it describes evidence and decides nothing."""
    return next((name for floor, name in BANDS if overall is not None and overall >= floor), None)


def build_report(
    questions: Sequence[PlannedQuestion],
    turns: Sequence[AnsweredTurn],
    *,
    mode: Mode = "screening",
) -> Report:
    """Compute everything of a report that is a figure; `summary` is left empty for `summarize_interview`.

    It is complete once every question has a score. In practice the total is that of the questions that could be rated;
    it is None, and the report complete, if none of them could.
    """
    scores = question_scores(questions, turns, mode=mode)
    left = left_out(questions, turns, mode=mode)
    competencies = competency_scores(scores)
    counted = [score for score in scores if score["question_number"] not in left]
    overall = overall_score(counted)
    is_complete = overall is not None or (bool(left) and not counted)
    return {
        "status": "complete" if is_complete else "incomplete",
        "overall_score": overall,
        "recommendation": recommendation(overall),
        "competencies": competencies,
        "questions": scores,
        "left_out": left,
        "strengths": [c["competency"] for c in competencies if c["score"] >= STRONG],
        "improvements": [c["competency"] for c in competencies if c["score"] < STRONG],
        "summary": "",
    }
