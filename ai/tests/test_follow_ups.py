"""Follow-ups that nobody wrote beforehand: in the interview's language, whoever asks."""

from __future__ import annotations

import pytest

from ai.providers.embedded import EmbeddedModel
from ai.schemas import KeyPoint
from ai.service import AIService
from ai.state import LangGraphState, WorkflowContext
from ai.testing import StubModel, make_key_point, make_planned_question, make_spec
from ai.tests.loopback import asked, line
from ai.workflow import InterviewWorkflow

NEUTRAL = {
    "en": "Could you say more",
    "de": "Können Sie dazu",
    "es": "¿Podría contar",
    "fr": "Pourriez-vous en dire",
    "it": "Could you say more",
}
OPEN: KeyPoint = {**make_key_point(1), "follow_up": " "}
QUESTION = make_planned_question(points=[OPEN, make_key_point(2)])


@pytest.mark.parametrize(("language", "begin"), NEUTRAL.items())
def test_the_embedded_engine_asks_neutrally_in_the_language(language: str, begin: str) -> None:
    asks = EmbeddedModel().write_follow_up(QUESTION, OPEN, language=language)

    assert asks.startswith(begin)
    assert asks.endswith("?")


def test_a_language_model_is_told_the_language() -> None:
    with line() as wire:
        text = wire.service.write_follow_up(QUESTION, "k1", language="de")

    assert text == "What else would you look at?"
    assert 'language\n"de"' in wire.model.seen[0].system


def test_during_an_outage_it_is_asked_neutrally_in_the_language() -> None:
    with line(always="503") as wire:
        assert wire.service.write_follow_up(QUESTION, "k1", language="fr").startswith("Pourriez")


def test_a_follow_up_of_the_plan_is_asked_as_it_is() -> None:
    with line() as wire:
        assert wire.service.write_follow_up(QUESTION, "k2", language="de") == "What about point 2?"

    assert wire.model.seen == []


def test_the_workflow_asks_in_the_interview_s_language() -> None:
    class Terse(StubModel):
        write_follow_up = EmbeddedModel.write_follow_up

    state: LangGraphState = {
        "stage": "answer",
        "spec": make_spec(language="es", follow_ups_per_question=1),
        "questions": [QUESTION],
        "history": [],
        "asked": asked(QUESTION),
        "answer": {"text": "k2", "modality": "text"},
    }

    result = InterviewWorkflow(WorkflowContext(ai=AIService(Terse()))).run(state)

    assert result["next_question"] is not None
    assert result["next_question"]["text"].startswith("¿Podría")
