"""What language models cost, and how they do, in the admin."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.admin_links import PermittedLinks
from accounts.requests import user_of
from ai.calling.breaker import ProviderState
from interviews.admin.read_only import ReadOnly
from interviews.models import Spending
from interviews.services.recovering import provider_states
from interviews.services.spending import budget_state

MICROS = 1_000_000


@admin.register(Spending)
class SpendingAdmin(PermittedLinks, ReadOnly, admin.ModelAdmin[Spending]):
    """Each piece of work with its cost; above them the state of every model."""

    list_display = ("created_at", "session", "calls", "input_tokens", "output_tokens", "cost")
    list_select_related = ("session",)
    date_hierarchy = "created_at"
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Spending]:
        return Spending.objects.visible_to(user_of(request))

    @admin.display(description="cost", ordering="micros")
    def cost(self, spending: Spending) -> str:
        return amount(spending.micros)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {
            "provider_states": [with_time(state) for state in provider_states()],
            "budget": budget_state(),
            "spent_today": amount(Spending.objects.today().micros()),
            "cap_per_day": amount(settings.AI.cap_per_day),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)


def amount(micros: int | None) -> str:
    return "none" if micros is None else f"{micros / MICROS:.4f}"


def with_time(state: ProviderState) -> dict[str, Any]:
    at = state["last_error_at"]
    return {**state, "last_error_at": datetime.fromtimestamp(at, UTC) if at else None}
