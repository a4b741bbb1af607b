"""What waits for a provider or for money, and how it goes on once that is back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.utils import timezone

from ai.calling.breaker import ProviderState
from interviews.models import Turn
from interviews.services.engine import ai_service, question_voice
from interviews.services.shared import shared_cache

WAITS = {
    "waits_for_provider": timedelta(minutes=1),
    "waits_for_budget": timedelta(hours=1),
}
HANDLED_KEY, HANDLED_SECONDS = "ai:recovery_handled", 86_400


def waiting_time(flags: Collection[str]) -> timedelta | None:
    """Return how long a rating rests that could not even be asked for; None where it was asked for and failed."""
    return next((wait for flag, wait in WAITS.items() if flag in flags), None)


def provider_states() -> list[ProviderState]:
    """Return how each provider does that is called over a network; what runs on this machine has no state."""
    service = ai_service()
    return [*states_of(service.model), *states_of(service.speech)]


def all_provider_states() -> list[ProviderState]:
    """Return also how the voice does that reads questions; no rating waits for that one."""
    return [*provider_states(), *states_of(question_voice())]


def states_of(provider: object) -> list[ProviderState]:
    states = getattr(provider, "states", None)
    return list(states()) if states else []


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
