"""`AIService`: nothing of a provider is believed before it is checked, and an outage never makes up a score."""

from __future__ import annotations

from typing import Any

import pytest

from ai.errors import BankTooSmall, CannotRate, NoSpeechProvider, ProviderUnavailable
from ai.schemas import AskedTurn, Evaluation, GivenAnswer, Modality, Mode, PlannedQuestion
from ai.service import AIService
from ai.testing import StubModel, make_planned_question, make_spec

QUESTION = make_planned_question(1)
ASKED: AskedTurn = {
    "turn": 1,
    "question_number": 1,
    "text": "Question 1?",
    "is_follow_up": False,
    "key_point_id": "",
}


class Refusing(StubModel):
    """Cannot rate, whatever comes."""

    def evaluate(self, *_args: object, **_kwargs: object) -> None:  # type: ignore[override]
        raise CannotRate("Not in this language.")


class Short(StubModel):
    """Plans one question fewer than asked for."""

    def plan_questions(self, *args: Any, **kwargs: Any) -> list[PlannedQuestion]:
        return super().plan_questions(*args, **kwargs)[1:]


def rate(model: StubModel, text: str, modality: Modality = "text") -> Evaluation:
    answer: GivenAnswer = {"text": text, "modality": modality}
    return AIService(model=model).evaluate_response(QUESTION, asked=ASKED, answer=answer)


GERMAN = "Zuerst messe ich k1, dann prüfe ich k2 und am Ende vergleiche ich k3."
POLISH = "Najpierw mierzę k1, potem sprawdzam k2, a na końcu porównuję k3."


def rate_in(mode: Mode, text: str, *, model: StubModel, language: str = "en") -> Evaluation:
    answer: GivenAnswer = {"text": text, "modality": "text"}
    service = AIService(model=model).for_mode(mode)
    return service.evaluate_response(QUESTION, asked=ASKED, answer=answer, language=language)


@pytest.mark.parametrize(
    ("mode", "text", "status"),
    [
        ("practice", GERMAN, "scored"),
        ("screening", GERMAN, "not_scored"),
        ("practice", POLISH, "not_scored"),
        ("screening", POLISH, "not_scored"),
    ],
)
def test_another_language_is_rated_in_practice_only_and_if_the_model_can(
    mode: Mode, text: str, status: str
) -> None:
    model = StubModel()

    evaluation = rate_in(mode, text, model=model)

    assert evaluation["status"] == status
    assert (model.calls == []) == (status == "not_scored")


def test_a_language_that_the_model_cannot_read_is_not_rated_and_says_so() -> None:
    model = StubModel(languages=frozenset({"en"}))

    strange = rate_in("practice", GERMAN, model=model)
    expected = rate_in("practice", GERMAN, model=model, language="de")

    assert "seems to be in German" in strange["reason"] or "Answers in German" in strange["reason"]
    assert expected["reason"] == "Answers in German cannot be rated automatically yet."
    assert model.calls == []


@pytest.mark.parametrize("mode", ["practice", "screening"])
def test_code_alone_is_not_rated(mode: Mode) -> None:
    model = StubModel()

    evaluation = rate_in(mode, "def k1(k2):\n    return k3", model=model)

    assert (evaluation["status"], evaluation["needs_person"]) == ("not_scored", True)
    assert "code without a sentence" in evaluation["reason"]
    assert model.calls == []


def test_a_full_answer_scores_100() -> None:
    assert rate(StubModel(), "k1 k2 k3")["score"] == 100


@pytest.mark.parametrize(
    ("text", "modality", "reason"),
    [
        ("", "skipped", "skipped"),
        ("", "draft", "time ran out"),
        (" \n", "text", "empty"),
        ("", "audio", "empty"),
    ],
)
def test_no_answer_is_level_1_with_its_reason_and_asks_no_model(
    text: str, modality: Modality, reason: str
) -> None:
    model = StubModel()

    evaluation = rate(model, text, modality)

    assert (evaluation["status"], evaluation["score"]) == ("scored", 0)
    assert reason in evaluation["reason"]
    assert evaluation["ratings"][0]["score"] == 1
    assert model.calls == []


def test_an_outage_is_pending_without_a_score() -> None:
    evaluation = rate(StubModel(is_down=True), "k1 k2 k3")

    assert (evaluation["status"], evaluation["score"], evaluation["ratings"]) == (
        "pending",
        None,
        [],
    )


def test_what_cannot_be_rated_is_not_scored_and_goes_to_a_person() -> None:
    evaluation = rate(Refusing(), "k1")

    assert (evaluation["status"], evaluation["score"]) == ("not_scored", None)
    assert evaluation["reason"] == "Not in this language."
    assert evaluation["needs_person"] is True


def test_audio_without_a_speech_provider_is_an_error() -> None:
    with pytest.raises(NoSpeechProvider):
        AIService(model=StubModel()).transcribe_audio_data(b"RIFF")


def test_an_unknown_key_point_has_no_follow_up() -> None:
    with pytest.raises(KeyError):
        AIService(model=StubModel()).write_follow_up(QUESTION, "k9")


def test_a_bank_that_is_too_small_says_so() -> None:
    with pytest.raises(BankTooSmall):
        AIService(model=StubModel()).generate_interview_questions(make_spec(), bank=[])


def test_a_plan_of_another_length_is_not_accepted() -> None:
    bank = [{**QUESTION, "id": f"q{n}"} for n in range(3)]

    with pytest.raises(ProviderUnavailable, match="1 of 2"):
        AIService(model=Short()).generate_interview_questions(make_spec(), bank=bank)  # type: ignore[arg-type]
