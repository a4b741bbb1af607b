"""Speech to text on this machine: Whisper in a worker process of its own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ai.errors import SpeechModelMissing
from ai.providers.base import Transcript
from ai.speech.ear import open_ear
from ai.speech.live import Limits, LiveTranscript
from ai.speech.model_files import is_a_model
from ai.speech.pool import WorkerPool

MISSING = "The speech model is not installed. Fetch it with: python manage.py fetch_models"


class LocalSpeech:
    """Hears with no network and no key. One per process; its worker starts with the first recording.

    `folder` holds Whisper base as `fetch_models` brings it, or another model for faster-whisper.
    """

    name = "local"

    def __init__(
        self,
        folder: Path,
        *,
        threads: int = 1,
        workers: int = 1,
        queue_size: int = 8,
        limits: Limits | None = None,
    ) -> None:
        self._folder = folder
        self._limits = limits or Limits()
        set_up = partial(open_ear, folder, threads)
        self._pool = WorkerPool(set_up, workers=workers, queue_size=queue_size)

    @property
    def model(self) -> str:
        """Return the model's name as it is kept beside transcripts."""
        return f"{self._folder.name}-int8"

    @property
    def waiting(self) -> int:
        """Return how many pieces of recordings wait for a worker."""
        return self._pool.waiting

    @property
    def processes(self) -> list[int]:
        """Return the ids of the worker processes that run."""
        return self._pool.processes

    @property
    def installed(self) -> bool:
        """Tell whether the model files are there."""
        return is_a_model(self._folder)

    def listen(self, audio: bytes, *, language: str, phrases: Sequence[str] = ()) -> Transcript:
        """Return what was said in a whole recording.

        Raises `SpeechModelMissing`, `AudioUnreadable`, `AudioTooLong`, and `ProviderUnavailable` when busy.
        """
        return self.live(language=language, phrases=phrases).finish(audio)

    def live(self, *, language: str, phrases: Sequence[str] = ()) -> LiveTranscript:
        """Begin the transcript of a recording that is still being made. Raises `SpeechModelMissing`."""
        self.warm_up()
        return LiveTranscript(self._pool, language=language, phrases=phrases, limits=self._limits)

    def warm_up(self) -> None:
        """Start the worker, which loads the model in about 2 s. Raises `SpeechModelMissing`."""
        if not self.installed:
            raise SpeechModelMissing(MISSING)
        self._pool.start()

    def close(self) -> None:
        """End the worker; recordings under way break off."""
        self._pool.close()
