"""How the providers do that are called over a network."""

from __future__ import annotations

from ai.calling.breaker import ProviderState
from interviews.services.engine import ai_service, question_voice


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
