"""Google's speech libraries over real gRPC: what is heard, every fault, and long recordings in pieces."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from ai.calling import Meter, metered
from ai.errors import AudioTooLong, AudioUnreadable, ProviderBusy, ProviderDown, ProviderUnavailable
from ai.providers.google_cloud import Access
from ai.providers.google_speech import GoogleSpeech, Patience
from ai.providers.google_voice import GoogleVoice
from ai.speech.audio import RATE, Samples
from ai.speech.pieces import LONGEST, pieces
from ai.speech.testing import encode, silence
from lab.loopback.speech import SPEECH_FAULTS, LoopbackEar, SpeechFault, speech_server

QUICK = Patience(seconds=0.6, budget=0.8, pause=0.02)


def tone(seconds: float) -> Samples:
    at = np.arange(round(seconds * RATE)) / RATE
    return (0.4 * np.sin(2 * np.pi * 220 * at)).astype(np.float32)


@pytest.fixture(scope="module")
def webm() -> bytes:
    return encode(tone(2), "webm", "libopus")


@contextmanager
def line(ear: LoopbackEar) -> Iterator[GoogleSpeech]:
    with speech_server(ear) as address:
        yield GoogleSpeech(Access(endpoint=address), patience=QUICK)


def test_what_was_said_comes_with_the_place_and_confidence_of_each_word(webm: bytes) -> None:
    with line(LoopbackEar(said="I would add an index.")) as speech:
        heard = speech.listen(webm, language="en", phrases=["index"])

    assert heard.text == "I would add an index."
    assert heard.language == "en"
    assert heard.confidence == pytest.approx(0.9)
    assert heard.duration_seconds == pytest.approx(2, abs=0.1)
    assert [word.text for word in heard.words] == ["I", "would", "add", "an", "index."]
    assert heard.words[1].start == pytest.approx(0.4)
    assert heard.speech == tuple((word.start, word.end) for word in heard.words)


def test_language_hints_and_punctuation_are_asked_for(webm: bytes) -> None:
    ear = LoopbackEar()
    with line(ear) as speech:
        speech.listen(webm, language="de", phrases=["Datenbank", "Datenbank", " "])

    config = ear.seen[0].config
    assert config.language_code == "de-DE"
    assert list(config.speech_contexts[0].phrases) == ["Datenbank"]
    assert config.enable_automatic_punctuation
    assert config.enable_word_confidence


def test_no_results_mean_that_nothing_was_heard(webm: bytes) -> None:
    with line(LoopbackEar(always="no_results")) as speech:
        heard = speech.listen(webm, language="en")

    assert heard.nothing_heard
    assert heard.confidence == 0


REPLIES = {"no_results", "odd_numbers"}


@pytest.mark.parametrize("fault", [f for f in SPEECH_FAULTS if f not in REPLIES])
def test_a_lasting_fault_is_an_outage_within_the_budget(webm: bytes, fault: SpeechFault) -> None:
    ear = LoopbackEar(always=fault)
    with line(ear) as speech, pytest.raises(ProviderUnavailable):
        speech.listen(webm, language="en")

    assert len(ear.seen) == (1 if fault in {"400", "403"} else 2)


@pytest.mark.parametrize("fault", ["429", "500", "503", "504", "reset"])
def test_a_passing_fault_costs_one_more_attempt(webm: bytes, fault: SpeechFault) -> None:
    ear = LoopbackEar(faults=[fault])
    with line(ear) as speech:
        assert speech.listen(webm, language="en").text == "Hello there."

    assert len(ear.seen) == 2


def test_a_busy_provider_is_told_as_busy(webm: bytes) -> None:
    with line(LoopbackEar(always="429")) as speech, pytest.raises(ProviderBusy):
        speech.listen(webm, language="en")


def test_after_five_failures_nothing_is_sent_any_more(webm: bytes) -> None:
    ear = LoopbackEar(always="503")
    with line(ear) as speech:
        for _recording in range(3):
            with pytest.raises(ProviderUnavailable):
                speech.listen(webm, language="en")
        with pytest.raises(ProviderDown):
            speech.listen(webm, language="en")

    assert len(ear.seen) == 5


def test_a_server_that_is_not_there_is_an_outage(webm: bytes) -> None:
    speech = GoogleSpeech(Access(endpoint="127.0.0.1:1"), patience=QUICK)

    with pytest.raises(ProviderUnavailable):
        speech.listen(webm, language="en")


@pytest.mark.parametrize(
    ("container", "codec"),
    [("webm", "libopus"), ("ogg", "libopus"), ("wav", "pcm_s16le"), ("flac", "flac")],
)
def test_every_kind_of_recording_is_heard(container: str, codec: str) -> None:
    recording = encode(tone(1), container, codec)

    with line(LoopbackEar()) as speech:
        assert speech.listen(recording, language="en").text == "Hello there."


def test_what_is_no_recording_is_turned_away_and_not_sent() -> None:
    ear = LoopbackEar()
    with line(ear) as speech, pytest.raises(AudioUnreadable):
        speech.listen(b"hello", language="en")

    assert ear.seen == []


def test_a_recording_over_the_limit_is_turned_away(webm: bytes) -> None:
    with speech_server(LoopbackEar()) as address:
        speech = GoogleSpeech(Access(endpoint=address), max_seconds=1)

        with pytest.raises(AudioTooLong):
            speech.listen(webm, language="en")


def test_a_long_recording_is_cut_where_nobody_speaks() -> None:
    said = np.concatenate([tone(41), silence(1), tone(44), silence(1), tone(20)])

    cut, length = pieces(encode(said, "wav", "pcm_s16le", rate=RATE), max_seconds=200)

    assert length == pytest.approx(107, abs=0.1)
    assert [piece.start for piece in cut] == pytest.approx([0, 41.5, 86.5], abs=0.4)
    assert all(len(piece.pcm) <= LONGEST * RATE * 2 for piece in cut)
    assert sum(len(piece.pcm) for piece in cut) == round(length * RATE) * 2


def test_endless_speech_is_cut_at_50_seconds_at_the_latest() -> None:
    cut, _length = pieces(encode(tone(130), "wav", "pcm_s16le", rate=RATE), max_seconds=200)

    assert len(cut) >= 3
    assert all(len(piece.pcm) <= LONGEST * RATE * 2 for piece in cut)


def test_words_of_later_pieces_stand_at_their_place_in_the_recording() -> None:
    said = np.concatenate([tone(41), silence(1), tone(15)])
    ear = LoopbackEar(said="One two.")
    with line(ear) as speech:
        heard = speech.listen(encode(said, "wav", "pcm_s16le", rate=RATE), language="en")

    assert len(ear.seen) == 2
    assert heard.text == "One two. One two."
    assert heard.words[2].start == pytest.approx(41.5, abs=0.4)


def test_partial_words_come_while_somebody_speaks(webm: bytes) -> None:
    with line(LoopbackEar(said="I would measure.")) as speech:
        heard = list(speech.stream([webm[:500], webm[500:1000], webm[1000:]], language="en"))

    assert heard[0] == ("I", False)
    assert heard[-1] == ("I would measure.", True)


def test_numbers_that_make_no_sense_become_ones_that_do(webm: bytes) -> None:
    with line(LoopbackEar(always="odd_numbers")) as speech:
        heard = speech.listen(webm, language="en")

    assert heard.words[0].confidence == 0
    assert heard.words[0].start == 0
    assert 0 < heard.confidence < 1


def test_what_was_heard_holds_no_hidden_characters(webm: bytes) -> None:
    with line(LoopbackEar(said="I \u202ewould \x07wait.")) as speech:
        heard = speech.listen(webm, language="en")
        partial = list(speech.stream([webm], language="en"))

    assert heard.text == "I would wait."
    assert [word.text for word in heard.words] == ["I", "would", "wait."]
    assert partial[-1] == ("I would wait.", True)


def test_a_stream_that_hears_nothing_shows_nothing(webm: bytes) -> None:
    with line(LoopbackEar(said="One.", always="no_results")) as speech:
        assert next(iter(speech.stream([webm], language="en"))) == ("", True)


def test_a_stream_that_breaks_counts_as_a_failure(webm: bytes) -> None:
    with line(LoopbackEar(always="503")) as speech:
        with pytest.raises(ProviderUnavailable, match="503 UNAVAILABLE"):
            list(speech.stream([webm], language="en"))

        assert speech.states()[0]["failures"] == 1


def test_a_wait_that_google_asks_for_holds_for_whole_recordings_and_for_streams(
    webm: bytes,
) -> None:
    ear = LoopbackEar(always="429", retry_delay=3600)
    with line(ear) as speech:
        with pytest.raises(ProviderBusy):
            speech.listen(webm, language="en")
        with pytest.raises(ProviderDown):
            speech.listen(webm, language="en")
        with pytest.raises(ProviderDown):
            list(speech.stream([webm], language="en"))

    assert len(ear.seen) == 1


def test_no_word_of_google_s_is_told_but_its_status(webm: bytes) -> None:
    ear = LoopbackEar(always="403", says="Consumer 'api_key:AIzaSyCanary-0123456789' is gone.")
    with line(ear) as speech, pytest.raises(ProviderUnavailable) as error:
        speech.listen(webm, language="en")

    assert str(error.value) == "google-speech answered 403 PERMISSION_DENIED."


PRICES = {"google-speech": (0.024, 0.0), "default": (1.0, 8.0)}


def test_what_is_heard_counts_by_the_second_piece_by_piece() -> None:
    meter = Meter(PRICES)
    with line(LoopbackEar()) as speech, metered(meter):
        speech.listen(encode(tone(70), "wav", "pcm_s16le"), language="en")

    assert meter.calls == 2
    assert 70 * 400 <= meter.micros <= 71 * 400


def test_a_stream_for_partial_words_counts_as_long_as_its_recording(webm: bytes) -> None:
    meter = Meter(PRICES)
    with line(LoopbackEar()) as speech, metered(meter):
        live = speech.live(language="en")
        live.feed(webm)
        heard = live.finish(webm)

    assert meter.calls == 2
    assert meter.micros == 2 * math.ceil(heard.duration_seconds) * 400


def test_nothing_is_counted_for_what_was_not_heard(webm: bytes) -> None:
    meter = Meter(PRICES)
    with (
        line(LoopbackEar(always="503")) as speech,
        metered(meter),
        pytest.raises(ProviderUnavailable),
    ):
        speech.listen(webm, language="en")

    assert (meter.calls, meter.micros) == (0, 0)


def test_a_spent_budget_silences_nobody(webm: bytes) -> None:
    with line(LoopbackEar(said="Hello.")) as speech, metered(Meter(PRICES, left_micros=0)):
        assert speech.listen(webm, language="en").text == "Hello."


def test_without_a_price_of_its_own_speech_is_counted_and_costs_nothing(webm: bytes) -> None:
    meter = Meter({"default": (1.0, 8.0)})
    with line(LoopbackEar()) as speech, metered(meter):
        speech.listen(webm, language="en")

    assert (meter.calls, meter.micros) == (1, 0)


def test_a_voice_reads_aloud_in_the_language_asked_for() -> None:
    ear = LoopbackEar()
    with speech_server(ear) as address:
        spoken = GoogleVoice(Access(endpoint=address)).speak("Guten Tag", language="de")

    assert spoken == b"OggSGuten Tag"
    assert ear.seen[0].voice.language_code == "de-DE"


def test_a_voice_is_left_alone_for_as_long_as_it_asks() -> None:
    ear = LoopbackEar(always="429", retry_delay=3600)
    with speech_server(ear) as address:
        voice = GoogleVoice(Access(endpoint=address), seconds=1)
        for _try in range(3):
            with pytest.raises(ProviderUnavailable):
                voice.speak("Hello", language="en")

    assert len(ear.seen) == 1
    assert voice.states()[0]["last_error"] == "google-voice answered 429 RESOURCE_EXHAUSTED."


def test_a_voice_that_sends_no_sound_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GoogleVoice, "_spoken", lambda *_words: b"<html>")

    with pytest.raises(ProviderUnavailable, match="no sound"):
        GoogleVoice(Access()).speak("Hello", language="en")


def test_a_voice_that_cannot_be_reached_says_so() -> None:
    with speech_server(LoopbackEar(always="503")) as address:
        voice = GoogleVoice(Access(endpoint=address), seconds=1)
        with pytest.raises(ProviderUnavailable):
            voice.speak("Hello", language="en")
