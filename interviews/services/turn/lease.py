"""A lease with a fence: at most one worker carries a session on, and a stale one is found out."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType

from django.utils import timezone

from interviews.models import AnotherAnswer, InterviewSession, Turn
from interviews.services.loaded_session import LoadedSession
from interviews.services.processes import dead_processes, process_name
from interviews.services.turn.renewal import lease_end, renewal


@dataclass(slots=True, weakref_slot=True, eq=False)
class Lease:
    """The right to carry one session on, renewed until it is released; it runs out when its process ends."""

    session_id: int
    owner: str
    fence: int
    is_released: bool = False

    def renew(self, until: datetime) -> bool:
        """Hold on to the lease until then; False if another worker has taken over."""
        return InterviewSession.objects.renew(
            self.session_id, owner=self.owner, fence=self.fence, until=until
        )

    def release(self) -> bool:
        """Give the lease back; False where another worker has taken over."""
        self.is_released = True
        renewal.end(self)
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


@dataclass(slots=True, weakref_slot=True, eq=False)
class RatingAttempt:
    """The right to store the rating of a closed turn; its number is the fence, the time of the next attempt its end."""

    turn_id: int
    number: int

    def renew(self, until: datetime) -> bool:
        """Keep others from trying until then; False if somebody has tried since, or it is rated."""
        mine = Turn.objects.rated_by(self.number).filter(pk=self.turn_id)
        return bool(mine.update(next_attempt_at=until))

    def __enter__(self) -> RatingAttempt:
        renewal.begin(self)
        return self

    def __exit__(self, *_error: object) -> None:
        renewal.end(self)


@dataclass(slots=True, weakref_slot=True, eq=False)
class AgainAttempt:
    """The right to rate one answer, renewed while its worker is at it."""

    pk: int

    @classmethod
    def take(cls, pk: int) -> AgainAttempt | None:
        """Take the right; None while somebody else has it."""
        now = timezone.now()
        is_mine = AnotherAnswer.objects.take(pk, now=now, until=lease_end())
        return cls(pk) if is_mine else None

    def renew(self, until: datetime) -> bool:
        return bool(AnotherAnswer.objects.unrated().filter(pk=self.pk).update(rated_until=until))

    def __enter__(self) -> AgainAttempt:
        renewal.begin(self)
        return self

    def __exit__(self, *_error: object) -> None:
        """Let go, so that what is not rated can be tried again at once."""
        renewal.end(self)
        AnotherAnswer.objects.unrated().filter(pk=self.pk).update(rated_until=None)


def claim(loaded: LoadedSession) -> Lease | None:
    """Take the session's lease; None while somebody else holds it, or if what was loaded is stale."""
    session = loaded.session
    owner = f"{process_name()}:{secrets.token_hex(10)}"
    if not InterviewSession.objects.claim(session, owner=owner, until=lease_end()):
        return None
    session.fence += 1
    lease = Lease(session.pk, owner, session.fence)
    renewal.begin(lease)
    return lease


def give_back_leases() -> int:
    """Give back what the dead processes of this machine held, and return how many leases that were.

    Whatever a living process holds, or one on another machine, stays as it is and runs out by itself.
    """
    return sum(
        InterviewSession.objects.held_by(process).give_back() for process in dead_processes()
    )
