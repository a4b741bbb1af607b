"""What is believed of Whisper's words, what it is told, and where a recording is cut."""

from __future__ import annotations

import numpy as np
import pytest

from ai.providers.base import HeardWord
from ai.speech.audio import RATE
from ai.speech.cutting import LONGEST, LOOK, SHORTEST, Span, next_cut, quietest
from ai.speech.guards import (
    confirmed,
    is_made_up,
    is_phantom,
    is_stuck,
    may_echo,
    mean_confidence,
    unheard,
    without_loops,
)
from ai.speech.hints import LONGEST_PROMPT, make_prompt, whisper_language

QUIET_AT = 12.34


def words(text: str, *, confidence: float = 0.9, takes: float = 0.3) -> list[HeardWord]:
    """Return a word a second, each of which takes some seconds to say."""
    return [
        HeardWord(word, float(at), at + takes, confidence) for at, word in enumerate(text.split())
    ]


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
    ("text", "prompt", "echo"),
    [
        pytest.param("B-tree. " * 8, "index, B-tree.", True, id="music makes it repeat a hint"),
        pytest.param("B-tree", "index, B-tree.", True, id="once"),
        pytest.param("a B-tree index", "index, B-tree.", True, id="nearly all"),
        pytest.param("I would add a B-tree index", "index, B-tree.", False, id="an answer"),
        pytest.param("B-tree", None, False, id="no hints"),
        pytest.param("", "index, B-tree.", False, id="nothing heard"),
    ],
)
def test_what_is_nearly_all_hints_may_be_an_echo(
    text: str, prompt: str | None, *, echo: bool
) -> None:
    assert may_echo(words(text, confidence=0.95), prompt) is echo


@pytest.mark.parametrize(
    ("text", "stuck"),
    [("M" * 200, True), ("Ooooooh", True), ("ab" * 30, True), ("Hmmm", False), ("zoo,", False)],
)
def test_one_letter_again_and_again_is_no_word(text: str, *, stuck: bool) -> None:
    assert is_stuck(HeardWord(text, 0.0, 1.0, 0.92)) is stuck


@pytest.mark.parametrize(
    ("plainly", "believed"),
    [
        pytest.param("", "", id="nothing is heard without hints"),
        pytest.param("Oh", "Oh", id="something else is heard without them"),
        pytest.param("bee tree", "B-tree", id="it sounds alike"),
        pytest.param("B tree.", "B-tree", id="it is the same"),
    ],
)
def test_hints_are_believed_only_if_it_sounds_like_them_without(
    plainly: str, believed: str
) -> None:
    assert said(confirmed(words("B-tree", confidence=0.95), words(plainly))) == believed


@pytest.mark.parametrize(
    ("no_speech", "around", "confidence", "takes", "made_up"),
    [
        pytest.param(0.73, 0.34, 0.34, 0.3, True, id="unsure, and likely silence"),
        pytest.param(0.73, 0.95, 0.66, 0.3, False, id="all around it is sure"),
        pytest.param(0.05, 0.40, 0.40, 0.3, False, id="mumbled"),
        pytest.param(0.49, 0.90, 0.03, 0.3, True, id="guessed after the last word"),
        pytest.param(0.58, 0.95, 0.95, 0.0, True, id="squeezed into no time"),
        pytest.param(0.02, 0.95, 0.95, 0.0, False, id="misaligned speech"),
    ],
)
def test_a_segment_without_a_voice_is_made_up(
    no_speech: float, around: float, confidence: float, takes: float, *, made_up: bool
) -> None:
    heard = words("I click save", confidence=confidence, takes=takes)

    assert made_up is is_made_up(heard, no_speech=no_speech, around=around, speech=[(0.0, 3.0)])


@pytest.mark.parametrize(("confidence", "made_up"), [(0.45, True), (0.9, False)])
def test_unsure_words_where_nobody_speaks_are_made_up(confidence: float, *, made_up: bool) -> None:
    heard = words("see you in the next video", confidence=confidence)

    assert made_up is is_made_up(heard, no_speech=0.1, around=0.9, speech=[(0.0, 0.3)])


@pytest.mark.parametrize("no_speech", [0.38, 0.46, 0.69])
def test_a_spoken_list_in_one_pattern_is_never_made_up(no_speech: float) -> None:
    heard = words("I click save. " * 7)

    assert not is_made_up(heard, no_speech=no_speech, around=0.9, speech=[(0.0, 21.0)])
    assert without_loops(heard) == heard


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
def test_loops_that_take_no_time_are_cut_to_one_round_and_emphasis_stays(
    heard: str, kept: str
) -> None:
    assert said(without_loops(words(heard, takes=0.02))) == kept


def test_of_a_loop_the_rounds_that_take_time_are_kept() -> None:
    heard = words("I click save " * 5) + words("I click save " * 4, takes=0.0)

    assert said(without_loops(heard)) == said(words("I click save " * 5))


@pytest.mark.parametrize(
    ("speech", "gaps"),
    [
        pytest.param([(0.0, 3.0)], [], id="all heard"),
        pytest.param([(0.0, 4.5)], [], id="a long breath out"),
        pytest.param([(0.0, 3.0), (7.5, 9.0)], [], id="a short cough"),
        pytest.param([(0.0, 9.0)], [(3.0, 9.0)], id="fallen silent before the speaker"),
    ],
)
def test_a_voice_without_words_is_unheard(speech: list[Span], gaps: list[Span]) -> None:
    assert unheard(words("I click save", takes=1.0), speech, length=9.0) == gaps


def test_without_any_words_the_whole_of_the_speech_is_unheard() -> None:
    assert unheard([], [(1.0, 4.0)], length=5.0) == [(0.0, 5.0)]


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
    ("speech", "length", "cut"),
    [
        pytest.param([(0, 4), (5, 7)], 7.9, None, id="too short to be worth a run"),
        pytest.param([(0, 12)], 12.2, None, id="in the middle of a sentence"),
        pytest.param([(0, 12)], 13.0, 12.4, id="the speaker has paused"),
        pytest.param([(0, 12), (14, 15)], 15.0, 12.4, id="and goes on later"),
        pytest.param([(0, 11), (11.5, 17)], LOOK, 11.25, id="a short pause"),
        pytest.param([(0, 9), (10, 11), (12, 17)], LOOK, 9.4, id="the first of two pauses"),
        pytest.param([(0, 3), (4, 17)], LOOK, QUIET_AT, id="somebody who never breathes"),
        pytest.param([(0, 3), (4, 16.9)], 16.9, None, id="and who perhaps will"),
        pytest.param([], 16.9, None, id="a silence"),
        pytest.param([], LOOK, 15.0, id="a long silence is left behind"),
        pytest.param([(6, 9)], 9.0, 5.0, id="a silence before the first word"),
        pytest.param([], 0.0, None, id="nothing"),
    ],
)
def test_a_recording_is_cut_in_its_silences(
    speech: list[Span], length: float, cut: float | None
) -> None:
    assert next_cut(speech, length=length, quietest=lambda _begin, _end: QUIET_AT) == cut


def test_where_nobody_breathes_the_cut_is_in_the_quietest_place() -> None:
    samples = np.full(round(LOOK * RATE), 0.5, np.float32)
    samples[: 4 * RATE] = 0
    samples[round(11.9 * RATE) : round(12.2 * RATE)] = 0.1

    assert quietest(samples, SHORTEST, LONGEST) == pytest.approx(12.05, abs=0.05)
