"""What comes of sentences that speak to the rater: of the ratings with and without them, the lower counts."""

from __future__ import annotations

from ai import scoring
from ai.defence import Prepared
from ai.schemas import Provenance, ProviderEvaluation

MAX_STEERING_POINTS = 15


def with_flags(claim: ProviderEvaluation, prepared: Prepared, *more: str) -> ProviderEvaluation:
    hidden = ["hidden_characters"] if prepared.had_hidden else []
    return {**claim, "flags": [*claim["flags"], *hidden, *more]}


def lower_of(
    whole: ProviderEvaluation, without: ProviderEvaluation, prepared: Prepared
) -> ProviderEvaluation:
    """Return the lower of the ratings with and without the words to the rater.

    Such words cost nothing: if the ratings are alike, that is all. If they are further apart than `MAX_STEERING_POINTS`
    points of 100, the flag `steered` hands the turn to a person.
    """
    first, second = _score(whole, prepared), _score(without, prepared)
    chosen = whole if first <= second else without
    flags = ["spoke_to_rater", *(["steered"] if abs(first - second) > MAX_STEERING_POINTS else [])]
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
