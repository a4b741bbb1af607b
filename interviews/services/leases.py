"""A lease with a fence: at most one worker carries a session on, and a stale one is found out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType

from django.conf import settings
from django.utils import timezone

from interviews.models import InterviewSession


@dataclass(slots=True)
class Lease:
    """The right to carry one session on, until it is released or runs out."""

    session_id: int
    owner: str
    fence: int
    is_released: bool = False

    def release(self) -> bool:
        """Give the lease back; False where another worker has taken over."""
        self.is_released = True
        return InterviewSession.objects.release(self.session_id, owner=self.owner, fence=self.fence)

    def __enter__(self) -> Lease:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Release what was not released with a result, so that nobody waits for the lease to run out."""
        if not self.is_released or error is not None:
            self.release()


def claim(session: InterviewSession) -> Lease | None:
    """Take the session's lease; None while somebody else holds it, or where `session` is stale."""
    owner = uuid.uuid4().hex
    until = timezone.now() + timedelta(seconds=settings.TURN_LEASE_SECONDS)
    if not InterviewSession.objects.claim(session, owner=owner, until=until):
        return None
    session.fence += 1
    return Lease(session.pk, owner, session.fence)
