"""From a question and an answer to a rating request, and from an accepted reply to an evaluation."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from ai import prompts
from ai.calling import Answered, Request
from ai.defence import Prepared
from ai.points import (
    NO_EVENT_FLAG,
    WORTH,
    best_before,
    covered_and_missing,
    event_told_before,
    level_of_states,
)
from ai.rating.reading import STORY
from ai.replies import Judgement, Opinion
from ai.schemas import (
    AnsweredTurn,
    AskedTurn,
    PlannedQuestion,
    PointStateName,
    Provenance,
    ProviderEvaluation,
    ProviderPoint,
    ProviderRating,
)
from ai.scoring import verify_point

RATE_TOKENS = 4_096
UNSURE, MAY_DIFFER = 0.3, 1
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

    Only the first of several raters is asked for words to people; the others give states, levels and quotes.
    """
    question, asked = case.question, case.asked
    criteria, points, story = criterion_ids(question), _points(question), story_parts(question)
    system, prompt = _template(is_first=is_first).fill(
        language=case.language,
        question=question["text"],
        asked=f"Asked now: {asked['text']}\n" if asked["is_follow_up"] else "",
        criteria=_listed(criteria, shuffle),
        anchors="\n".join(
            f"{level}: {text}" for level, text in sorted(question["anchors"].items())
        ),
        key_points=_listed(points, shuffle),
        story=f"Parts of a story:\n{_listed(story, shuffle)}\n" if story else "",
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
        lambda given: _why_not(given, set(criteria), {*points, *story}),
    )


def _template(*, is_first: bool) -> prompts.Prompt:
    return prompts.RATE if is_first else prompts.SECOND


def criterion_ids(question: PlannedQuestion) -> dict[str, str]:
    """Give each criterion a short id that no key point has."""
    return {f"c{number}": name for number, name in enumerate(criteria_of(question), start=1)}


def _points(question: PlannedQuestion) -> dict[str, str]:
    return {point["id"]: point["text"] for point in question["key_points"]}


def story_parts(question: PlannedQuestion) -> dict[str, str]:
    """Give each part that a story has to tell a short id; none for questions that ask for no story."""
    if question["question_type"] != "behavioral":
        return {}
    return {f"s{number}": text for number, text in enumerate(STORY, start=1)}


def _listed(entries: Mapping[str, str], shuffle: Shuffle) -> str:
    lines = [f"{name}: {text}" for name, text in entries.items()]
    shuffle(lines)
    return "\n".join(lines)


def _before(earlier: Sequence[AnsweredTurn]) -> str:
    """Name the key points that earlier answers to this question made, instead of repeating those answers."""
    made = sorted(point for point, state in best_before(earlier).items() if state == "said")
    return f"Already made in an earlier answer, count them in: {', '.join(made)}\n" if made else ""


def _why_not(given: Opinion, criteria: set[str], points: set[str]) -> str:
    named = [one.id for one in given.levels]
    if len(named) != len(set(named)) or set(named) != criteria:
        return f"levels must hold each of these ids once: {', '.join(sorted(criteria))}."
    read = [one.id for one in given.points]
    if len(read) != len(set(read)) or not set(read) <= points:
        return f"points must hold each of these ids once: {', '.join(sorted(points))}."
    if not {name for name, _words in cited(given, points)} <= points | criteria | {""}:
        known = ", ".join(sorted(points | criteria))
        return f'quotes must be written "id: words" with one of these ids: {known}.'
    return ""


def cited(given: Opinion, points: Collection[str] = ()) -> list[tuple[str, str]]:
    """Return the quotes as pairs of an id and the words; one without an id carries the levels. Only a first rater has any."""
    quotes = given.quotes if isinstance(given, Judgement) else []
    pairs = [_cited(quote, points) for quote in quotes]
    return [(name, words) for name, words in pairs if words]


def _cited(quote: str, points: Collection[str]) -> tuple[str, str]:
    name, colon, words = quote.partition(":")
    has_id = colon and (name in points or ID.fullmatch(name))
    return (name, _bare(words)) if has_id else ("", _bare(quote))


def _bare(words: str) -> str:
    return words.strip(" \"“”„'")


def evaluation(answered: Answered[Opinion], case: Case, prepared: Prepared) -> ProviderEvaluation:
    """Return what the model claims, in the words of the original; the level comes from the states that their words bear out.

    `sure` is False if the model says so, or if its own level is more than one away.
    """
    given, points = answered.value, case.question["key_points"]
    claims = [_claim(point["id"], given, prepared) for point in points]
    states = {claim["point"]: _checked(claim, prepared) for claim in claims}
    before = best_before(case.earlier)
    covered, missing = covered_and_missing(points, states, before)
    no_event = _has_no_event(given, case, prepared)
    level = level_of_states(points, states, before, without_event=no_event)
    own = fmean(one.level for one in given.levels)
    sure = given.sure >= UNSURE and abs(own - level.best) <= MAY_DIFFER
    return {
        "ratings": _ratings(given, case.question, prepared, round(level.best)),
        "points": claims,
        "levels": {"best": level.best, "low": min(level.low, own), "high": max(level.high, own)},
        "sure": sure,
        "covered": covered,
        "missing": missing,
        "feedback": given.feedback if isinstance(given, Judgement) else "",
        "flags": _flags(states, sure=sure, no_event=no_event),
        "confidence": given.sure,
        "provenance": _provenance(answered),
    }


def _claim(point: str, given: Opinion, prepared: Prepared) -> ProviderPoint:
    """Return what the model says of a point; of one that it left out, nothing is sure."""
    found = next((one for one in given.points if one.id == point), None)
    if found is None:
        return {"point": point, "state": "not_said", "sure": False, "quote": ""}
    words = _bare(found.quote) if found.state != "not_said" else ""
    quote = prepared.verbatim(words) or words
    return {"point": point, "state": found.state, "sure": True, "quote": quote}


def _checked(claim: ProviderPoint, prepared: Prepared) -> PointStateName:
    return verify_point(claim, prepared.original)["state"]


def _has_no_event(given: Opinion, case: Case, prepared: Prepared) -> bool:
    """Tell whether a story lacks its event, in this answer and in those before it."""
    event = next(iter(story_parts(case.question)), "")
    told = bool(event) and _checked(_claim(event, given, prepared), prepared) in WORTH
    return bool(event) and not told and not event_told_before(case.earlier)


def _flags(states: Mapping[str, PointStateName], *, sure: bool, no_event: bool) -> list[str]:
    found = {
        "negation": "contradicted" in states.values(),
        NO_EVENT_FLAG: no_event,
        "low_confidence": not sure,
    }
    return [flag for flag, is_so in found.items() if is_so]


def _ratings(
    given: Opinion, question: PlannedQuestion, prepared: Prepared, level: int
) -> list[ProviderRating]:
    """Return the level by criterion; it rests on the words of the points that were made, and on those for the criterion."""
    names, claimed = criterion_ids(question), cited(given, _points(question))
    made = [("", _bare(one.quote)) for one in given.points if one.state in WORTH]
    return [
        {
            "criterion": name,
            "score": level,
            "quotes": [
                prepared.verbatim(words) or words
                for about, words in [*made, *claimed]
                if about == key or about not in names
            ],
            "rationale": given.why if isinstance(given, Judgement) else "",
        }
        for key, name in names.items()
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
