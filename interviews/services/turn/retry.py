"""When a rating that failed is tried again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from interviews.models import Turn
from interviews.services.recovering import provider_states
from interviews.services.shared import shared_cache

BACKOFF = (
    timedelta(seconds=15),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
)
GAVE_UP = "The rating service could not be reached."
RETRY = ("evaluation", "reason", "needs_person", "attempts", "next_attempt_at")
WAITS = {
    "waits_for_provider": timedelta(minutes=1),
    "waits_for_budget": timedelta(hours=1),
}
HANDLED_KEY, HANDLED_SECONDS = "ai:recovery_handled", 86_400


def waiting_time(flags: Collection[str]) -> timedelta | None:
    """Return how long a rating rests that could not even be asked for; None where it was asked for and failed."""
    return next((wait for flag, wait in WAITS.items() if flag in flags), None)


def postpone_rating(turn: Turn) -> None:
    """Plan another attempt at a rating that failed in a way nobody foresaw, or hand it to a person."""
    with transaction.atomic():
        unrated = Turn.objects.filter(flow=Turn.Flow.CLOSED, evaluation=Turn.Evaluation.PENDING)
        latest = unrated.select_for_update().filter(pk=turn.pk).first()
        if latest is not None:
            plan_retry(latest)
            latest.save(update_fields=RETRY)


def plan_retry(turn: Turn) -> None:
    """Plan the next attempt, or hand the rating to a person once the attempts are used up.

    What could not even be asked for, since a provider is down or money is spent, waits and uses no attempt up.
    """
    if (rest := waiting_time(turn.flags)) is not None:
        turn.attempts, turn.next_attempt_at = 0, timezone.now() + rest
        return
    if turn.attempts >= len(BACKOFF):
        turn.evaluation, turn.reason = Turn.Evaluation.NOT_SCORED, GAVE_UP
        turn.needs_person, turn.next_attempt_at = True, None
        return
    turn.next_attempt_at = timezone.now() + BACKOFF[turn.attempts]


def bring_forward() -> int:
    """Make every rating due that failed before the provider came back; once for each time it comes back."""
    times = [state["recovered_at"] for state in provider_states() if state["recovered_at"]]
    latest = max(times, default=None)
    if latest is None or shared_cache.get(HANDLED_KEY) == latest:
        return 0
    shared_cache.set(HANDLED_KEY, latest, HANDLED_SECONDS)
    waiting = Turn.objects.filter(
        flow=Turn.Flow.CLOSED,
        evaluation=Turn.Evaluation.PENDING,
        next_attempt_at__gt=timezone.now(),
        session__lease_until__isnull=True,
    )
    return waiting.exclude(flags__icontains="waits_for_budget").update(
        next_attempt_at=timezone.now()
    )
