"""What is believed of Whisper's words, what it is told, and where a recording is cut."""

from __future__ import annotations

import pytest

from ai.providers.base import HeardWord
from ai.speech.cutting import LONGEST, SHORTEST, Span, next_cut
from ai.speech.guards import is_made_up, is_phantom, mean_confidence, without_loops
from ai.speech.hints import LONGEST_PROMPT, make_prompt, whisper_language


def words(text: str) -> list[HeardWord]:
    return [HeardWord(word, at, at + 1.0, 0.9) for at, word in enumerate(text.split())]


def said(heard: list[HeardWord]) -> str:
    return " ".join(word.text for word in heard)


@pytest.mark.parametrize(
    "text", ["", " .", "...", "You", "Thank you.", " Vielen Dank!", "I'm sorry."]
)
def test_a_lone_phantom_of_silence_is_nothing_heard(text: str) -> None:
    assert is_phantom(text, confidence=0.4, prompt=None)


@pytest.mark.parametrize(
    "text", ["Subtitles by the Amara.org community", "Untertitel im Auftrag des ZDF, 2017"]
)
def test_credits_are_phantoms_however_sure(text: str) -> None:
    assert is_phantom(text, confidence=0.99, prompt=None)


@pytest.mark.parametrize(
    "text",
    [
        "Thank you, I would begin with the logs.",
        "Subtitles by another team were late, so I asked them to agree on a date with us first.",
    ],
)
def test_an_answer_that_only_begins_like_a_phantom_is_heard(text: str) -> None:
    assert not is_phantom(text, confidence=0.4, prompt=None)


def test_a_clear_thank_you_is_heard() -> None:
    assert not is_phantom("Thank you.", confidence=0.9, prompt=None)


def test_an_unsure_echo_of_the_prompt_is_nothing_heard() -> None:
    assert is_phantom("Mutex, semaphore.", confidence=0.4, prompt="deadlock, mutex, semaphore.")
    assert not is_phantom("Mutex, semaphore.", confidence=0.9, prompt="deadlock, mutex, semaphore.")


@pytest.mark.parametrize(
    ("no_speech", "compression", "confidence", "made_up"),
    [
        (0.73, 1.0, 0.34, True),
        (0.58, 12.7, 0.95, True),
        (0.73, 1.0, 0.95, False),
        (0.05, 1.2, 0.40, False),
        (0.01, 3.0, 0.95, False),
    ],
)
def test_a_segment_without_a_voice_is_made_up(
    no_speech: float, compression: float, confidence: float, made_up: bool
) -> None:
    assert made_up is is_made_up(
        no_speech=no_speech, compression=compression, confidence=confidence
    )


@pytest.mark.parametrize(
    ("heard", "kept"),
    [
        ("we saw " + "a little bit of " * 40, "we saw a little bit of"),
        ("Yeah, " * 30 + "so I left", "Yeah, so I left"),
        ("no, no, no, not that", "no, no, no, not that"),
        ("it was very very very very slow", "it was very very very very slow"),
        ("", ""),
    ],
)
def test_loops_are_cut_to_one_round_and_emphasis_stays(heard: str, kept: str) -> None:
    assert said(without_loops(words(heard))) == kept


def test_the_confidence_of_no_words_is_zero() -> None:
    assert mean_confidence([]) == 0.0
    assert mean_confidence(words("a b")) == pytest.approx(0.9)


def test_the_prompt_joins_terms_without_repeats() -> None:
    assert make_prompt(["mutex", " dead  lock ", "mutex", ""]) == "mutex, dead lock."


@pytest.mark.parametrize("phrases", [[], [""], ["  ", "\n"]])
def test_the_prompt_is_none_and_never_empty(phrases: list[str]) -> None:
    assert make_prompt(phrases) is None


def test_the_prompt_has_a_limit() -> None:
    prompt = make_prompt([f"term number {number}" for number in range(100)])

    assert prompt is not None
    assert len(prompt) <= LONGEST_PROMPT


@pytest.mark.parametrize("tag", ["de", "DE", "de-AT", "de_CH"])
def test_a_language_tag_becomes_a_code_of_whisper(tag: str) -> None:
    assert whisper_language(tag) == "de"


@pytest.mark.parametrize(
    ("speech", "length", "final", "cut"),
    [
        pytest.param([(0, 4), (5, 7)], 7.9, False, None, id="too short to be worth a run"),
        pytest.param([(0, 12)], 12.2, False, None, id="in the middle of a sentence"),
        pytest.param([(0, 12)], 13.0, False, 12.4, id="the speaker has paused"),
        pytest.param([(0, 11), (12, 20)], 20.1, False, 11.5, id="behind the speaker"),
        pytest.param([(0, 11), (12, 20)], 20.1, True, 20.1, id="the end"),
        pytest.param([(0, 20), (21, 40)], 40.0, True, 20.5, id="the end is too far"),
        pytest.param([(0, 3), (3, 40)], 40.0, False, 3.0, id="a short piece before a long one"),
        pytest.param([(0, 40)], 40.0, False, LONGEST, id="somebody who never breathes"),
        pytest.param([], 30.0, False, 29.0, id="silence is left behind"),
        pytest.param([], 3.0, False, None, id="a short silence"),
        pytest.param([], 3.0, True, 3.0, id="silence at the end"),
        pytest.param([], 0.0, True, 0.0, id="nothing left"),
    ],
)
def test_a_recording_is_cut_in_its_silences(
    speech: list[Span], length: float, final: bool, cut: float | None
) -> None:
    assert next_cut(speech, length=length, final=final) == cut


def test_cutting_always_gets_on_with_a_long_stretch() -> None:
    for gap in range(1, 60):
        speech = [(0.0, float(gap)), (gap + 0.5, 60.0)]

        cut = next_cut(speech, length=60.0, final=False)

        assert cut is not None
        assert 0 < cut <= LONGEST
    assert SHORTEST < LONGEST
