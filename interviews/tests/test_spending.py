"""What speech in the cloud costs: counted on the session, toward the caps, and never a reason not to listen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from pytest_django.fixtures import Settings

from ai.providers.google_cloud import Access
from ai.providers.google_speech import GoogleSpeech
from ai.speech.testing import encode
from interviews import services
from interviews.models import InterviewSession, Spending
from interviews.services.engine import ai_service
from interviews.services.spending import open_meter
from interviews.testing import make_session
from lab.loopback.speech import LoopbackEar, speech_server

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]
PER_SECOND = 400


@pytest.fixture(autouse=True)
def google(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.RECORDINGS_DIR = tmp_path / "recordings"
    settings.SPEECH_PROVIDER = "google"
    settings.AI = replace(settings.AI, prices={"google-speech": (0.024, 0.0)})
    with (
        speech_server(LoopbackEar(said="I would measure first.")) as address,
        mock.patch(
            "interviews.services.engine.configured_speech",
            return_value=GoogleSpeech(Access(endpoint=address)),
        ),
    ):
        ai_service.cache_clear()
        yield
    ai_service.cache_clear()


@pytest.fixture
def session() -> InterviewSession:
    return make_session()


def say(session: InterviewSession) -> None:
    sound = encode(np.full(32_000, 0.1, np.float32), "webm", "libopus")
    services.transcribe(user=session.candidate, token=session.token, turn=1, audio=sound)


def test_a_spoken_answer_is_counted_on_its_session(session: InterviewSession) -> None:
    say(session)

    spent = Spending.objects.of_session(session.pk).get()
    assert (spent.calls, spent.input_tokens) == (1, 0)
    assert spent.micros in {2 * PER_SECOND, 3 * PER_SECOND}


def test_what_was_heard_leaves_less_for_ratings(
    session: InterviewSession, settings: Settings
) -> None:
    settings.AI = replace(settings.AI, cap_per_interview=10_000)
    say(session)

    left = open_meter(session).left_micros

    assert left is not None
    assert left < 10_000


def test_over_a_cap_answers_are_still_heard(session: InterviewSession, settings: Settings) -> None:
    settings.AI = replace(settings.AI, cap_per_interview=0)

    say(session)

    assert Spending.objects.of_session(session.pk).exists()


def test_trying_the_microphone_counts_on_no_session(session: InterviewSession) -> None:
    sound = encode(np.full(32_000, 0.1, np.float32), "webm", "libopus")

    services.try_voice(audio=sound, language="en")

    assert Spending.objects.get().session is None
