"""Questions read aloud by a voice of the server: one recording per text, so that every candidate hears the same."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from django.conf import settings

from ai.errors import ProviderUnavailable
from interviews.models import InterviewSession, Turn
from interviews.services.engine import no_connection_held, question_voice

READERS, PATIENCE = 4, 15.0
_readers = ThreadPoolExecutor(READERS, thread_name_prefix="voice")
_under_way: dict[Path, Future[None]] = {}
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Sound:
    """Sound that can be played; its file is named by its content and never changes."""

    path: Path
    media_type: str


def question_sound(session: InterviewSession, turn: Turn) -> Sound | None:
    """Return an asked question, read aloud; None where the server has no voice, or it cannot be reached.

    What was read once is kept by the hash of its voice, language and words. A few are read at once, none of them twice,
    and whoever waits holds no place to work.
    """
    voice = question_voice()
    if voice is None:
        return None
    language = session.interview.language
    name = hashlib.sha256(f"{voice.name}\n{language}\n{turn.text}".encode()).hexdigest()
    path = settings.VAR_DIR / "voice" / name[:2] / name
    if not path.exists():
        reading = _reading(path, lambda: voice.speak(turn.text, language=language))
        try:
            with no_connection_held():
                reading.result(PATIENCE)
        except (ProviderUnavailable, OSError):  # a TimeoutError is one
            return None
    return Sound(path, voice.media_type)


def _reading(path: Path, speak: Callable[[], bytes]) -> Future[None]:
    """Begin to read into a file, or return the reading of it that is under way."""
    with _lock:
        reading = _under_way.get(path)
        if reading is None:
            work = copy_context()
            reading = _readers.submit(work.run, lambda: _keep(path, speak()))
            _under_way[path] = reading
            reading.add_done_callback(lambda _reading: _under_way.pop(path, None))
        return reading


def _keep(path: Path, sound: bytes) -> None:
    """Write whole or not at all; two writers bring the same."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(sound)
        os.replace(draft, path)  # noqa: PTH105 - atomic on purpose
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise
