"""A transcript that grows with its recording, over a pool that is made up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from ai.errors import (
    AIError,
    AudioTooLong,
    AudioUnreadable,
    NoSpeechProvider,
    ProviderUnavailable,
    SpeechModelMissing,
)
from ai.providers.base import HeardWord
from ai.providers.local_speech import LocalSpeech
from ai.speech import ear as ear_module
from ai.speech.audio import RATE, Samples
from ai.speech.ear import Ear, Heard, Piece, trimmed
from ai.speech.live import Limits, LiveTranscript
from ai.speech.pool import WorkerPool
from ai.speech.testing import silence


class ScriptedPool:
    """Gives prepared answers; one that is an error is raised."""

    def __init__(self, *script: Heard | AIError) -> None:
        self.script = list(script)
        self.waiting = 0
        self.asked: list[tuple[Piece, bool]] = []

    def run(self, job: Piece, *, patience: float, urgent: bool) -> Heard:
        self.asked.append((job, urgent))
        answer = self.script.pop(0)
        if isinstance(answer, AIError):
            raise answer
        return answer


def heard(text: str, settled: float, length: float, language: str = "en") -> Heard:
    words = [HeardWord(word, 0.0, 1.0, 0.8) for word in text.split()]
    return Heard(text, words, round(settled * RATE), round(length * RATE), language)


def preview(text: str, start: float, until: float) -> Heard:
    """Return an answer that settles nothing; its words take a second each, from `start` on."""
    words = [
        HeardWord(f" {word}", start + at, start + at + 1.0, 0.8)
        for at, word in enumerate(text.split())
    ]
    length = round(until * RATE)
    return Heard("", [], 0, length, "en", preview=words, previewed=length)


def start(*script: Heard | AIError, **options: Any) -> tuple[ScriptedPool, LiveTranscript]:
    pool = ScriptedPool(*script)
    options = {"language": "en", "limits": Limits(), **options}
    return pool, LiveTranscript(cast(WorkerPool, pool), **options)


def test_the_transcript_tells_when_somebody_spoke_in_all_its_pieces() -> None:
    first, last = heard("First.", 8.0, 20.0), heard("Last.", 20.0, 20.0)
    first.speech.append((1.0, 7.0))
    last.speech.append((12.0, 19.0))
    _pool, live = start(first, last)

    assert live.finish(b"20 s").speech == ((1.0, 7.0), (12.0, 19.0))


def test_the_transcript_grows_behind_the_speaker_and_only_the_tail_is_left() -> None:
    pool, live = start(
        heard("", 0.0, 6.0),
        heard("First part.", 11.0, 14.0),
        heard("The tail.", 20.0, 20.0),
    )

    assert live.feed(b"6 s") == ""
    assert live.feed(b"14 s") == "First part."
    transcript = live.finish(b"20 s")

    assert transcript.text == "First part. The tail."
    assert [word.text for word in transcript.words] == ["First", "part.", "The", "tail."]
    assert transcript.duration_seconds == 20.0
    assert transcript.confidence == pytest.approx(0.8)
    assert not transcript.nothing_heard
    assert [piece.start for piece, _urgent in pool.asked] == [0, 0, 11 * RATE]
    assert [urgent for _piece, urgent in pool.asked] == [False, False, True]


def test_a_preview_is_shown_until_its_words_are_settled_and_is_no_part_of_the_end() -> None:
    pool, live = start(
        preview("First I did sing on", 0.0, 5.0),
        heard("First I did.", 3.0, 6.0),
        heard("Something else.", 7.0, 7.0),
    )

    assert live.feed(b"5 s") == "First I did sing on"
    assert live.feed(b"6 s") == "First I did. sing on"
    assert live.finish(b"7 s").text == "First I did. Something else."
    assert [piece.previewed for piece, _urgent in pool.asked] == [0, 5 * RATE, None]


def test_no_preview_is_asked_for_while_others_wait() -> None:
    pool, live = start(heard("", 0.0, 6.0))
    pool.waiting = 1

    live.feed(b"6 s")

    assert pool.asked[0][0].previewed is None


def test_a_long_recording_is_finished_piece_by_piece() -> None:
    pool, live = start(heard("One.", 25.0, 70.0), heard("Two.", 50.0, 70.0), heard("", 70.0, 70.0))

    assert live.finish(b"70 s").text == "One. Two."
    assert [piece.start for piece, _urgent in pool.asked] == [0, 25 * RATE, 50 * RATE]


class DeafModel:
    """Stands in for Whisper: hears nothing."""

    supported_languages = ("en",)

    def transcribe(self, samples: Samples, **options: Any) -> tuple[list[Any], Any]:
        assert options["initial_prompt"] is None
        return [], SimpleNamespace(language="en")


@pytest.mark.parametrize("length", [1, 7_777, 28 * RATE + 1, 61 * RATE + 13, 123_456 * 11])
def test_listening_comes_to_an_end_whatever_the_length(
    length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = cuts(length, [], monkeypatch)

    assert pieces[-1] == length
    assert pieces == sorted(set(pieces))


@pytest.mark.parametrize("every", [0.7, 3.0, 11.3])
def test_a_recording_falls_into_the_same_pieces_however_it_arrives(
    every: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    length = 61 * RATE + 13
    feeds = [round(second * RATE) for second in np.arange(every, 61, every)]

    assert cuts(length, feeds, monkeypatch) == cuts(length, [], monkeypatch)


class TiringModel:
    """Stands in for Whisper where it falls silent early: of what it is given it hears one word of a second."""

    supported_languages = ("en",)

    def __init__(self) -> None:
        self.given: list[float] = []

    def transcribe(self, samples: Samples, **options: Any) -> tuple[list[Any], Any]:
        self.given.append(len(samples) / RATE)
        word = SimpleNamespace(word=f" word{len(self.given)}", start=0.0, end=1.0, probability=0.9)
        segment = SimpleNamespace(seek=0, no_speech_prob=0.0, words=[word])
        return [segment], SimpleNamespace(language="en")


def test_where_the_model_falls_silent_before_the_speaker_it_listens_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ear_module, "spoken_spans", lambda samples: [(0.0, 6.0)])
    monkeypatch.setattr(ear_module, "decode", lambda recording, max_seconds: silence(7))
    model = TiringModel()

    whole = Ear(model).listen(Piece(b"7 s", 0, True, "en", None, 600.0))

    assert whole.text == "word1 word2"
    assert [word.start for word in whole.words] == [0.0, 1.0]
    assert model.given == [7.0, 6.0]


def test_the_ear_tells_when_somebody_speaks_without_the_silence_around_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ear_module, "spoken_spans", lambda samples: [(0.5, 2.5), (5.0, 7.5)])
    monkeypatch.setattr(ear_module, "decode", lambda recording, max_seconds: silence(9))

    heard = Ear(DeafModel()).listen(Piece(b"9 s", 2 * RATE, True, "en", None, 600.0))

    assert heard.speech == [pytest.approx((2.65, 4.35)), pytest.approx((7.15, 8.85))]


class EchoingModel:
    """Stands in for Whisper where there is music: as sure as can be, it repeats the hints, or hears something."""

    supported_languages = ("en",)

    def __init__(self, plainly: str) -> None:
        self.plainly = plainly

    def transcribe(self, samples: Samples, **options: Any) -> tuple[list[Any], Any]:
        text = "B-tree. B-tree. B-tree." if options["initial_prompt"] else self.plainly
        words = [
            SimpleNamespace(word=f" {word}", start=float(at), end=at + 0.9, probability=0.95)
            for at, word in enumerate(text.split())
        ]
        segment = SimpleNamespace(seek=0, no_speech_prob=0.0, words=words)
        return [segment], SimpleNamespace(language="en")


@pytest.mark.parametrize(
    ("plainly", "heard"), [("", ""), ("bee tree bee tree bee tree", "B-tree. B-tree. B-tree.")]
)
@pytest.mark.parametrize("final", [True, False])
def test_hints_are_not_heard_unless_they_were_said(
    plainly: str, heard: str, *, final: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    hiss = np.random.default_rng(1).normal(0, 0.1, 4 * RATE).astype(np.float32)
    monkeypatch.setattr(ear_module, "spoken_spans", lambda samples: [(0.0, 3.0)])
    monkeypatch.setattr(ear_module, "decode", lambda recording, max_seconds: hiss)

    answer = Ear(EchoingModel(plainly)).listen(Piece(b"", 0, final, "en", "B-tree.", 600.0, 0))

    preview = "".join(word.text for word in answer.preview or []).strip()
    assert (answer.text if final else preview) == heard


def frames_encoded(seconds: float) -> int:
    """Return how much of a 30 s window reaches the encoder, in frames of 10 ms."""
    given: list[int] = []
    features = np.zeros((80, 3000), np.float32)
    features[:, : round(100 * seconds)] = 0.5
    trimmed(lambda window: given.append(window.shape[-1]))(features)
    return given[0]


@pytest.mark.parametrize(
    ("seconds", "frames"), [(0, 3000), (3, 3000), (7.9, 3000), (8, 1500), (14, 1700), (29, 3000)]
)
def test_only_from_8_seconds_on_the_encoder_is_spared_silence(seconds: float, frames: int) -> None:
    assert frames_encoded(seconds) == frames


def test_a_quiet_voice_reaches_the_detector_and_the_model_raised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hiss = np.random.default_rng(1).normal(0, 0.001, 4 * RATE).astype(np.float32)
    given: list[float] = []

    def spans_of(samples: Samples) -> list[tuple[float, float]]:
        given.append(float(samples.std()))
        return [(0.0, 4.0)]

    model = TiringModel()
    transcribe = model.transcribe

    def listening(samples: Samples, **options: Any) -> tuple[list[Any], Any]:
        given.append(float(samples.std()))
        return transcribe(samples, **options)

    monkeypatch.setattr(model, "transcribe", listening)
    monkeypatch.setattr(ear_module, "spoken_spans", spans_of)
    monkeypatch.setattr(ear_module, "decode", lambda recording, max_seconds: hiss)

    Ear(model).listen(Piece(b"", 0, True, "en", None, 600.0))

    assert min(given) > 0.01


def test_a_letter_again_and_again_is_left_out_of_what_is_heard() -> None:
    words = [
        SimpleNamespace(word=word, start=at, end=at + 0.9, probability=0.95)
        for at, word in enumerate((" Yes.", " M" + "M" * 99))
    ]
    segment = SimpleNamespace(seek=0, no_speech_prob=0.0, words=words)

    assert [word.text for word in ear_module.real_words([segment], [(0.0, 2.0)])] == [" Yes."]


def cuts(length: int, feeds: list[int], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return where the pieces end of a recording that is fed in parts and then finished."""
    monkeypatch.setattr(ear_module, "spoken_spans", lambda samples: spans(len(samples) / RATE))
    monkeypatch.setattr(
        ear_module, "decode", lambda recording, max_seconds: silence(len(recording) / RATE)
    )
    listen, start, ends = Ear(DeafModel()).listen, 0, list[int]()
    for known in feeds:
        start = listen(Piece(bytes(known), start, False, "en", None, 600.0, 0)).settled
        ends += [start]
    while start < length:
        start = listen(Piece(bytes(length), start, True, "en", None, 600.0)).settled
        ends.append(start)
    return sorted(set(ends) - {0})


def spans(seconds: float) -> list[tuple[float, float]]:
    """Return speech with a breath every 7.3 seconds."""
    starts = np.arange(0, seconds, 7.3)
    return [(float(at), min(float(at) + 6.9, seconds)) for at in starts]


def test_silence_is_nothing_heard() -> None:
    _pool, live = start(heard("", 5.0, 5.0))

    transcript = live.finish(b"5 s")

    assert transcript.nothing_heard
    assert transcript.confidence == 0.0


@pytest.mark.parametrize("error", [ProviderUnavailable("busy"), AudioUnreadable("header only")])
def test_a_feed_that_fails_costs_nothing_and_the_end_makes_up_for_it(error: AIError) -> None:
    _pool, live = start(error, heard("All of it.", 9.0, 9.0))

    assert live.feed(b"4 s") == ""
    assert live.finish(b"9 s").text == "All of it."


def test_after_an_outage_the_end_goes_on_where_it_was() -> None:
    pool, live = start(
        heard("One.", 25.0, 40.0), ProviderUnavailable("busy"), heard("Two.", 40.0, 40.0)
    )

    with pytest.raises(ProviderUnavailable):
        live.finish(b"40 s")

    assert live.finish(b"40 s").text == "One. Two."
    assert pool.asked[-1][0].start == 25 * RATE


@pytest.mark.parametrize("call", [LiveTranscript.feed, LiveTranscript.finish])
def test_too_many_bytes_are_refused_before_any_work(
    call: Callable[[LiveTranscript, bytes], object],
) -> None:
    pool, live = start(limits=Limits(max_bytes=1_048_576))

    with pytest.raises(AudioTooLong, match="larger than 1 MB"):
        call(live, bytes(1_048_577))

    assert pool.asked == []


def test_terms_and_language_reach_the_ear_and_a_found_language_stays() -> None:
    pool, live = start(
        heard("Guten Tag.", 12.0, 20.0, language="de"),
        heard("Ja.", 20.0, 20.0, language="de"),
        language="xx-YY",
        phrases=["Mutex", ""],
    )

    assert live.finish(b"20 s").language == "de"
    assert [piece.language for piece, _urgent in pool.asked] == ["xx", "de"]
    assert pool.asked[0][0].prompt == "Mutex."


def test_without_model_files_the_message_says_how_to_get_them(tmp_path: Path) -> None:
    ear = LocalSpeech(tmp_path)

    with pytest.raises(SpeechModelMissing, match="fetch_models"):
        ear.listen(b"RIFF", language="en")

    assert issubclass(SpeechModelMissing, NoSpeechProvider)
    assert not ear.installed
    assert ear.processes == []
    assert ear.waiting == 0
