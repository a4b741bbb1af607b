"""JSON that means what it says: a number is no text, and a text is no yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from rest_framework import serializers

TYPES: tuple[tuple[type[Any], type[Any], str], ...] = (
    (serializers.BooleanField, bool, "Send true or false."),
    (serializers.IntegerField, int, "Send a whole number."),
    (serializers.CharField, str, "Send a text, in quotes."),
    (serializers.ChoiceField, str, "Send a text, in quotes."),
)


class StrictTypes:
    """Refuses values of another JSON type, which DRF would convert; forms only know text and are left alone."""

    fields: Any

    def to_internal_value(self, data: Any) -> Any:
        problems = self._problems(data) if isinstance(data, Mapping) else {}
        if problems and not isinstance(data, QueryDict):
            raise serializers.ValidationError(problems)
        return super().to_internal_value(data)  # type: ignore[misc]

    def _problems(self, data: Mapping[str, Any]) -> dict[str, list[str]]:
        found = {name: type_problem(f, data.get(name)) for name, f in self.fields.items()}
        return {
            name: [told] for name, told in found.items() if told and not self.fields[name].read_only
        }


def type_problem(field: Any, value: Any) -> str:
    """Say what type a field wants, where `value` has another one; an absent value is another matter."""
    for kind, wanted, told in TYPES:
        if isinstance(field, kind):
            fits = value is None or type(value) is wanted
            return "" if fits else told
    return ""
