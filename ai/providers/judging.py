"""From a question and an answer to a rating request, and from an accepted reply to an evaluation."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from ai import prompts
from ai.calling import Answered, Request
from ai.defence import Prepared
from ai.replies import Judgement, Opinion
from ai.schemas import (
    AnsweredTurn,
    AskedTurn,
    PlannedQuestion,
    Provenance,
    ProviderEvaluation,
    ProviderPoint,
    ProviderRating,
)

RATE_TOKENS = 4_096
UNSURE = 0.3
ID = re.compile(r"[ck]\d+")
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


def rate_request(
    case: Case, text: str, shuffle: Shuffle, *, is_first: bool = True
) -> Request[Opinion]:
    """Return the request that rates `text`; criteria and key points come in an order of its own each time.

    Only the first of several raters is asked for words to people; the others give levels and quotes.
    """
    question, asked = case.question, case.asked
    criteria, points = criterion_ids(question), _points(question)
    system, prompt = _template(is_first=is_first).fill(
        language=case.language,
        question=question["text"],
        asked=f"Asked now: {asked['text']}\n" if asked["is_follow_up"] else "",
        criteria=_listed(criteria, shuffle),
        anchors="\n".join(
            f"{level}: {text}" for level, text in sorted(question["anchors"].items())
        ),
        key_points=_listed(points, shuffle),
        before=_before(case.earlier),
        answer=prompts.between_marks(text),
    )
    return Request(
        "rate",
        system,
        prompt,
        Judgement if is_first else Opinion,
        0.0,
        RATE_TOKENS,
        lambda given: _why_not(given, set(criteria), set(points)),
    )


def _template(*, is_first: bool) -> prompts.Prompt:
    return prompts.RATE if is_first else prompts.SECOND


def criterion_ids(question: PlannedQuestion) -> dict[str, str]:
    """Give each criterion a short id that no key point has."""
    return {f"c{number}": name for number, name in enumerate(criteria_of(question), start=1)}


def _points(question: PlannedQuestion) -> dict[str, str]:
    return {point["id"]: point["text"] for point in question["key_points"]}


def _listed(entries: Mapping[str, str], shuffle: Shuffle) -> str:
    lines = [f"{name}: {text}" for name, text in entries.items()]
    shuffle(lines)
    return "\n".join(lines)


def _before(earlier: Sequence[AnsweredTurn]) -> str:
    """Name the key points that earlier answers to this question made, instead of repeating those answers."""
    made = sorted(_covered_before(earlier))
    return f"Already made in an earlier answer, count them in: {', '.join(made)}\n" if made else ""


def _covered_before(earlier: Sequence[AnsweredTurn]) -> set[str]:
    rated = [turn["evaluation"] for turn in earlier if turn["evaluation"]]
    return {point for evaluation in rated for point in evaluation["covered"]}


def _why_not(given: Opinion, criteria: set[str], points: set[str]) -> str:
    named = [one.id for one in given.levels]
    if len(named) != len(set(named)) or set(named) != criteria:
        return f"levels must hold each of these ids once: {', '.join(sorted(criteria))}."
    if not {name for name, _words in cited(given, points)} <= points | criteria | {""}:
        known = ", ".join(sorted(points | criteria))
        return f'quotes must be written "id: words" with one of these ids: {known}.'
    return ""


def cited(given: Opinion, points: Collection[str] = ()) -> list[tuple[str, str]]:
    """Return the quotes as pairs of an id and the words; one without an id carries the levels and shows no key point."""
    pairs = [_cited(quote, points) for quote in given.quotes]
    return [(name, words) for name, words in pairs if words]


def _cited(quote: str, points: Collection[str]) -> tuple[str, str]:
    name, colon, words = quote.partition(":")
    has_id = colon and (name in points or ID.fullmatch(name))
    return (name, _bare(words)) if has_id else ("", _bare(quote))


def _bare(words: str) -> str:
    return words.strip(" \"“”„'")


def evaluation(answered: Answered[Opinion], case: Case, prepared: Prepared) -> ProviderEvaluation:
    """Return what the model claims, its quotes in the words of the original; a point without words is not covered."""
    given, before = answered.value, _covered_before(case.earlier)
    ids = [point["id"] for point in case.question["key_points"]]
    now = {name for name, words in cited(given, ids) if prepared.verbatim(words)}
    now &= set(ids)
    counted = now | before if now else now
    level = float(fmean(one.level for one in given.levels))
    return {
        "ratings": _ratings(given, case.question, prepared),
        "points": [_point(point, cited(given, ids), prepared) for point in ids],
        "levels": {"best": level, "low": level, "high": level},
        "sure": given.sure >= UNSURE,
        "covered": [point for point in ids if point in counted],
        "missing": [point for point in ids if point not in now | before],
        "feedback": given.feedback if isinstance(given, Judgement) else "",
        "flags": ["low_confidence"] if given.sure < UNSURE else [],
        "confidence": given.sure,
        "provenance": _provenance(answered),
    }


def _point(point: str, claimed: Sequence[tuple[str, str]], prepared: Prepared) -> ProviderPoint:
    found = (prepared.verbatim(words) for name, words in claimed if name == point)
    quote = next(filter(None, found), "")
    return {"point": point, "state": "said" if quote else "not_said", "sure": True, "quote": quote}


def _ratings(given: Opinion, question: PlannedQuestion, prepared: Prepared) -> list[ProviderRating]:
    """Return the claimed levels; each rests on its own quotes and on those that show a key point."""
    names, claimed = criterion_ids(question), cited(given, _points(question))
    return [
        {
            "criterion": names[one.id],
            "score": one.level,
            "quotes": [
                prepared.verbatim(words) or words
                for name, words in claimed
                if name == one.id or name not in names
            ],
            "rationale": given.why if isinstance(given, Judgement) else "",
        }
        for one in given.levels
    ]


def _provenance(answered: Answered[Opinion]) -> Provenance:
    is_first = isinstance(answered.value, Judgement)
    return {
        "provider": answered.provider,
        "model": answered.reply.model,
        "prompt_version": _template(is_first=is_first).version,
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
        "points": [
            {"point": point["id"], "state": "not_said", "sure": True, "quote": ""}
            for point in question["key_points"]
        ],
        "levels": {"best": 1.0, "low": 1.0, "high": 1.0},
        "sure": True,
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
