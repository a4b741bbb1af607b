"""Against the real providers, where somebody gives a key: `LIVE_GOOGLE_API_KEY=… pytest -m live`."""

from __future__ import annotations

import os

import pytest

from ai.calling import Caller, MemoryStore
from ai.providers.building import completer
from ai.providers.language_model import LanguageModel
from ai.service import AIService
from ai.testing import make_bank_item, make_spec
from lab.steering import rate

pytestmark = pytest.mark.live
KEY = os.environ.get("LIVE_GOOGLE_API_KEY", "")
MODEL = os.environ.get("LIVE_MODEL", "gemini-3.8-flash")
CHAT_MODEL = os.environ.get("LIVE_CHAT_MODEL", "")
GOOD = (
    "Our nightly import failed for weeks. I reproduced it with a copy of the file, found a wrong time zone, "
    "wrote a test and fixed it. Since then it has not failed once."
)


def service(provider: str, model: str, *, api_key: str, endpoint: str = "") -> AIService:
    model_there = completer(provider, model, api_key=api_key, endpoint=endpoint)
    caller = Caller([model_there], MemoryStore())
    return AIService(LanguageModel(caller, provider))


@pytest.mark.skipif(not KEY, reason="LIVE_GOOGLE_API_KEY is not set")
@pytest.mark.parametrize("provider", ["gemini", "genai"])
def test_a_real_gemini_plans_and_rates(provider: str) -> None:
    real = service(provider, MODEL, api_key=KEY)

    questions = real.generate_interview_questions(
        make_spec(), bank=[make_bank_item(f"q{n}") for n in (1, 2, 3)]
    )
    evaluation = rate(real, GOOD)

    assert [question["bank_id"] for question in questions] == ["", ""]
    assert evaluation["status"] == "scored"
    assert evaluation["score"] is not None
    assert evaluation["score"] >= 50
    assert evaluation["ratings"][0]["evidence"]


@pytest.mark.skipif(not CHAT_MODEL, reason="LIVE_CHAT_MODEL is not set")
def test_a_real_chat_model_rates() -> None:
    """Run with LIVE_CHAT_MODEL=openai:name, LIVE_CHAT_ENDPOINT=http://127.0.0.1:8080/v1 for a server of one's own."""
    real = service(
        "langchain",
        CHAT_MODEL,
        api_key=os.environ.get("LIVE_CHAT_KEY", "none"),
        endpoint=os.environ.get("LIVE_CHAT_ENDPOINT", ""),
    )

    assert rate(real, GOOD)["status"] == "scored"
