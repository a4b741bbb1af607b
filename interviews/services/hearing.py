"""Turns recordings into transcripts, while they grow and at their end; the errors of `ai` become the domain's."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from accounts.models import User
from ai import errors
from ai.delivery import long_pauses
from ai.masking import keep_private
from ai.providers.base import GrowingTranscript, SpeechToText, Transcript
from interviews.errors import Busy, InvalidInput, NotAudio, SpeechMissing, TooLarge
from interviews.models import Recording
from interviews.models.choices import Language
from interviews.services.engine import ai_service, no_connection_held
from interviews.services.recordings import check_magic, keep_recording, stored_bytes
from interviews.services.spending import metered_work
from interviews.services.states import Shape

UNSURE = 0.6
UNSURE_WORD = 0.4
NOTHING_HEARD = (
    "Nothing could be heard. Check the microphone and say it again, or type your answer."
)
NO_SPEECH = "No speech provider is configured. Send the answer as response_text."
MOST_EARS = 256


class Ears:
    """The transcripts that follow recordings in this process, the last used ones. Threads may share it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, GrowingTranscript] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, pk: int) -> GrowingTranscript | None:
        with self._lock:
            if pk in self._kept:
                self._kept.move_to_end(pk)
            return self._kept.get(pk)

    def keep(self, pk: int, transcript: GrowingTranscript) -> GrowingTranscript:
        """Return the transcript of a recording: this one if there is no other; the oldest of many is given up."""
        with self._lock:
            kept = self._kept.setdefault(pk, transcript)
            while len(self._kept) > MOST_EARS:
                self._kept.popitem(last=False)
            return kept

    def forget(self, pk: int) -> None:
        with self._lock:
            self._kept.pop(pk, None)


_ears = Ears()


def voice_shape() -> Shape:
    """Tell whether answers may be spoken, in which languages, and otherwise why not."""
    speech = ai_service().speech
    why = "" if speech else "Speaking is switched off here, so answers are typed."
    if speech is not None and not getattr(speech, "installed", True):
        why = "The speech model is not installed here, so answers are typed."
    return {
        "available": not why,
        "why": why,
        "languages": Language.values,
        "max_seconds": settings.MAX_RECORDING_SECONDS,
    }


def speech_or_none() -> SpeechToText | None:
    """Return the speech provider, or None where answers cannot be spoken."""
    return ai_service().speech if voice_shape()["available"] else None


@contextmanager
def _domain_errors() -> Iterator[None]:
    """Raise the domain's errors in place of the providers'."""
    try:
        yield
    except errors.AudioUnreadable as error:
        raise NotAudio(str(error)) from error
    except errors.AudioTooLong as error:
        raise TooLarge(str(error)) from error
    except errors.NoSpeechProvider as error:
        raise SpeechMissing(f"{error} {NO_SPEECH}") from error
    except errors.ProviderUnavailable as error:
        raise Busy(str(error)) from error


def hear_so_far(recording: Recording) -> str:
    """Return what can be heard of a growing recording; slow, so call it where waiting is allowed.

    Raises `TooLarge`, `SpeechMissing` and `Busy`.
    """
    with _domain_errors():
        return _ear(recording).feed(stored_bytes(recording))


def hear(recording: Recording) -> Shape:
    """Return the transcript of a whole recording and keep it beside the sound; a second call costs nothing.

    Raises `NotAudio`, `TooLarge`, `SpeechMissing` and `Busy`; the recording stays.
    """
    if recording.transcript is None:
        session = recording.turn.session
        with metered_work(session), _domain_errors(), no_connection_held():
            heard = _ear(recording).finish(stored_bytes(recording))
        recording.keep_transcript(transcript_shape(heard))
    _ears.forget(recording.pk)
    return recording_shape(recording)


def transcribe(*, user: User, token: str, turn: int, audio: bytes) -> Shape:
    """Keep a recording of the candidate's open turn and return its transcript, to confirm or to correct.

    Raises `NotFound`, `Conflict`, `NotAudio`, `TooLarge`, `QuotaUsed`, `SpeechMissing` and `Busy`.
    """
    if speech_or_none() is None:
        raise SpeechMissing(NO_SPEECH)
    return hear(keep_recording(user=user, token=token, turn=turn, audio=audio))


def try_voice(*, audio: bytes, language: str) -> Shape:
    """Return the transcript of a recording that is not kept: for trying out the microphone. Raises as `transcribe`."""
    if speech_or_none() is None:
        raise SpeechMissing(voice_shape()["why"])
    if language not in Language.values:
        raise InvalidInput("language", f"Use one of: {', '.join(Language.values)}.")
    check_magic(audio)
    with metered_work(), _domain_errors(), no_connection_held():
        heard = ai_service().transcribe_audio_data(audio, language=language)
    return transcript_shape(heard)


def _ear(recording: Recording) -> GrowingTranscript:
    """Return the transcript that follows a recording in this process: one for all threads."""
    return _ears.get(recording.pk) or _ears.keep(recording.pk, _begin(recording))


def _begin(recording: Recording) -> GrowingTranscript:
    speech = ai_service().speech
    if speech is None:
        raise errors.NoSpeechProvider("No speech provider is configured.")
    language = recording.turn.session.interview.language
    return speech.live(language=language, phrases=recording.turn.question.terms)


def transcript_shape(heard: Transcript) -> dict[str, Any]:
    """Return a transcript as clients get it and rows keep it."""
    keep_private(heard.text)
    pauses = long_pauses(heard.speech)
    return {
        "text": heard.text,
        "confidence": round(heard.confidence, 3),
        "low_confidence": bool(heard.text) and heard.confidence < UNSURE,
        "nothing_heard": heard.nothing_heard,
        "unsure_words": [word.text for word in heard.words if word.confidence < UNSURE_WORD],
        "language": heard.language,
        "duration_seconds": round(heard.duration_seconds, 2),
        "pauses": pauses.count if pauses else None,
        "pause_seconds": round(pauses.seconds, 1) if pauses else None,
    }


def recording_shape(recording: Recording) -> Shape:
    """Return a recording's name and its transcript."""
    return {"recording": recording.key, **(recording.transcript or {})}
