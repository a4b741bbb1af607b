"""`AIService`: what the interview asks of the models, with everything checked before it is believed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from ai import plan_notes, planning, scoring
from ai.agreement import joined
from ai.asides import aside_kind
from ai.code_only import is_code_alone
from ai.errors import BankTooSmall, CannotRate, NoSpeechProvider, ProviderUnavailable
from ai.language import other_language
from ai.panel import independent
from ai.providers import wording
from ai.providers.base import InterviewModel, SpeechToText, Transcript
from ai.schemas import (
    AnsweredTurn,
    AskedTurn,
    BankItem,
    Evaluation,
    GivenAnswer,
    InterviewSpec,
    Mode,
    PlannedQuestion,
    PlanNote,
    Position,
    ProviderEvaluation,
    Report,
)

SKIPPED = "This question was skipped."
RAN_OUT = "The time ran out before there was an answer."
BLANK = "The answer was empty."
ASKED_AT_THE_END = "The time ran out on a request, not on an answer."


@dataclass(frozen=True, slots=True)
class AIService:
    """Joins a language model and, where one is configured, a speech provider.

    `passes` is how often an answer is rated, independently and side by side, `screening_passes` how often in a screening;
    `second` rates in all passes but the first, where it is another than `model`.
    """

    model: InterviewModel
    speech: SpeechToText | None = None
    screening_passes: int = 1
    passes: int = 1
    second: InterviewModel | None = None
    mode: Mode = "practice"

    def for_mode(self, mode: Mode) -> AIService:
        """Return these services as an interview of this mode needs them."""
        passes = self.screening_passes if mode == "screening" else self.passes
        return replace(self, passes=passes, mode=mode)

    @property
    def reads_job_description(self) -> bool:
        """Tell whether a job description shapes the questions; it never shapes a rating."""
        return self.model.writes_questions

    def rates(self, language: str) -> bool:
        """Tell whether answers in a language are rated."""
        return language in self.model.languages

    def plan_notes(
        self,
        spec: InterviewSpec,
        *,
        bank: Sequence[BankItem],
        seen: Collection[str] = (),
        positions: Sequence[Position] = (),
    ) -> list[PlanNote]:
        """Return what a plan that is still to be made will not keep of `spec`, without asking a provider.

        Nothing is known of questions that a language model will write. See `ai.plan_notes`.
        """
        if self.model.writes_questions:
            return self.language_notes(spec)
        try:
            questions = planning.plan_questions(spec, bank=bank, seen=seen)
        except BankTooSmall as error:
            return [plan_notes.too_few_note(str(error)), *self.language_notes(spec)]
        notes = plan_notes.plan_notes(spec, questions, bank=bank, positions=positions)
        return [*notes, *self.language_notes(spec)]

    def language_notes(self, spec: InterviewSpec) -> list[PlanNote]:
        """Return a note if answers in the interview's language are not rated."""
        return [] if self.rates(spec["language"]) else [plan_notes.not_rated_note(spec)]

    def generate_interview_questions(
        self, spec: InterviewSpec, *, bank: Sequence[BankItem], seen: Collection[str] = ()
    ) -> list[PlannedQuestion]:
        """Plan exactly `spec["num_questions"]` questions, numbered from 1.

        `seen` holds bank ids this person has met before; they return only when the bank runs dry.
        Raises `BankTooSmall`, and `ProviderUnavailable`, also for a plan of another length.
        """
        planned = self.model.plan_questions(spec, bank=bank, seen=seen)
        wanted = spec["num_questions"]
        if [question["number"] for question in planned] != list(range(1, wanted + 1)):
            raise ProviderUnavailable(f"The provider planned {len(planned)} of {wanted} questions.")
        return planned

    def transcribe_audio_data(
        self, audio: bytes, *, language: str = "en", phrases: Sequence[str] = ()
    ) -> Transcript:
        """Return what was said in `audio`; `phrases` are terms to expect. Nothing heard is an empty text.

        Raises `AudioUnreadable`, `AudioTooLong`, `NoSpeechProvider` and `ProviderUnavailable`.
        """
        if self.speech is None:
            raise NoSpeechProvider("No speech provider is configured.")
        return self.speech.listen(audio, language=language, phrases=phrases)

    def evaluate_response(
        self,
        question: PlannedQuestion,
        *,
        asked: AskedTurn,
        answer: GivenAnswer,
        earlier: Sequence[AnsweredTurn] = (),
        language: str = "en",
    ) -> Evaluation:
        """Rate one answer against the question's anchors, with evidence found again in its words.

        `earlier` holds earlier turns of the same question. The score is 0-100. An outage gives
        status `pending`, an answer that cannot be rated gives `not_scored`; neither has a score.
        """
        if blank := _why_blank(answer):
            return self._unanswered(question, blank, asked=asked, language=language)
        text = answer["text"]
        if reason := self._why_not_rated(answer, language, asked):
            return scoring.unrated("not_scored", reason)

        def rate(number: int) -> Evaluation:
            rater = (self.second or self.model) if number else self.model
            return _checked(
                lambda: rater.evaluate(
                    question, asked=asked, answer=text, earlier=earlier, language=language
                ),
                text,
            )

        return joined(independent(rate, count=self.passes), question, earlier)

    def _unanswered(
        self, question: PlannedQuestion, reason: str, *, asked: AskedTurn, language: str
    ) -> Evaluation:
        """Rate a question without an answer as level 1, but not in practice in a language that is not rated here.

        There it would be all that the total rests on.
        """
        if self.mode == "practice" and not self.rates(language):
            return scoring.unrated("not_scored", reason)
        return scoring.unanswered(question, reason, asked_for=asked["key_point_id"])

    def _why_not_rated(self, answer: GivenAnswer, language: str, asked: AskedTurn) -> str:
        """Return why an answer is not given to a rater.

        It is a request that stood there when the time ended, code alone, or in a language that is not rated here.
        Practice rates another language than the interview's if the model can; in a screening a person has to.
        """
        text = answer["text"]
        if answer["modality"] == "draft" and aside_kind(text, question=asked["text"]):
            return ASKED_AT_THE_END
        if is_code_alone(text):
            return wording.CODE_ALONE
        other = other_language(text, expected=language)
        if other and not (self.mode == "practice" and other in self.model.languages):
            return wording.in_another_language(other, language)
        if (other or language) not in self.model.languages:
            return wording.not_read(other or language)
        return ""

    def write_follow_up(
        self, question: PlannedQuestion, key_point_id: str, *, language: str = "en"
    ) -> str:
        """Word a follow-up in `language` for one missing key point. Raises `KeyError` for a point the question lacks."""
        points = {point["id"]: point for point in question["key_points"]}
        return self.model.write_follow_up(question, points[key_point_id], language=language)

    def summarize_interview(
        self,
        spec: InterviewSpec,
        *,
        questions: Sequence[PlannedQuestion],
        turns: Sequence[AnsweredTurn],
    ) -> Report:
        """Compute the report's figures by code and let the model describe them."""
        report = scoring.build_report(questions, turns, mode=spec["mode"])
        report["summary"] = self.model.write_summary(spec, report, turns)
        return report


def _checked(claim: Callable[[], ProviderEvaluation], text: str) -> Evaluation:
    """Return a claim once it is checked, or why there is none."""
    try:
        return scoring.verify_evaluation(claim(), text)
    except ProviderUnavailable as error:
        waits = [f"waits_for_{error.waits_for}"] if error.waits_for else []
        return {**scoring.unrated("pending", str(error)), "flags": waits}
    except CannotRate as error:
        return scoring.unrated("not_scored", str(error))


def _why_blank(answer: GivenAnswer) -> str:
    if answer["modality"] == "skipped":
        return SKIPPED
    if answer["text"].strip():
        return ""
    return RAN_OUT if answer["modality"] == "draft" else BLANK
