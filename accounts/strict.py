"""JSON that means what it says: known members only, each of its own type and sent once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import serializers

TYPES: tuple[tuple[type[Any], type[Any], str], ...] = (
    (serializers.BooleanField, bool, "Send true or false."),
    (serializers.IntegerField, int, "Send a whole number."),
    (serializers.CharField, str, "Send a text, in quotes."),
    (serializers.ChoiceField, str, "Send a text, in quotes."),
)


class StrictTypes:
    """Refuses unknown members, changed read-only members, and values of another JSON type, which DRF would convert.

    Forms only know text, so their types are left alone. A read-only member may be sent back with its present value.
    """

    fields: Any
    instance: Any

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (problems := self._problems(data)):
            raise serializers.ValidationError(problems)
        return super().to_internal_value(data)  # type: ignore[misc]

    def _problems(self, data: Mapping[str, Any]) -> dict[str, list[str]]:
        found = {name: self._problem(data, name) for name in data}
        return {name: [told] for name, told in found.items() if told}

    def _problem(self, data: Mapping[str, Any], name: str) -> str:
        field = self.fields.get(name)
        if field is None:
            return unknown_member(name, [n for n, f in self.fields.items() if not f.read_only])
        if field.read_only:
            return self._read_only_problem(name, data[name])
        if isinstance(data, QueryDict):
            return _("Send this once.") if len(data.getlist(name)) > 1 else ""
        return type_problem(field, data[name])

    def _read_only_problem(self, name: str, value: Any) -> str:
        if self.instance is not None:
            present = self.to_representation(self.instance)[name]  # type: ignore[attr-defined]
            if type(value) is type(present) and value == present:
                return ""
        return _("This is set by the server. Leave it out.")


def unknown_member(name: str, known: Iterable[str]) -> str:
    """Say that there is no such member, and which one may have been meant."""
    if near := _nearest(name, known):
        return _("There is no such member. Did you mean “%(name)s”?") % {"name": near}
    return _("There is no such member. Leave it out.")


def unknown_parameter(name: str, known: Iterable[str]) -> str:
    """Say that an address takes no such parameter, and which one may have been meant."""
    if near := _nearest(name, known):
        return _("There is no such parameter here. Did you mean “%(name)s”?") % {"name": near}
    return _("There is no such parameter here. Leave it out.")


def _nearest(name: str, known: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(name, known, n=1)), "")


def type_problem(field: Any, value: Any) -> str:
    """Say what type a field wants, where `value` has another one; an absent value is another matter."""
    for kind, wanted, told in TYPES:
        if isinstance(field, kind):
            fits = value is None or type(value) is wanted
            return "" if fits else told
    return ""
