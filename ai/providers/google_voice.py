"""Text to speech by Google Cloud; needs the extra `tts`."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ai.calling import Reply, Store
from ai.calling.breaker import Breaker
from ai.calling.guarding import guarded
from ai.calling.store import MemoryStore
from ai.errors import ProviderUnavailable, ReplyUnusable
from ai.providers.google_cloud import Access, client, status_of

NAME = "google-voice"
LANGUAGES = {"en": "en-US", "de": "de-DE", "es": "es-ES", "fr": "fr-FR"}
SECONDS = 10.0
LONGEST = 4_000
OGG = b"OggS"


@dataclass(slots=True)
class GoogleVoice:
    """Reads questions aloud; it keeps nothing but the state of its breaker."""

    access: Access
    store: Store = field(default_factory=MemoryStore)
    seconds: float = SECONDS
    name: str = "google"
    media_type: str = "audio/ogg"
    _breaker: Breaker = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep one breaker, which knows what it has counted."""
        self._breaker = Breaker(NAME, self.store)

    def speak(self, text: str, *, language: str) -> bytes:
        """Return `text` (at most 4,000 characters of it) as Ogg Opus. Raises `ProviderUnavailable`."""
        breaker, begun = self._breaker, time.monotonic()
        breaker.check()
        try:
            with guarded(NAME, said=text, known=_status):
                sound = self._spoken(text[:LONGEST], LANGUAGES.get(language, language))
                if not sound.startswith(OGG):
                    raise ReplyUnusable(f"{NAME} sent no sound.")
        except ProviderUnavailable as error:
            breaker.failed(error, time.monotonic() - begun)
            raise
        breaker.succeeded(Reply("", NAME), time.monotonic() - begun)
        return sound

    def states(self) -> list[Any]:
        return [self._breaker.state()]

    def _spoken(self, text: str, language: str) -> bytes:
        speech = library()
        voice = client("texttospeech_v1", "TextToSpeechClient", self.access)
        reply = voice.synthesize_speech(
            input=speech.SynthesisInput(text=text),
            voice=speech.VoiceSelectionParams(language_code=language),
            audio_config=speech.AudioConfig(audio_encoding=speech.AudioEncoding.OGG_OPUS),
            retry=None,
            timeout=self.seconds,
        )
        return bytes(reply.audio_content)


@cache
def library() -> Any:
    from google.cloud import texttospeech_v1  # noqa: PLC0415 - an extra

    return texttospeech_v1


def _status(error: BaseException) -> ProviderUnavailable | None:
    return status_of(NAME, error)
