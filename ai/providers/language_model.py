"""An `InterviewModel` over any language model: prompts out, checked replies in, the embedded engine behind it."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from ai import planning, prompts
from ai.calling import Caller, Request
from ai.calling.breaker import ProviderState
from ai.defence import Prepared, prepare, suspects, without
from ai.defence.two_ratings import lower_of, with_flags
from ai.errors import CannotRate, ProviderUnavailable, ReplyBlocked
from ai.providers import judging, wording
from ai.providers.prose import Prose
from ai.replies import Plan, PlannedItem
from ai.schemas import (
    AnsweredTurn,
    AskedTurn,
    BankItem,
    InterviewSpec,
    KeyPoint,
    PlannedQuestion,
    ProviderEvaluation,
    Report,
)

PLAN_TOKENS = 16_384
PLAN_TEMPERATURE = 0.7
DECLINED = "The provider declined to rate this answer."


@dataclass(slots=True)
class LanguageModel:
    """Plans, rates and writes through `caller`; what fails there falls back to the bank, to waiting, to plain words.

    `is_first` is False for one that rates after another: it gives levels and quotes, and no words to people.
    """

    caller: Caller
    name: str
    shuffle: Callable[[list[str]], None] = field(default=random.shuffle)
    is_first: bool = True

    writes_questions = True
    languages = frozenset({"en", "de", "es", "fr"})

    def plan_questions(
        self, spec: InterviewSpec, *, bank: Sequence[BankItem], seen: Collection[str]
    ) -> list[PlannedQuestion]:
        """Let the model write the questions; where that fails, choose them from the bank.

        The job description shapes questions and goes nowhere else. Raises `BankTooSmall` where the bank cannot help.
        """
        try:
            plan = self.caller.ask(plan_request(spec)).value
        except (ProviderUnavailable, ReplyBlocked):
            return planning.plan_questions(spec, bank=bank, seen=seen)
        return [planned(number, item, spec) for number, item in enumerate(plan.questions, start=1)]

    def evaluate(
        self,
        question: PlannedQuestion,
        *,
        asked: AskedTurn,
        answer: str,
        earlier: Sequence[AnsweredTurn],
        language: str,
    ) -> ProviderEvaluation:
        """Rate one answer; only the question, its anchors and the answer are sent.

        Where sentences speak to the rater, the answer is rated again without them, and the two ratings are compared;
        a further rater reads it without them only. Raises `ProviderUnavailable`, and `CannotRate` where the provider declines the text.
        """
        prepared = prepare(answer)
        talk = suspects(prepared.text)
        rate = _Rater(self, judging.Case(question, asked, earlier, language))
        if not talk:
            return with_flags(rate.once(prepared.text, prepared), prepared)
        rest = rate.once(without(prepared.text, talk), prepared)
        if not self.is_first:
            return with_flags(rest, prepared, "spoke_to_rater")
        return lower_of(rate.once(prepared.text, prepared), rest, prepared)

    def write_follow_up(
        self, question: PlannedQuestion, key_point: KeyPoint, *, language: str = "en"
    ) -> str:
        """Return the key point's own follow-up; a missing one is written, checked not to lead."""
        ready = key_point["follow_up"].strip()
        return ready or Prose(self.caller).follow_up(question, key_point, language)

    def write_summary(
        self, spec: InterviewSpec, report: Report, turns: Sequence[AnsweredTurn]
    ) -> str:
        """Describe a complete report from its ratings and evidence; one with gaps gets plain figures."""
        if report["overall_score"] is None:
            return wording.summary(report)
        return Prose(self.caller).summary(spec, report, turns)

    def after_another(self) -> LanguageModel:
        """Return this model as a further rater."""
        return replace(self, is_first=False)

    def states(self) -> list[ProviderState]:
        """Return how each model behind this one does."""
        return self.caller.states()


@dataclass(frozen=True, slots=True)
class _Rater:
    """All that two ratings of one answer have in common."""

    model: LanguageModel
    case: judging.Case

    def once(self, text: str, prepared: Prepared) -> ProviderEvaluation:
        if not text.strip():
            return judging.nothing_left(self.case.question, self.model.name)
        model = self.model
        request = judging.rate_request(self.case, text, model.shuffle, is_first=model.is_first)
        try:
            answered = model.caller.ask(request)
        except ReplyBlocked as error:
            raise CannotRate(DECLINED) from error
        return judging.evaluation(answered, self.case, prepared)


def plan_request(spec: InterviewSpec) -> Request[Plan]:
    described = prompts.between_marks(prepare(spec["job_description"]).text)
    system, prompt = prompts.PLAN.fill(
        position=prepare(spec["position"]).text,
        interview_type=spec["interview_type"],
        difficulty=spec["difficulty"],
        num_questions=spec["num_questions"],
        language=spec["language"],
        job_description=described,
    )
    return Request(
        "plan", system, prompt, Plan, PLAN_TEMPERATURE, PLAN_TOKENS, lambda p: _why_not(p, spec)
    )


def _why_not(plan: Plan, spec: InterviewSpec) -> str:
    wanted, got = spec["num_questions"], len(plan.questions)
    if got != wanted:
        return f"It has {got} questions instead of {wanted}."
    if len({item.text.casefold() for item in plan.questions}) < got:
        return "A question is there twice."
    kinds = {item.question_type for item in plan.questions}
    if spec["interview_type"] != "mixed" and kinds != {spec["interview_type"]}:
        return f"Every question_type has to be {spec['interview_type']}."
    return ""


def planned(number: int, item: PlannedItem, spec: InterviewSpec) -> PlannedQuestion:
    """Return one question of an accepted plan; key points are numbered here."""
    return {
        "number": number,
        "bank_id": "",
        "text": item.text,
        "competency": item.competency,
        "question_type": item.question_type,
        "difficulty": spec["difficulty"],
        "reference_answer": "",
        "key_points": [
            {"id": f"k{n}", "text": point.text, "follow_up": point.follow_up}
            for n, point in enumerate(item.key_points, start=1)
        ],
        "anchors": {"1": item.level_1, "3": item.level_3, "5": item.level_5},
        "terms": [],
        "time_limit_seconds": item.time_limit_seconds,
    }
