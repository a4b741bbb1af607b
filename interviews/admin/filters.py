"""By what sessions are narrowed in the admin."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from interviews.models import Interview, InterviewSession, Turn

Base = admin.SimpleListFilter
NEEDS: dict[str, dict[str, Any]] = {
    "person": {"needs_person": True},
    "pending": {"evaluation": Turn.Evaluation.PENDING},
    "not_scored": {"evaluation": Turn.Evaluation.NOT_SCORED},
}
LATEST = 10
NUMBER = re.compile("[0-9]{1,18}")


class NeedFilter(Base):
    """What is still to be done about a session."""

    title = _("need")
    parameter_name = "need"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("person", _("Needs a person")),
            ("pending", _("A rating is pending")),
            ("not_scored", _("An answer is not scored")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[InterviewSession]
    ) -> QuerySet[InterviewSession]:
        wanted = NEEDS.get(self.value() or "")
        if wanted is None:
            return queryset
        return queryset.filter(Exists(Turn.objects.filter(session=OuterRef("pk"), **wanted)))


class InterviewFilter(Base):
    """One interview: the last ones that sessions were made in, and whichever is asked for, from its own page."""

    title = _("interview")
    parameter_name = "interview"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        sessions = model_admin.get_queryset(request).order_by()
        latest = sessions.values("interview").annotate(last=Max("pk")).order_by("-last")[:LATEST]
        wanted = self._wanted(request.GET.get(self.parameter_name, ""))
        numbers = [row["interview"] for row in latest] + ([wanted] if wanted else [])
        found = Interview.objects.in_bulk(dict.fromkeys(numbers))
        return [(str(pk), str(found[pk])) for pk in dict.fromkeys(numbers) if pk in found]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[InterviewSession]
    ) -> QuerySet[InterviewSession]:
        return queryset.filter(interview=self._wanted(self.value())) if self.value() else queryset

    @staticmethod
    def _wanted(value: str | None) -> int:
        return int(value) if value and NUMBER.fullmatch(value) else 0
