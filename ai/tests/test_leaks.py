"""Keys and answers, pushed through every fault of every provider: none comes out, in a result, a state or a log."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from ai.calling import Caller, Completer, MemoryStore
from ai.errors import ProviderUnavailable
from ai.providers.building import completer
from ai.providers.google_cloud import Access
from ai.providers.google_speech import GoogleSpeech, Patience
from ai.providers.google_voice import GoogleVoice
from ai.providers.language_model import LanguageModel
from ai.schemas import AnsweredTurn, BankItem
from ai.service import AIService
from ai.speech.testing import encode, silence
from ai.testing import make_bank_item, make_planned_question, make_spec
from ai.tests.loopback import QUICK, asked
from lab.loopback.faults import FAULTS, Fault
from lab.loopback.http import LoopbackModel, model_server
from lab.loopback.replies import good_reply
from lab.loopback.speech import SPEECH_FAULTS, LoopbackEar, SpeechFault, speech_server

OWN_KEY = "canary-of-our-own-0001"
ANSWER = (
    "At the zoo I kept canaries, fed every canary myself,\nand called the best one Canary Ünïcode."
)
LEAKS = (
    "Consumer 'api_key:AIzaSyCanary-0000000000000001' has been suspended; sk-canary-00000001; "
    f"Bearer canary.000000001; ya29.canary-001; GET /v1?key=canary001&x=1; {OWN_KEY}; "
    "x-goog-api-key: canary001; eyJjYW5hcnki.eyJjYW5hcnki.canary; "
    '"private_key": "-----BEGIN PRIVATE KEY-----\\ncanary001\\n-----END PRIVATE KEY-----\\n"'
)
HANGING = {"slow", "stalled"}
ADAPTERS = {"gemini": "gemini-main", "genai": "gemini-main", "langchain": "openai:main"}
PAIRS = [(adapter, fault) for adapter in ADAPTERS for fault in FAULTS if fault not in HANGING]
BANK: list[BankItem] = [make_bank_item(f"q{n}") for n in range(3)]


def reached(adapter: str, url: str) -> Completer:
    endpoint = f"{url}/v1" if adapter == "langchain" else url
    return completer(adapter, ADAPTERS[adapter], api_key=OWN_KEY, endpoint=endpoint)


@contextmanager
def everything(adapter: str, fault: Fault) -> Iterator[tuple[AIService, Caller]]:
    model = LoopbackModel(
        answer=good_reply, always=fault, says=LEAKS, echoes=True, retry_delay=0.001
    )
    with model_server(model) as url:
        caller = Caller([reached(adapter, url)], MemoryStore(), replace(QUICK, attempts=1))
        yield AIService(LanguageModel(caller, adapter)), caller


def answered() -> AnsweredTurn:
    question = make_planned_question()
    return {
        "asked": asked(question),
        "answer": {"text": ANSWER, "modality": "text"},
        "evaluation": None,
    }


def all_jobs(service: AIService) -> list[Any]:
    """Plan, rate, follow up and describe, and return all that comes of it."""
    bare = make_planned_question()
    bare["key_points"][0]["follow_up"] = ""
    evaluation = service.evaluate_response(
        bare, asked=asked(bare), answer={"text": ANSWER, "modality": "text"}
    )
    rated: AnsweredTurn = {**answered(), "evaluation": evaluation}
    return [
        service.generate_interview_questions(make_spec(), bank=BANK),
        evaluation,
        service.write_follow_up(bare, "k1"),
        service.summarize_interview(make_spec(num_questions=1), questions=[bare], turns=[rated]),
    ]


@pytest.mark.parametrize(("adapter", "fault"), PAIRS)
def test_no_fault_of_a_model_tells_a_key_or_an_answer(
    adapter: str, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), everything(adapter, fault) as (service, caller):
        results = all_jobs(service)

    told = json.dumps([results, caller.states()]) + caplog.text
    told += "".join(str(vars(record)) for record in caplog.records if record.name.startswith("ai"))
    if fault != "two_candidates":
        assert caplog.text
    assert "canar" not in told.casefold()


@pytest.fixture(scope="module")
def webm() -> bytes:
    return encode(silence(1) + 0.01, "webm", "libopus")


@pytest.mark.parametrize("fault", [f for f in SPEECH_FAULTS if f not in {"slow", "no_results"}])
def test_no_fault_of_speech_tells_a_key(
    webm: bytes, fault: SpeechFault, caplog: pytest.LogCaptureFixture
) -> None:
    told = ""
    with caplog.at_level(logging.DEBUG), speech_server(LoopbackEar(always=fault, says=LEAKS)) as at:
        speech = GoogleSpeech(Access(api_key=OWN_KEY, endpoint=at), patience=Patience(1, 1, 1))
        voice = GoogleVoice(Access(api_key=OWN_KEY, endpoint=at), seconds=1)
        for call in (
            lambda: speech.listen(webm, language="en"),
            lambda: list(speech.stream([webm], language="en")),
            lambda: voice.speak("Hello", language="en"),
        ):
            try:
                call()
            except ProviderUnavailable as error:
                told += repr(error)
        told += json.dumps([speech.states(), voice.states()])

    assert "canar" not in (told + caplog.text).casefold()
