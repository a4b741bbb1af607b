"""Questions read aloud by a voice of the server: one recording per text, so that every candidate hears the same."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from ai.errors import ProviderUnavailable
from interviews.models import InterviewSession, Turn
from interviews.services.engine import no_connection_held, question_voice


@dataclass(frozen=True, slots=True)
class Sound:
    """Sound that can be played; its file is named by its content and never changes."""

    path: Path
    media_type: str


def question_sound(session: InterviewSession, turn: Turn) -> Sound | None:
    """Return an asked question, read aloud; None where the server has no voice, or it cannot be reached.

    What was read once is kept by the hash of its voice, language and words.
    """
    voice = question_voice()
    if voice is None:
        return None
    language = session.interview.language
    name = hashlib.sha256(f"{voice.name}\n{language}\n{turn.text}".encode()).hexdigest()
    path = settings.VAR_DIR / "voice" / name[:2] / name
    if not path.exists():
        try:
            with no_connection_held():
                _keep(path, voice.speak(turn.text, language=language))
        except ProviderUnavailable:
            return None
    return Sound(path, voice.media_type)


def _keep(path: Path, sound: bytes) -> None:
    """Write whole or not at all; two writers bring the same."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as draft:
        draft.write(sound)
    os.replace(draft.name, path)  # noqa: PTH105 - atomic on purpose
