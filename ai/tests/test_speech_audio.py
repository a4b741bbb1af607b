"""Recordings as browsers make them, growing ones, and files that mean harm."""

from __future__ import annotations

import os
import struct

import numpy as np
import pytest

from ai.errors import AudioTooLong, AudioUnreadable
from ai.speech.audio import RATE, Samples, container_format, decode
from ai.speech.testing import encode, silence

SECONDS = 3.0


def tone(seconds: float = SECONDS) -> Samples:
    times = np.arange(round(seconds * RATE)) / RATE
    return (0.3 * np.sin(2 * np.pi * 440 * times)).astype(np.float32)


@pytest.mark.parametrize(
    ("container", "codec", "rate"),
    [
        ("webm", "libopus", 48_000),
        ("ogg", "libopus", 48_000),
        ("mp4", "aac", 44_100),
        ("mp3", "libmp3lame", 44_100),
        ("flac", "flac", 48_000),
        ("wav", "pcm_s16le", 8_000),
    ],
)
def test_what_browsers_and_phones_record_comes_out_at_16_khz(
    container: str, codec: str, rate: int
) -> None:
    samples = decode(encode(tone(), container, codec, rate=rate), max_seconds=10)

    assert len(samples) / RATE == pytest.approx(SECONDS, abs=0.15)
    assert samples.dtype == np.float32
    assert np.abs(samples[RATE : 2 * RATE]).max() == pytest.approx(0.3, abs=0.1)


@pytest.mark.parametrize(("container", "codec"), [("webm", "libopus"), ("ogg", "libopus")])
def test_a_growing_recording_gives_what_is_whole_so_far(container: str, codec: str) -> None:
    data = encode(tone(10), container, codec)

    first, more = (decode(data[: len(data) * part // 10], max_seconds=20) for part in (5, 9))

    assert RATE < len(first) < len(more) < 10 * RATE
    assert np.array_equal(first[: 2 * RATE], more[: 2 * RATE])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        b"hello, this is text",
        b"\0" * 4096,
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n",
        b"ffconcat version 1.0\nfile /etc/hostname\n",
        b"\x1aE\xdf\xa3" + os.urandom(4096),
        b"OggS" + os.urandom(4096),
        b"RIFF\xff\xff\xff\xffWAVE" + os.urandom(4096),
        b"\0\0\0\x20ftypisom" + os.urandom(4096),
        b"fLaC" + os.urandom(4096),
        b"ID3" + os.urandom(4096),
        b"\xff\xfb" + b"\0" * 4096,
    ],
)
def test_what_is_no_recording_is_unreadable(data: bytes) -> None:
    with pytest.raises(AudioUnreadable, match="cannot be read"):
        decode(data, max_seconds=10)


def test_a_recording_without_its_beginning_is_unreadable() -> None:
    data = encode(tone(), "webm", "libopus")

    with pytest.raises(AudioUnreadable):
        decode(data[500:], max_seconds=10)


def test_a_recording_with_broken_packets_is_read_or_refused_and_nothing_else() -> None:
    data = bytearray(encode(tone(2), "webm", "libopus"))
    dice = np.random.default_rng(7)

    for _trial in range(40):
        broken = bytearray(data)
        for at in dice.integers(0, len(data), 20):
            broken[at] = int(dice.integers(0, 256))
        try:
            decode(bytes(broken), max_seconds=10)
        except (AudioUnreadable, AudioTooLong):
            continue


def test_a_recording_over_the_limit_of_seconds_is_too_long() -> None:
    data = encode(silence(6), "flac", "flac")

    assert len(decode(data, max_seconds=7)) == 6 * RATE
    with pytest.raises(AudioTooLong, match="longer than 5 seconds"):
        decode(data, max_seconds=5)


@pytest.mark.parametrize(("rate", "channels"), [(1, 1), (48_000, 32)])
def test_a_file_that_would_blow_up_the_memory_is_unreadable(rate: int, channels: int) -> None:
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2, channels * 2, 16)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", 64_000)
    data = b"RIFF" + struct.pack("<I", len(body) + 64_000) + body + b"\1\0" * 32_000

    with pytest.raises(AudioUnreadable):
        decode(data, max_seconds=10)


def test_bare_mp3_frames_are_mp3() -> None:
    assert container_format(b"\xff\xfb\x90\x64") == "mp3"
