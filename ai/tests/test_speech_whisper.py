"""The real ear with its real weights, on a synthetic voice."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ai.errors import AudioUnreadable
from ai.providers.local_speech import LocalSpeech
from ai.speech.audio import RATE, Samples
from ai.speech.testing import encode, say, silence, word_error_rate

FOLDER = Path(os.environ.get("VAR_DIR") or "var") / "models" / "whisper-base"
FIRST = "First I talked to the customer, and I wrote down what they expected from the next release."
SECOND = "I would start by measuring the time of every request before I change anything."
THIRD = "Then we agreed on a date and kept to it."
GERMAN = "Ich habe zuerst mit dem Kunden gesprochen und alles aufgeschrieben."


def webm(*parts: Samples) -> bytes:
    return encode(np.concatenate(parts), "webm", "libopus")


@pytest.fixture(scope="module")
def ear() -> Iterator[LocalSpeech]:
    made = LocalSpeech(FOLDER)
    for missing, what in (
        (not made.installed, "the speech model is not there: python manage.py fetch_models"),
        (shutil.which("espeak-ng") is None, "espeak-ng is not there: apt-get install espeak-ng"),
    ):
        if missing:
            (pytest.fail if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip)(what)
    yield made
    made.close()


def test_a_spoken_sentence_is_heard_word_by_word(ear: LocalSpeech) -> None:
    transcript = ear.listen(webm(silence(1), say(FIRST), silence(1)), language="en-GB")

    assert word_error_rate([FIRST], [transcript.text]) <= 0.15
    assert transcript.language == "en"
    assert transcript.confidence > 0.7
    starts = [word.start for word in transcript.words]
    assert starts == sorted(starts)
    assert 0.5 < starts[0] < 1.6
    assert transcript.words[-1].end < transcript.duration_seconds
    assert all(0 <= word.confidence <= 1 for word in transcript.words)


def test_the_same_recording_is_always_heard_the_same_way(ear: LocalSpeech) -> None:
    recording = webm(say(SECOND))

    once, again = (ear.listen(recording, language="en", phrases=["request"]) for _time in "12")

    assert once == again


def test_german_is_heard_in_a_german_interview(ear: LocalSpeech) -> None:
    transcript = ear.listen(webm(say(GERMAN, voice="de")), language="de")

    assert word_error_rate([GERMAN], [transcript.text]) <= 0.3


@pytest.mark.parametrize("noise", ["silence", "hiss", "hum", "clicks"])
def test_nothing_is_heard_where_nobody_speaks(ear: LocalSpeech, noise: str) -> None:
    dice, times = np.random.default_rng(1), np.arange(6 * RATE) / RATE
    sounds: dict[str, Samples] = {
        "silence": silence(6),
        "hiss": dice.normal(0, 0.2, len(times)).astype(np.float32),
        "hum": (0.1 * np.sin(2 * np.pi * 100 * times)).astype(np.float32),
        "clicks": (dice.normal(0, 0.8, len(times)) * (times % 0.6 < 0.003)).astype(np.float32),
    }
    recording = encode(sounds[noise], "flac", "flac")

    assert ear.listen(recording, language="en", phrases=["mutex"]).nothing_heard


def test_a_growing_recording_is_heard_behind_the_speaker(ear: LocalSpeech) -> None:
    first, rest = [say(FIRST), silence(1), say(SECOND), silence(1.2)], [say(THIRD), silence(0.5)]
    recording = webm(*first, *rest)
    so_far = len(recording) * sum(map(len, first)) // sum(map(len, [*first, *rest]))
    live = ear.live(language="en")

    early = live.feed(recording[: len(recording) // 10])
    partial = live.feed(recording[:so_far])
    transcript = live.finish(recording)

    assert early == ""
    assert "customer" in partial
    assert transcript.text.startswith(partial)
    assert word_error_rate([f"{FIRST} {SECOND} {THIRD}"], [transcript.text]) <= 0.2


def test_garbage_is_refused_and_the_ear_goes_on(ear: LocalSpeech) -> None:
    with pytest.raises(AudioUnreadable):
        ear.listen(b"\x1aE\xdf\xa3garbage", language="en")

    assert ear.waiting == 0
    assert len(ear.processes) == 1
