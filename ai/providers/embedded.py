"""The embedded engine: plans from the bank and rates by reading for key points, without key or network."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ai import planning, scoring
from ai.defence import prepare, suspects
from ai.defence.two_ratings import lower_of, with_flags
from ai.errors import CannotRate
from ai.points import (
    NO_EVENT_FLAG,
    best_before,
    better,
    covered_and_missing,
    event_told_before,
)
from ai.providers import wording
from ai.rating import RUBRIC, AnswerReading, PointReading, PointState, read_answer
from ai.rating.guards import HOPELESS, text_flags
from ai.rating.levels import LOWEST, NO_EVENT, Level, capped, is_sure, level_of
from ai.rating.network import MODEL_NAME
from ai.rating.reading import TOLD
from ai.schemas import (
    AnsweredTurn,
    AskedTurn,
    BankItem,
    InterviewSpec,
    KeyPoint,
    PlannedQuestion,
    PointFinding,
    Provenance,
    ProviderEvaluation,
    ProviderPoint,
    ProviderRating,
    Report,
)
from ai.text import Clause, clauses

CAPPED_AT_2 = frozenset({"keyword_list"})
CARRIED = (PointState.SAID, PointState.PARTLY)


class EmbeddedModel:
    """An `InterviewModel` that runs whole on this machine. It reads answers for key points, and says if it is unsure."""

    name = "embedded"
    writes_questions = False
    languages = frozenset({"en"})

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
        """Read the answer for the question's key points, see `ai.rating.read_answer`.

        A follow-up is rated together with what was said before it; one that says nothing of its own is level 1 by itself. Lists of terms get 2
        at most. Confidence is 0-1. If sentences speak to the rater, the answer is also rated without them, see
        `two_ratings.lower_of`. Raises `CannotRate` for a text that is not English.
        """
        case = _Case(question, asked, answer, earlier)
        prepared = prepare(answer)
        whole = case.rated()
        talk = [prepared.place(sentence) for sentence in suspects(prepared.text)]
        if not talk:
            return with_flags(whole, prepared)
        return lower_of(whole, case.rated(left_out=talk), prepared)

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
        text = blanked(self.answer, left_out)
        flags = text_flags(_topic(self.question, self.asked), text, clauses(text))
        if "language" in flags:
            raise CannotRate(wording.NOT_ENGLISH)
        own = self._read("" if HOPELESS.intersection(flags) else text)
        level, sure = self._level(own, flags)
        return self._evaluation(own, level, sure=sure, flags=flags, begun=begun)

    def _read(self, text: str) -> AnswerReading:
        question, asked = self.question, self.asked
        return read_answer(
            question["text"],
            [point["text"] for point in question["key_points"]],
            text,
            question_type=question["question_type"],
            essential=[point.get("essential", False) for point in question["key_points"]],
            asked=asked["text"] if asked["is_follow_up"] else "",
            earlier=self.earlier[-1]["answer"]["text"] if self.earlier else "",
        )

    def _level(self, own: AnswerReading, flags: Sequence[str]) -> tuple[Level, bool]:
        """Return the level of all that was said to this question so far, and whether it is sure."""
        level = Level(own.level, own.low, own.high)
        if not any(point.state in CARRIED for point in own.points):
            level = Level(LOWEST, LOWEST, own.high)
        elif self.earlier:
            before = best_before(self.earlier)
            points = [
                better(before.get(point["id"]), reading.chances)
                for point, reading in zip(self.question["key_points"], own.points, strict=True)
            ]
            level = level_of(points)
            if self._has_no_event(own):
                level = capped(level, NO_EVENT)
        if CAPPED_AT_2.intersection(flags):
            return capped(level, 2), True
        return level, is_sure(level)

    def _has_no_event(self, own: AnswerReading) -> bool:
        """Tell whether a story lacks its event, in this answer and in those before it."""
        return bool(own.told) and own.told[0] < TOLD and not event_told_before(self.earlier)

    def _evaluation(
        self, own: AnswerReading, level: Level, *, sure: bool, flags: list[str], begun: float
    ) -> ProviderEvaluation:
        points = self.question["key_points"]
        claims = [_claim(point, reading) for point, reading in zip(points, own.points, strict=True)]
        found = [scoring.verify_point(claim, self.answer) for claim in claims]
        states = {one["point"]: one["state"] for one in found}
        covered, missing = covered_and_missing(points, states, best_before(self.earlier))
        doubtful = [one["point"] for one in found if one["quote"] and _is_doubtful(one)]
        heard = [point for point in covered if point not in doubtful]
        marks = [*flags, *(["negation"] if _contradicts(own) else [])]
        marks += [NO_EVENT_FLAG] if self._has_no_event(own) else []
        return {
            "ratings": [self._rating(own, level, heard, doubtful)],
            "points": claims,
            "levels": {"best": level.best, "low": level.low, "high": level.high},
            "sure": sure,
            "covered": covered,
            "missing": missing,
            "feedback": wording.feedback(
                points, heard, missing, marks, opposite=self._opposite(own), perhaps=doubtful
            ),
            "flags": [*marks, *([] if sure else ["low_confidence"])],
            "confidence": round(max(0.0, 1 - (level.high - level.low) / 4), 3),
            "provenance": _provenance(EmbeddedModel.name, begun),
        }

    def _opposite(self, own: AnswerReading) -> list[KeyPoint]:
        """Return the points that the answer surely contradicts."""
        return [
            point
            for point, reading in zip(self.question["key_points"], own.points, strict=True)
            if reading.state is PointState.CONTRADICTED and reading.sure
        ]

    def _rating(
        self, own: AnswerReading, level: Level, heard: Sequence[str], perhaps: Sequence[str]
    ) -> ProviderRating:
        return {
            "criterion": self.question["competency"],
            "score": round(level.best),
            "quotes": list(dict.fromkeys(p.quote for p in own.points if p.state in CARRIED)),
            "rationale": wording.rationale(self.question, heard, perhaps),
        }


def _is_doubtful(found: PointFinding) -> bool:
    """Tell whether a point is touched only, or not surely said."""
    return found["state"] == "partly" or (found["state"] == "said" and not found["sure"])


def blanked(answer: str, left_out: Sequence[Clause]) -> str:
    """Return an answer with spaces in place of some stretches, so that offsets stay."""
    for stretch in left_out:
        blank = " " * (stretch.end - stretch.start)
        answer = answer[: stretch.start] + blank + answer[stretch.end :]
    return answer


def _topic(question: PlannedQuestion, asked: AskedTurn) -> str:
    """Return all that was asked: a follow-up's words, repeated, are an echo just like the question's."""
    return asked["text"] if asked["is_follow_up"] else question["text"]


def _contradicts(own: AnswerReading) -> bool:
    return any(point.state is PointState.CONTRADICTED for point in own.points)


def _claim(point: KeyPoint, reading: PointReading) -> ProviderPoint:
    return {
        "point": point["id"],
        "state": reading.state.value,
        "sure": reading.sure,
        "quote": reading.quote,
        "start": reading.start,
        "end": reading.end,
    }


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
