"""From a question and an answer to a rating request, and from an accepted reply to an evaluation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ai import prompts, scoring
from ai.calling import Answered, Request
from ai.defence import Prepared
from ai.replies import Judgement
from ai.schemas import (
    AnsweredTurn,
    AskedTurn,
    PlannedQuestion,
    Provenance,
    ProviderEvaluation,
    ProviderRating,
)

RATE_TOKENS = 4_096
UNSURE = 0.3
MAY_DIFFER = 15
NOTHING_LEFT = "Apart from words to the rater there is no answer."
Shuffle = Callable[[list[str]], None]


def criteria_of(question: PlannedQuestion) -> list[str]:
    return [question["competency"]]


@dataclass(frozen=True, slots=True)
class Case:
    """All that an answer is rated by, beside its words."""

    question: PlannedQuestion
    asked: AskedTurn
    earlier: Sequence[AnsweredTurn]
    language: str


def rate_request(case: Case, text: str, shuffle: Shuffle) -> Request[Judgement]:
    """Return the request that rates `text`; criteria and key points come in an order of its own each time."""
    mark, answer = prompts.between_marks(text)
    question, asked = case.question, case.asked
    system, prompt = prompts.RATE.fill(
        mark=mark,
        language=case.language,
        question=question["text"],
        asked=f"Asked now: {asked['text']}\n" if asked["is_follow_up"] else "",
        criteria=", ".join(_shuffled(criteria_of(question), shuffle)),
        anchors=_anchors(question["anchors"]),
        key_points="\n".join(_shuffled(_points(question), shuffle)),
        before=_before(case.earlier),
        answer=answer,
    )
    wanted = set(criteria_of(question)), {point["id"] for point in question["key_points"]}
    return Request(
        "rate", system, prompt, Judgement, 0.0, RATE_TOKENS, lambda given: _why_not(given, *wanted)
    )


def _shuffled(lines: list[str], shuffle: Shuffle) -> list[str]:
    shuffle(lines)
    return lines


def _points(question: PlannedQuestion) -> list[str]:
    return [f"{point['id']}: {point['text']}" for point in question["key_points"]]


def _anchors(anchors: Mapping[str, str]) -> str:
    return "\n".join(f"{level}: {anchors[level]}" for level in sorted(anchors))


def _before(earlier: Sequence[AnsweredTurn]) -> str:
    """Name the key points that earlier answers to this question made, instead of repeating those answers."""
    made = sorted(_covered_before(earlier))
    return f"Already made in an earlier answer, count them in: {', '.join(made)}\n" if made else ""


def _covered_before(earlier: Sequence[AnsweredTurn]) -> set[str]:
    rated = [turn["evaluation"] for turn in earlier if turn["evaluation"]]
    return {point for evaluation in rated for point in evaluation["covered"]}


def _why_not(given: Judgement, criteria: set[str], points: set[str]) -> str:
    named = [rating.criterion for rating in given.ratings]
    if len(named) != len(set(named)) or set(named) != criteria:
        return f"ratings must hold each of these once: {', '.join(sorted(criteria))}."
    if not {point.id for point in given.covered} <= points:
        return f"covered may hold these ids only: {', '.join(sorted(points))}."
    return ""


def evaluation(answered: Answered[Judgement], case: Case, prepared: Prepared) -> ProviderEvaluation:
    """Return what the model claims, its quotes in the words of the original; a point without words is not covered."""
    given = answered.value
    now = {point.id for point in given.covered if prepared.verbatim(point.quote)}
    before = _covered_before(case.earlier)
    counted = now | before if now else now
    ids = [point["id"] for point in case.question["key_points"]]
    return {
        "ratings": [
            {
                "criterion": rating.criterion,
                "score": rating.level,
                "quotes": [prepared.verbatim(quote) or quote for quote in rating.quotes if quote],
                "rationale": rating.rationale,
            }
            for rating in given.ratings
        ],
        "covered": [point for point in ids if point in counted],
        "missing": [point for point in ids if point not in now | before],
        "feedback": given.feedback,
        "flags": ["low_confidence"] if given.confidence < UNSURE else [],
        "confidence": given.confidence,
        "provenance": _provenance(answered),
    }


def _provenance(answered: Answered[Judgement]) -> Provenance:
    return {
        "provider": answered.provider,
        "model": answered.reply.model,
        "prompt_version": prompts.RATE.version,
        "rubric_version": prompts.RUBRIC_VERSION,
        "input_tokens": answered.reply.input_tokens,
        "output_tokens": answered.reply.output_tokens,
        "latency_ms": round(answered.seconds * 1000),
    }


def nothing_left(question: PlannedQuestion, provider: str) -> ProviderEvaluation:
    """Rate an answer of which nothing is left; no model is asked."""
    rating: ProviderRating = {"criterion": "", "score": 1, "quotes": [], "rationale": NOTHING_LEFT}
    return {
        "ratings": [{**rating, "criterion": name} for name in criteria_of(question)],
        "covered": [],
        "missing": [point["id"] for point in question["key_points"]],
        "feedback": NOTHING_LEFT,
        "flags": [],
        "confidence": 1.0,
        "provenance": {
            "provider": provider,
            "model": "none",
            "prompt_version": prompts.RATE.version,
            "rubric_version": prompts.RUBRIC_VERSION,
            "input_tokens": 0,
            "output_tokens": 0,
            "latency_ms": 0,
        },
    }


def with_flags(claim: ProviderEvaluation, prepared: Prepared, *more: str) -> ProviderEvaluation:
    hidden = ["hidden_characters"] if prepared.had_hidden else []
    return {**claim, "flags": [*claim["flags"], *hidden, *more]}


def compared(
    whole: ProviderEvaluation, without: ProviderEvaluation, prepared: Prepared
) -> ProviderEvaluation:
    """Return the lower of the ratings with and without the words to the rater.

    Such words cost nothing: where the ratings are alike, that is all. Where they are further apart than `MAY_DIFFER`
    points of 100, the flag `steered` hands the turn to a person.
    """
    first, second = _score(whole, prepared), _score(without, prepared)
    chosen = whole if first <= second else without
    flags = ["spoke_to_rater", *(["steered"] if abs(first - second) > MAY_DIFFER else [])]
    both = with_flags(chosen, prepared, *flags)
    return {**both, "provenance": _sum(whole["provenance"], without["provenance"])}


def _score(claim: ProviderEvaluation, prepared: Prepared) -> int:
    return scoring.verify_evaluation(claim, prepared.original)["score"] or 0


def _sum(first: Provenance, second: Provenance) -> Provenance:
    return {
        **first,
        "input_tokens": first["input_tokens"] + second["input_tokens"],
        "output_tokens": first["output_tokens"] + second["output_tokens"],
        "latency_ms": first["latency_ms"] + second["latency_ms"],
    }
