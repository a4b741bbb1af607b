"""Reads aloud on this machine with espeak-ng, a program of its own that speaks through a pipe."""

from __future__ import annotations

import shutil
import subprocess

from ai.errors import ProviderUnavailable

VOICES = {"en": "en-gb", "de": "de", "es": "es", "fr": "fr"}
WORDS_PER_MINUTE = "150"
TIMEOUT = 20.0
LONGEST = 2000


class LocalVoice:
    """A `TextToSpeech` that needs no network. It sounds like a machine, and says every word clearly."""

    name = "espeak-ng"
    media_type = "audio/wav"

    @staticmethod
    def installed() -> bool:
        """Tell whether the program is there."""
        return shutil.which("espeak-ng") is not None

    def speak(self, text: str, *, language: str) -> bytes:
        """Return `text` (its first 2,000 characters) as WAV. Raises `ProviderUnavailable`."""
        program = shutil.which("espeak-ng")
        if program is None:
            raise ProviderUnavailable("espeak-ng is not installed.")
        voice = VOICES.get(language, language)
        command = [program, "-v", voice, "-s", WORDS_PER_MINUTE, "--stdin", "--stdout"]
        try:
            spoken = subprocess.run(  # noqa: S603 - a fixed program; the text goes through its input
                command,
                input=text[:LONGEST].encode("utf-8", "replace"),
                capture_output=True,
                timeout=TIMEOUT,
                check=True,
            )
        except (subprocess.SubprocessError, OSError) as error:
            raise ProviderUnavailable("The voice could not be made.") from error
        return spoken.stdout
