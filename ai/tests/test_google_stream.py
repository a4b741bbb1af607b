"""Partial words over real gRPC while a recording grows."""

from __future__ import annotations

import time

import pytest

from ai.providers.google_cloud import Access
from ai.providers.google_speech import GoogleSpeech
from ai.speech.testing import encode, silence
from lab.loopback.speech import LoopbackEar, speech_server


@pytest.fixture(scope="module")
def webm() -> bytes:
    return encode(silence(2) + 0.01, "webm", "libopus")


def test_words_show_while_the_recording_grows_and_the_whole_is_heard_at_its_end(
    webm: bytes,
) -> None:
    with speech_server(LoopbackEar(said="I would add an index.")) as address:
        growing = GoogleSpeech(Access(endpoint=address)).live(language="en", phrases=["index"])
        seen = ""
        for size in range(300, len(webm) + 300, 300):
            growing.feed(webm[:size])
        for _wait in range(100):
            seen = growing.feed(webm)
            if seen:
                break
            time.sleep(0.05)
        final = growing.finish(webm)

    assert seen
    assert final.text == "I would add an index."


def test_a_line_that_is_down_costs_only_the_partial_words(webm: bytes) -> None:
    speech = GoogleSpeech(Access(endpoint="127.0.0.1:9"))

    growing = speech.live(language="en", phrases=[])

    assert growing.feed(webm) == ""
    assert growing.feed(b"RIFF....WAVE") == ""
