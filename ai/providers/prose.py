"""Follow-ups and summaries in a model's words, each checked; plain words of our own where that fails."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ai import prompts
from ai.calling import Caller, Request
from ai.errors import ProviderUnavailable, ReplyBlocked
from ai.providers import wording
from ai.replies import FollowUp, Summary
from ai.schemas import AnsweredTurn, InterviewSpec, KeyPoint, PlannedQuestion, Report
from ai.scoring import find_quote
from ai.text import content_stems

TOKENS = 2_048
KEPT_SECONDS, FAILED_SECONDS = 30 * 86_400, 60
LEADING_SHARE = 0.5
QUOTED = re.compile(r"[\"“„«]([^\"”“»]{2,})[\"”“»]")
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
QUOTES_PER_TURN = 2


@dataclass(frozen=True, slots=True)
class Prose:
    """Writes through `caller`; what it wrote once about the same facts is kept in the caller's store."""

    caller: Caller

    def follow_up(self, question: PlannedQuestion, key_point: KeyPoint, language: str) -> str:
        """Ask for `key_point` without giving it away, or ask neutrally for more."""
        system, prompt = prompts.FOLLOW_UP.fill(
            question=question["text"], key_point=key_point["text"], language=language
        )
        request = Request(
            "follow_up", system, prompt, FollowUp, 0.3, TOKENS, lambda f: leading(f, key_point)
        )
        try:
            return self.caller.ask(request).value.question
        except (ProviderUnavailable, ReplyBlocked):
            return wording.generic_follow_up(language)

    def summary(self, spec: InterviewSpec, report: Report, turns: Sequence[AnsweredTurn]) -> str:
        """Describe a report; the same facts get the same words, without asking again."""
        facts = rated_facts(report, turns)
        digest = hashlib.sha256(f"{prompts.SUMMARY.version}{spec['language']}{facts}".encode())
        key = f"ai:summary:{digest.hexdigest()}"
        known = self.caller.store.get(key)
        if known is None:
            known, seconds = self._written(spec, report, facts)
            self.caller.store.set(key, known, seconds)
        return str(known)

    def _written(self, spec: InterviewSpec, report: Report, facts: str) -> tuple[str, int]:
        ratings = prompts.between_marks(facts)
        system, prompt = prompts.SUMMARY.fill(
            position=spec["position"], language=spec["language"], ratings=ratings
        )
        request = Request(
            "summary", system, prompt, Summary, 0.2, TOKENS, lambda s: unfounded(s, facts)
        )
        try:
            return self.caller.ask(request).value.summary, KEPT_SECONDS
        except (ProviderUnavailable, ReplyBlocked):
            return wording.summary(report), FAILED_SECONDS


def leading(written: FollowUp, key_point: KeyPoint) -> str:
    """Say why a follow-up will not do: it is no question, or gives away half of the missing idea's words."""
    if not written.question.endswith("?"):
        return "It has to end with a question mark."
    idea = content_stems(key_point["text"])
    told = idea & content_stems(written.question)
    return "It gives the idea away." if idea and len(told) / len(idea) >= LEADING_SHARE else ""


def rated_facts(report: Report, turns: Sequence[AnsweredTurn]) -> str:
    """Return all that a summary may rest on, as JSON: figures, levels and evidence."""
    return json.dumps(
        {
            "overall_score": report["overall_score"],
            "recommendation": report["recommendation"],
            "competencies": {c["competency"]: c["score"] for c in report["competencies"]},
            "answers": [_fact(turn) for turn in turns],
        },
        ensure_ascii=False,
    )


def _fact(turn: AnsweredTurn) -> dict[str, object]:
    ratings = turn["evaluation"]["ratings"] if turn["evaluation"] else []
    return {
        "question": turn["asked"]["question_number"],
        "levels": {rating["criterion"]: rating["score"] for rating in ratings},
        "evidence": [
            span["quote"] for rating in ratings for span in rating["evidence"][:QUOTES_PER_TURN]
        ],
    }


def unfounded(written: Summary, facts: str) -> str:
    """Say what a summary claims that the facts do not hold: words in quotes, or figures."""
    known = " ".join(_strings(json.loads(facts)))
    if any(find_quote(known, quote) is None for quote in QUOTED.findall(written.summary)):
        return "It quotes words that are not in the evidence."
    allowed = {*NUMBER.findall(known), "100", "5", "1"}
    return _strange_number(NUMBER.findall(written.summary), allowed)


def _strange_number(numbers: Collection[str], allowed: Collection[str]) -> str:
    strange = [number for number in numbers if number not in allowed]
    return "It holds a figure that is not among the ratings." if strange else ""


def _strings(value: object) -> list[str]:
    """Return every name and value of a JSON value as text."""
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in _strings(part)]
    if isinstance(value, list):
        return [str(len(value)), *(text for part in value for text in _strings(part))]
    return [str(value)]
