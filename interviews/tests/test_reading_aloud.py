"""Questions read aloud by the server: one recording per text, the same for every candidate."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from ai.errors import ProviderUnavailable
from ai.providers.local_voice import LocalVoice
from interviews.services import engine, reading_aloud
from interviews.services.slots import PLACES, work_slot
from interviews.testing import make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]


class CountingVoice(LocalVoice):
    """Speaks without a program, and counts how often it had to."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.is_down = False

    def speak(self, text: str, *, language: str) -> bytes:
        if self.is_down:
            raise ProviderUnavailable("No voice today.")
        self.said.append(f"{language} {text}")
        return b"RIFF" + text.encode()


@pytest.fixture
def voice(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[CountingVoice]:
    settings.VAR_DIR = tmp_path
    counting = CountingVoice()
    monkeypatch.setattr(reading_aloud, "question_voice", lambda: counting)
    engine.question_voice.cache_clear()
    yield counting
    engine.question_voice.cache_clear()


def test_a_question_is_made_once_for_all_candidates(voice: CountingVoice) -> None:
    replies = []
    for session in (make_session(), make_session()):
        client = Client()
        client.force_login(session.candidate)
        reply = client.get(reverse("question-voice", args=[session.token, 1]))
        replies.append((reply.status_code, reply["Content-Type"], b"".join(reply)))

    assert replies == [(200, "audio/wav", b"RIFFBank question 0?")] * 2
    assert voice.said == ["en Bank question 0?"]


def test_a_voice_that_is_down_or_a_turn_that_was_not_asked_is_404(voice: CountingVoice) -> None:
    session = make_session()
    client = Client()
    client.force_login(session.candidate)

    assert client.get(reverse("question-voice", args=[session.token, 2])).status_code == 404
    voice.is_down = True
    assert client.get(reverse("question-voice", args=[session.token, 1])).status_code == 404


def test_a_question_that_many_want_at_once_is_read_once_and_holds_no_place(
    voice: CountingVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_session()
    turn = session.turns.get()
    asked = threading.Semaphore(0)
    free: list[None] = []
    begin = reading_aloud._reading

    def reading(path: Path, speak: Callable[[], bytes]) -> Future[None]:
        future = begin(path, speak)
        asked.release()
        return future

    def speak(text: str, *, language: str) -> bytes:
        assert all(asked.acquire(timeout=30) for _ in range(PLACES))
        with ExitStack() as all_places:
            free.extend(all_places.enter_context(work_slot()) for _ in range(PLACES))
        voice.said.append(text)
        return b"RIFF"

    def ask(_number: int) -> object:
        with work_slot():
            return reading_aloud.question_sound(session, turn)

    monkeypatch.setattr(reading_aloud, "_reading", reading)
    monkeypatch.setattr(voice, "speak", speak)
    assert session.interview.language == "en"
    with ThreadPoolExecutor(PLACES) as people:
        sounds = list(people.map(ask, range(PLACES)))

    assert all(sounds)
    assert (len(voice.said), len(free)) == (1, PLACES)


def test_a_disk_that_is_full_leaves_no_draft_and_no_voice(
    voice: CountingVoice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    session = make_session()

    def full(*_paths: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)

    assert reading_aloud.question_sound(session, session.turns.get()) is None
    assert not [path for path in (tmp_path / "voice").rglob("*") if path.is_file()]


@pytest.mark.skipif(not LocalVoice.installed(), reason="espeak-ng is not installed")
def test_espeak_says_a_question_and_takes_no_text_for_an_option() -> None:
    assert LocalVoice().speak("-h what about this?", language="de").startswith(b"RIFF")
    assert LocalVoice().speak('<audio src="/etc/passwd"/> $(id)', language="en").startswith(b"RIFF")
