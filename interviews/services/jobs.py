"""What the loop that catches up does in each round, in this order."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from accounts.sweeping import sweep_now_and_then
from interviews.models import PracticeReminder, SocketTicket
from interviews.services.recording_files import remove_forgotten
from interviews.services.reminders import plans_to_remind, remind
from interviews.services.summaries import describe, undescribed_sessions
from interviews.services.supervisor import LIMIT, Job, Supervisor
from interviews.services.turn.catch_up import (
    abandon,
    carry_on_from,
    expire,
    idle_sessions,
    interrupted_turns,
    overdue_turns,
    rate,
    unrated_turns,
)
from interviews.services.turn.lease import give_back_leases
from interviews.services.turn.retry import bring_forward, postpone_rating

PATIENCE = timedelta(seconds=2)
JOBS: tuple[Job, ...] = (
    Job("leases", give_back_leases),
    Job("recovered", bring_forward),
    Job("expired", expire, lambda _patience: overdue_turns()),
    Job("carried_on", carry_on_from, interrupted_turns),
    Job("rated", rate, lambda _patience: unrated_turns(), postpone=postpone_rating),
    Job("described", describe, lambda _patience: undescribed_sessions()),
    Job("abandoned", abandon, lambda _patience: idle_sessions()),
    Job("tickets", SocketTicket.forget_old),
    Job("recordings", remove_forgotten),
    Job("reminded", remind, lambda _patience: plans_to_remind()),
    Job("decisions", PracticeReminder.forget_old),
    Job("swept", sweep_now_and_then),
)


def catch_up(*, limit: int = LIMIT, patience: timedelta = timedelta(0)) -> Counter[str]:
    """Do one round over all sessions, at most `limit` items of each job; returns how much each job did.

    An answer younger than `patience` is left to the request that took it: that carries on from it right now.
    """
    return Supervisor(JOBS, limit=limit, patience=patience).run()
