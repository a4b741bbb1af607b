"""Text to speech by Google Cloud; needs the extra `tts`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from ai.errors import ProviderUnavailable
from ai.providers.failures import failure, short, unreachable
from ai.providers.google_cloud import Access, client, codes

NAME = "google-voice"
LANGUAGES = {"en": "en-US", "de": "de-DE", "es": "es-ES", "fr": "fr-FR"}
SECONDS = 10.0
LONGEST = 4_000


@dataclass(slots=True)
class GoogleVoice:
    """Reads questions aloud."""

    access: Access
    seconds: float = SECONDS
    name: str = "google"
    media_type: str = "audio/ogg"

    def speak(self, text: str, *, language: str) -> bytes:
        """Return `text` (at most 4,000 characters of it) as Ogg Opus. Raises `ProviderUnavailable`."""
        speech = library()
        voice = client("texttospeech_v1", "TextToSpeechClient", self.access)
        try:
            reply = voice.synthesize_speech(
                input=speech.SynthesisInput(text=text[:LONGEST]),
                voice=speech.VoiceSelectionParams(language_code=LANGUAGES.get(language, language)),
                audio_config=speech.AudioConfig(audio_encoding=speech.AudioEncoding.OGG_OPUS),
                retry=None,
                timeout=self.seconds,
            )
        except codes() as error:
            raise _status(error) from None
        return bytes(reply.audio_content)


@cache
def library() -> Any:
    from google.cloud import texttospeech_v1  # noqa: PLC0415 - an extra

    return texttospeech_v1


def _status(error: Any) -> ProviderUnavailable:
    code = getattr(error, "code", None)
    if code is None:
        return unreachable(NAME, error)
    return failure(NAME, int(code), short(str(error.message)))
