"""Quiet voices are raised, noise within bounds, and what comes later changes nothing that was raised."""

from __future__ import annotations

import numpy as np
import pytest

from ai.speech.audio import RATE, Samples
from ai.speech.level import FOLLOWED, FRAME, MOST, TARGET, followed, raised, without_tones
from ai.speech.testing import faster, over_the_phone, quieter, silence

SECOND = [(0.0, 1.0)]


def hiss(decibels: float, seconds: float = 1.0) -> Samples:
    """Return noise whose level is so many dB below full scale."""
    samples = np.random.default_rng(3).normal(0, 1, round(seconds * RATE)).astype(np.float32)
    return quieter(samples, decibels)


def tone(pitch: float, *, trembling: float = 0.0, seconds: float = 2.0) -> Samples:
    times = np.arange(round(seconds * RATE)) / RATE
    swell = 0.5 + 0.5 * np.cos(2 * np.pi * trembling * times)
    return (0.3 * swell * np.sin(2 * np.pi * pitch * times)).astype(np.float32)


def voice(seconds: float = 2.0) -> Samples:
    """Return what has the spectrum of a vowel: 30 harmonics of a gliding pitch, two of them loud."""
    times = np.arange(round(seconds * RATE)) / RATE
    turns = 2 * np.pi * np.cumsum(110 + 25 * np.sin(2 * np.pi * 0.7 * times)) / RATE
    harmonics = [np.sin(k * turns) / (1 + abs(k - 6)) for k in range(1, 31)]
    return quieter(np.sum(harmonics, axis=0).astype(np.float32), 20)


def level(samples: Samples) -> float:
    return float(20 * np.log10(samples.std() + 1e-9))


@pytest.mark.parametrize("below", [30.0, 45.0, 60.0])
def test_a_quiet_voice_is_raised_to_the_target(below: float) -> None:
    assert level(raised(hiss(below), SECOND)) == pytest.approx(TARGET, abs=1.5)
    assert level(followed(hiss(below))) == pytest.approx(max(FOLLOWED, -below), abs=1.5)


def test_a_voice_that_is_loud_enough_stays_as_it_is() -> None:
    loud = hiss(-TARGET - 6)

    assert np.array_equal(raised(loud, SECOND), loud)
    assert np.array_equal(followed(loud), loud)


def test_the_gain_has_a_bound() -> None:
    faint = hiss(90)

    assert level(raised(faint, SECOND)) - level(faint) == pytest.approx(MOST, abs=0.1)
    assert level(followed(faint)) - level(faint) <= MOST + 0.1


def test_silence_stays_silence() -> None:
    assert not raised(silence(1), SECOND).any()
    assert not followed(silence(1)).any()
    assert followed(silence(0)).size == 0


def test_without_a_voice_nothing_is_raised() -> None:
    assert np.array_equal(raised(hiss(60), []), hiss(60))


def test_the_level_is_that_of_the_voice_and_not_of_the_pauses() -> None:
    answer = np.concatenate([hiss(90, 5.0), hiss(50), hiss(90, 5.0)])

    spoken = raised(answer, [(5.0, 6.0)])[5 * RATE : 6 * RATE]

    assert level(spoken) == pytest.approx(TARGET, abs=1.5)


@pytest.mark.parametrize("known", [1, 7, 40, 93])
def test_sound_that_comes_later_changes_nothing(known: int) -> None:
    samples = np.concatenate([hiss(70), hiss(55), silence(0.5), hiss(15), hiss(60)])

    early, late = followed(samples[: known * FRAME]), followed(samples)

    assert np.array_equal(early, late[: known * FRAME])


def test_a_click_does_not_hide_a_quiet_voice() -> None:
    samples = hiss(60, 2.0)
    samples[RATE : RATE + 40] = 0.9

    assert level(followed(samples)[RATE + 10 * FRAME :]) == pytest.approx(FOLLOWED, abs=1.5)


def test_after_somebody_loud_a_quiet_voice_is_raised_again() -> None:
    answer = followed(np.concatenate([hiss(20), hiss(50, 10.0)]))

    assert level(answer[2 * RATE : 3 * RATE]) < FOLLOWED - 5
    assert level(answer[-RATE:]) == pytest.approx(FOLLOWED, abs=1.5)


@pytest.mark.parametrize("pitch", [110.0, 200.0, 440.0])
@pytest.mark.parametrize("trembling", [0.0, 4.0, 8.0])
def test_a_tone_is_no_voice_however_it_trembles(pitch: float, trembling: float) -> None:
    assert without_tones(tone(pitch, trembling=trembling), [(0.0, 2.0)]) == []


@pytest.mark.parametrize("change", [lambda samples: samples, over_the_phone])
def test_a_vowel_is_more_than_a_tone(change: object) -> None:
    assert callable(change)
    assert without_tones(change(voice()), [(0.2, 0.7), (1.0, 2.0)]) == [(0.2, 0.7), (1.0, 2.0)]


def test_beside_a_tone_the_voice_is_kept() -> None:
    both = np.concatenate([tone(200, trembling=4), voice()])

    assert without_tones(both, [(0.0, 2.0), (2.0, 4.0)]) == [(2.0, 4.0)]


def test_the_helpers_make_a_voice_faster_and_take_the_band_of_a_phone() -> None:
    assert len(faster(voice(2.5), 1.25)) == pytest.approx(2 * RATE, rel=0.05)
    assert level(over_the_phone(tone(150))) < level(tone(150)) - 30
    assert level(over_the_phone(tone(1000))) == pytest.approx(level(tone(1000)), abs=0.5)
