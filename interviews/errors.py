"""What can go wrong in an interview, in a handful of named errors."""

from __future__ import annotations

from typing import Any


class InterviewError(Exception):
    """Base of the domain's errors; its text is for the person who caused it."""


class NotFound(InterviewError):
    """There is no such thing for this person."""


class InvalidInput(InterviewError):
    """A value cannot be used; names the field and the remedy."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class Conflict(InterviewError):
    """The request does not fit the present state, which the reply carries where there is one.

    `kind` tells causes apart: the name of a type of problem.
    """

    def __init__(
        self, message: str, *, state: dict[str, Any] | None = None, kind: str = "conflict"
    ) -> None:
        super().__init__(message)
        self.state = state
        self.kind = kind


class Changed(InterviewError):
    """What somebody wants to change is not what they read: somebody else changed it."""


class NewerDraft(InterviewError):
    """Another device has saved a longer draft, which is told so that nothing is lost."""

    def __init__(self, message: str, *, turn: int, draft: str, revision: str) -> None:
        super().__init__(message)
        self.turn, self.draft, self.revision = turn, draft, revision


class TooLate(Conflict):
    """An answer, or its sound, came after the time for its question was over."""


class KeyReused(InterviewError):
    """The same idempotency key came with another body."""


class StillWorking(InterviewError):
    """Somebody else is working on this session right now; ask again shortly."""

    retry_after = 2


class LeaseLost(InterviewError):
    """Another worker took over; this worker's result must be dropped."""

    retry_after = 2


class Busy(InterviewError):
    """A provider, or the places to call it from, cannot be had right now; ask again shortly. Nothing is lost."""

    retry_after = 5


class SpeechMissing(InterviewError):
    """Audio came in, and no speech provider is configured."""


class NotAudio(InterviewError):
    """What came as audio is no recording that can be read."""


class TooLarge(InterviewError):
    """A recording is over the limit of bytes or seconds."""


class QuotaUsed(InterviewError):
    """There are as many recordings of this question as one may have."""
