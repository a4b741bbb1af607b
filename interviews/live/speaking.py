"""The microphone's side of a socket: chunks in, acknowledgements and transcripts out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interviews import errors
from interviews.database import in_database
from interviews.live import messages
from interviews.models import Recording
from interviews.services.hearing import hear, hear_so_far, speech_or_none, voice_shape
from interviews.services.recordings import Chunks, append_chunks, begin_recording
from interviews.services.streaming import in_pool

if TYPE_CHECKING:
    from interviews.live.consumer import InterviewConsumer

LISTEN_EVERY = 3


class Microphone:
    """Stores what is said before it acknowledges it, and listens behind the speaker."""

    def __init__(self, socket: InterviewConsumer) -> None:
        self.socket = socket
        self.recording: Recording | None = None
        self.heard_chunks = 0
        self.is_listening = False
        self.partial = ""

    def about(self, frame: bytes | None) -> dict[str, str]:
        """Name the recording that a refused frame belonged to."""
        return {"recording": self.recording.key} if frame and self.recording else {}

    async def start(self, message: messages.AudioStart) -> None:
        """Begin a recording, or go on with one where the connection was lost."""
        if speech_or_none() is None:
            raise errors.SpeechMissing(voice_shape()["why"])
        recording = await in_database(
            begin_recording,
            user=self.socket.user,
            token=self.socket.token,
            turn=message.turn,
            key=message.recording,
        )
        self.recording, self.heard_chunks, self.partial = recording, recording.chunks, ""
        await self._acknowledge(recording)

    async def append(self, chunks: Chunks) -> None:
        """Keep chunks durably; the acknowledgement says how many are there, and so where to send on from."""
        if self.recording is None:
            raise errors.InvalidInput("recording", "Send audio.start before any sound.")
        await in_database(append_chunks, self.recording, chunks)
        await self._acknowledge(self.recording)
        if not self.is_listening and self.recording.chunks >= self.heard_chunks + LISTEN_EVERY:
            self.is_listening = True
            self.socket.spawn(self._listen(self.recording))

    async def _listen(self, recording: Recording) -> None:
        self.heard_chunks = recording.chunks
        try:
            text = await in_pool(hear_so_far, recording)
        except errors.Busy:
            return
        finally:
            self.is_listening = False
        if text != self.partial and self.recording is recording:
            self.partial = text
            event = {"type": "transcript.partial", "recording": recording.key, "text": text}
            await self.socket.tell(event)

    async def stop(self, message: messages.AudioStop) -> None:
        """Transcribe a recording once all its chunks are here; otherwise say how many there are."""
        recording = self.recording
        if recording is None or recording.key != message.recording:
            raise errors.InvalidInput("recording", "Send audio.start for this recording first.")
        if recording.chunks < message.chunks:
            await self._acknowledge(recording)
            return
        self.socket.spawn(self._finish(recording), recording=recording.key)

    async def _finish(self, recording: Recording) -> None:
        heard = await in_pool(hear, recording)
        await self.socket.tell({"type": "transcript.final", **heard})

    async def _acknowledge(self, recording: Recording) -> None:
        event = {"type": "ack", "of": "audio", "recording": recording.key}
        await self.socket.tell({**event, "chunks": recording.chunks})
