"""By what a list of interviews can be narrowed."""

from __future__ import annotations

from typing import Any

from django_filters import rest_framework as filters

from interviews.models import Interview


class InterviewFilters(filters.FilterSet):  # type: ignore[misc]
    """One's own interviews; with `assigned=me` those that one is asked to answer instead."""

    assigned = filters.ChoiceFilter(
        choices=[("me", "me")],
        method="as_they_are",
        help_text="`me`: the interviews that were assigned to you, instead of those you own.",
    )

    class Meta:
        model = Interview
        fields = ["status", "mode", "interview_type", "difficulty", "language"]

    def as_they_are(self, interviews: Any, _name: str, _value: str) -> Any:
        """Leave it to the view's queryset, which is the authorisation."""
        return interviews
