"""Keeps what is said aloud: appended chunk by chunk, durable before it is acknowledged, private."""

from __future__ import annotations

import fcntl
import hashlib
import os
from dataclasses import dataclass

from django.conf import settings

from accounts.models import User
from ai.errors import AudioUnreadable
from ai.speech.audio import container_format
from interviews.errors import InvalidInput, NotAudio, NotFound, QuotaUsed, TooLarge
from interviews.models import Recording, Turn
from interviews.services.loaded_session import LoadedSession
from interviews.services.lookups import candidates_session
from interviews.services.recording_files import make_room, open_sound
from interviews.services.refusing import closed_question

KEY_LENGTH = 64
MEDIA_TYPES = {
    "matroska": "audio/webm",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "mp4": "audio/mp4",
    "flac": "audio/flac",
    "mp3": "audio/mpeg",
}


@dataclass(frozen=True, slots=True)
class Chunks:
    """A run of chunks of one recording: the first one's number, counted from 0, how many, and their bytes, joined."""

    first: int
    count: int
    data: bytes


def begin_recording(*, user: User, token: str, turn: int, key: str) -> Recording:
    """Return the recording under `key` of the candidate's open turn, new or as far as it is stored.

    Raises `NotFound`, `InvalidInput` (the key), `Conflict` (the turn is not open) and `QuotaUsed`.
    """
    current = open_turn(candidates_session(user, token), turn)
    if not key or len(key) > KEY_LENGTH or not key.isascii():
        raise InvalidInput("recording", f"Name a recording by 1 to {KEY_LENGTH} ASCII characters.")
    known = current.recordings.filter(key=key).first()
    if known is None and current.recordings.count() >= settings.MAX_RECORDINGS_PER_TURN:
        raise QuotaUsed("That is as many recordings as one question can have. Type the rest.")
    return known or current.recordings.get_or_create(key=key)[0]


def open_turn(session: LoadedSession, number: int) -> Turn:
    """Return a loaded session's open turn. Raises `Conflict` where `number` is not it."""
    current = session.open_turn
    if current is None or current.number != number:
        raise closed_question(session, number)
    return current


def append_chunks(recording: Recording, chunks: Chunks) -> int:
    """Append a run of chunks durably (write, fsync, row) and return how many the recording has now.

    Chunks that are there already, or that leave a gap, are not taken: the number tells where to send on from.
    Raises `TooLarge`, and `NotAudio` where the first bytes are no recording's.
    """
    if chunks.count < 1 or not chunks.data or chunks.first != recording.chunks:
        return recording.chunks
    size = recording.size + len(chunks.data)
    if size > settings.MAX_RECORDING_MB * 1024 * 1024:
        raise TooLarge(
            f"A recording has at most {settings.MAX_RECORDING_MB} MB. What is there is kept."
        )
    if not recording.size:
        recording.media_type = check_magic(chunks.data)
        make_room(recording)
    handle = os.open(recording.file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _write(handle, recording, chunks)
    finally:
        os.close(handle)
    return recording.chunks


def _write(handle: int, recording: Recording, chunks: Chunks) -> None:
    """Write under the file's lock, over whatever a crash left behind the last acknowledged byte."""
    recording.refresh_from_db(fields=["chunks", "size"])
    if recording.chunks != chunks.first:
        return
    os.ftruncate(handle, recording.size)
    os.pwrite(handle, chunks.data, recording.size)
    os.fsync(handle)
    recording.grow(chunks=chunks.first + chunks.count, size=recording.size + len(chunks.data))


def check_magic(data: bytes) -> str:
    """Return the media type by the first bytes. Raises `NotAudio`."""
    try:
        return MEDIA_TYPES[container_format(data)]
    except AudioUnreadable as error:
        raise NotAudio(str(error)) from error


def keep_recording(*, user: User, token: str, turn: int, audio: bytes) -> Recording:
    """Keep a whole recording of the candidate's open turn; the same bytes again are the same recording.

    Raises as `begin_recording` and `append_chunks` do.
    """
    check_magic(audio)
    key = hashlib.sha256(audio).hexdigest()
    recording = begin_recording(user=user, token=token, turn=turn, key=key)
    append_chunks(recording, Chunks(0, 1, audio))
    return recording


def recording_of(user: User, token: str, turn: int, key: str) -> Recording:
    """Return the candidate's recording. Raises `NotFound`."""
    mine = Recording.objects.filter(turn__session__candidate=user, turn__session__token=token)
    found = mine.filter(turn__number=turn, key=key).select_related("turn__session").first()
    if found is None:
        raise NotFound("There is no such recording.")
    return found


def stored_bytes(recording: Recording) -> bytes:
    """Return the sound that was acknowledged so far. Raises `NotAudio` if its file cannot be read."""
    if not recording.size:
        return b""
    with open_sound(recording) as file:
        return file.read(recording.size)
