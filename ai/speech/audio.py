"""Recordings to samples: mono, 16 kHz, bounded, and with hostile files turned away."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ai.errors import AudioTooLong, AudioUnreadable

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.container import InputContainer

RATE = 16_000
BATCH = 480_000  # samples handed on at once: a call per 20 ms frame would cost three times as much
LOWEST_RATE, MOST_CHANNELS = (
    8000,
    8,
)  # a file that claims 1 Hz would fill the memory with what it is blown up to
UNREADABLE = "This recording cannot be read. Send WebM, Ogg, WAV, MP4, FLAC or MP3."
CODECS = "opus,libopus,vorbis,flac,aac,aac_fixed,alac,mp3,mp3float,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_u8"

Samples = NDArray[np.float32]


def decode(recording: bytes, *, max_seconds: float) -> Samples:
    """Return the sound of `recording` from its first byte: mono, 16,000 samples a second, -1 to 1.

    A recording that is still growing may end in the middle of a packet; what is whole is returned.
    Raises `AudioUnreadable` where there is no sound to be had, `AudioTooLong` past `max_seconds`.
    """
    import av  # noqa: PLC0415 - heavy

    # The format is named and the codecs are listed, so that no playlist can make FFmpeg open other files.
    options = {"codec_whitelist": CODECS}
    source = io.BytesIO(recording)
    kind = container_format(recording)
    try:
        with av.open(
            source, "r", format=kind, options=options, metadata_errors="ignore"
        ) as container:
            samples = _collect(container, int(max_seconds * RATE))
    except (av.FFmpegError, ValueError, OverflowError) as error:
        raise AudioUnreadable(UNREADABLE) from error
    if not samples.size:
        raise AudioUnreadable(UNREADABLE)
    return samples


def container_format(recording: bytes) -> str:
    """Return FFmpeg's name of the container by its first bytes. Raises `AudioUnreadable`."""
    head = recording[:12]
    for offset, magic, kind in (
        (0, b"\x1aE\xdf\xa3", "matroska"),
        (0, b"OggS", "ogg"),
        (8, b"WAVE", "wav"),
        (4, b"ftyp", "mp4"),
        (0, b"fLaC", "flac"),
        (0, b"ID3", "mp3"),
    ):
        if head[offset:].startswith(magic):
            return kind
    if head[:1] == b"\xff" and head[1:2] and head[1] & 0xE6 in {0xE2, 0xE4, 0xE6}:
        return "mp3"
    raise AudioUnreadable(UNREADABLE)


def _collect(container: InputContainer, most: int) -> Samples:
    from av import AudioFifo, AudioResampler  # noqa: PLC0415 - heavy

    resampler, waiting = AudioResampler(format="s16", layout="mono", rate=RATE), AudioFifo()
    parts: list[NDArray[np.int16]] = []

    def convert(frame: AudioFrame | None) -> None:
        parts.extend(piece.to_ndarray()[0] for piece in resampler.resample(frame))
        if sum(map(len, parts)) > most:
            raise AudioTooLong(f"This recording is longer than {most / RATE:.0f} seconds.")

    for frame in _frames(container):
        if frame.sample_rate < LOWEST_RATE or frame.layout.nb_channels > MOST_CHANNELS:
            raise AudioUnreadable(UNREADABLE)
        frame.pts = None
        waiting.write(frame)
        if waiting.samples >= BATCH:
            convert(waiting.read())
    if waiting.samples:
        convert(waiting.read())
    convert(None)
    joined = np.concatenate(parts) if parts else np.zeros(0, np.int16)
    return joined.astype(np.float32) / np.float32(32768)


def _frames(container: InputContainer) -> Iterator[AudioFrame]:
    """Yield the frames of the first sound track, passing over broken packets."""
    from av.error import EOFError as EndOfFile  # noqa: PLC0415 - heavy
    from av.error import InvalidDataError  # noqa: PLC0415 - heavy

    if not container.streams.audio:
        return
    packets = container.demux(container.streams.audio[0])
    while True:
        try:
            packet = next(packets)
        except (StopIteration, EndOfFile, InvalidDataError):
            return
        try:
            yield from packet.decode()
        except (EndOfFile, InvalidDataError):
            continue
