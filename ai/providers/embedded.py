"""The embedded engine: plans from the bank and rates by key point coverage, without key or network."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ai import planning
from ai.defence import prepare, suspects
from ai.embedding import MODEL_NAME
from ai.errors import CannotRate
from ai.providers import wording
from ai.providers.both_ways import compared, with_flags
from ai.rating import RUBRIC, Coverage, Reading, cover
from ai.schemas import (
    AnsweredTurn,
    AskedTurn,
    BankItem,
    InterviewSpec,
    KeyPoint,
    PlannedQuestion,
    Provenance,
    ProviderEvaluation,
    ProviderRating,
    Report,
)
from ai.text import Clause, in_whole_sentences

CAPPED_AT_2 = frozenset({"keyword_list", "word_salad"})
UNSURE = 0.3
MANY_POINTS = 5
SHARES = ((0.34, 2), (0.62, 3), (1.0, 4))


class EmbeddedModel:
    """An `InterviewModel` that runs whole on this machine. It shows coverage and a band, and flags doubt."""

    name = "embedded"
    languages: Collection[str] = frozenset({"en"})

    def plan_questions(
        self, spec: InterviewSpec, *, bank: Sequence[BankItem], seen: Collection[str]
    ) -> list[PlannedQuestion]:
        """Choose from the bank, see `ai.planning.plan_questions`. Raises `BankTooSmall`."""
        return planning.plan_questions(spec, bank=bank, seen=seen)

    def evaluate(
        self,
        question: PlannedQuestion,
        *,
        asked: AskedTurn,
        answer: str,
        earlier: Sequence[AnsweredTurn],
        language: str,
    ) -> ProviderEvaluation:
        """Rate the share of key points that this question's answers cover so far, by `level_of`.

        A follow-up is judged together with what was covered before it; one that brings no evidence of its own is
        level 1 by itself. Lists of terms and shuffled words get 2 at most. Confidence is 0-1; under 0.3 the flag
        `low_confidence` is set. Where sentences speak to the rater, the answer is also rated without them, see
        `both_ways.compared`. Raises `CannotRate` for a text that is not English.
        """
        case = _Case(question, asked, answer, earlier)
        prepared = prepare(answer)
        whole = case.rated()
        talk = [prepared.place(sentence) for sentence in suspects(prepared.text)]
        if not talk:
            return with_flags(whole, prepared)
        return compared(whole, case.rated(left_out=talk), prepared)

    def write_follow_up(
        self, question: PlannedQuestion, key_point: KeyPoint, *, language: str = "en"
    ) -> str:
        """Return the key point's own follow-up, or a neutral request for more where it has none."""
        return key_point["follow_up"].strip() or wording.generic_follow_up(language)

    def write_summary(
        self, spec: InterviewSpec, report: Report, turns: Sequence[AnsweredTurn]
    ) -> str:
        """Describe the figures of `report` in two to four sentences; nothing else is in it."""
        return wording.summary(report)


@dataclass(frozen=True, slots=True)
class _Case:
    """An answer, and all that it is rated by."""

    question: PlannedQuestion
    asked: AskedTurn
    answer: str
    earlier: Sequence[AnsweredTurn]

    def rated(self, left_out: Sequence[Clause] = ()) -> ProviderEvaluation:
        """Rate what the answer says beside `left_out`."""
        begun = time.perf_counter()
        question, answer = self.question, self.answer
        points = question["key_points"]
        is_story = question["question_type"] == "behavioral"
        reading = Reading(self.asked["key_point_id"], is_story, left_out)
        coverage = cover(_topic(question, self.asked), points, answer, reading)
        if "language" in coverage.flags:
            raise CannotRate(wording.NOT_ENGLISH)
        before = _covered_before(self.earlier)
        covered = _covered_so_far(points, coverage, before)
        missing = [p for p in points if p["id"] not in before.union(covered)]
        return {
            "ratings": [_rating(question, answer, coverage, covered)],
            "covered": covered,
            "missing": [point["id"] for point in missing],
            "feedback": wording.feedback(points, covered, missing, coverage.flags),
            "flags": _flags(coverage),
            "confidence": round(coverage.confidence, 3),
            "provenance": _provenance(EmbeddedModel.name, begun),
        }


def level_of(covered: int, total: int) -> int:
    """Map the number of covered key points, 0 to `total`, to a level of the anchored scale.

    No point is 1, up to a third 2, up to 60 % 3, more 4; all, or all but one of five and more, are 5.
    """
    if covered == 0:
        return 1
    if covered >= total - (total >= MANY_POINTS):
        return 5
    return next(level for share, level in SHARES if covered / total <= share)


def _topic(question: PlannedQuestion, asked: AskedTurn) -> str:
    """Return all that was asked: a follow-up's words, repeated, are an echo just like the question's."""
    return asked["text"] if asked["is_follow_up"] else question["text"]


def _covered_before(earlier: Sequence[AnsweredTurn]) -> set[str]:
    return {
        point for turn in earlier if turn["evaluation"] for point in turn["evaluation"]["covered"]
    }


def _covered_so_far(points: Sequence[KeyPoint], coverage: Coverage, before: set[str]) -> list[str]:
    """Return the covered points in the question's order; an answer without evidence has none of its own."""
    now = {point.point_id for point in coverage.covered}
    counted = now | before if now else now
    return [point["id"] for point in points if point["id"] in counted]


def _level(question: PlannedQuestion, coverage: Coverage, covered: Sequence[str]) -> int:
    level = level_of(len(covered), len(question["key_points"]))
    return min(level, 2) if CAPPED_AT_2.intersection(coverage.flags) else level


def _rating(
    question: PlannedQuestion, answer: str, coverage: Coverage, covered: Sequence[str]
) -> ProviderRating:
    level = _level(question, coverage, covered)
    spans = [in_whole_sentences(answer, p.span) for p in coverage.covered if p.span]
    return {
        "criterion": question["competency"],
        "score": level,
        "quotes": list(dict.fromkeys(answer[span.start : span.end] for span in spans)),
        "rationale": wording.rationale(question, covered, level),
    }


def _flags(coverage: Coverage) -> list[str]:
    unsure = coverage.confidence < UNSURE
    return [*coverage.flags, *(["low_confidence"] if unsure else [])]


def _provenance(provider: str, begun: float) -> Provenance:
    return {
        "provider": provider,
        "model": MODEL_NAME,
        "prompt_version": "",
        "rubric_version": RUBRIC,
        "input_tokens": 0,
        "output_tokens": 0,
        "latency_ms": round((time.perf_counter() - begun) * 1000),
    }
