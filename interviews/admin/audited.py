"""Writes what is done in the admin into the trail: who, what, and which fields, never what stands in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model, QuerySet
from django.forms.models import model_to_dict
from django.http import HttpRequest

from accounts.requests import user_of
from interviews.models import AuditEvent


class Audited:
    """Audits what a `ModelAdmin` adds, changes and deletes, and the actions in `audited_actions`."""

    audited_actions: tuple[str, ...] = ()
    audits_deletions = True  # False if the service that deletes does it

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        """Name the fields as the model does; Django's own names them by their labels."""
        own: list[dict[str, Any]] = [{"added": {}}] if add else []
        if form.changed_data and not add:
            own = [{"changed": {"fields": form.changed_data}}]
        return [*own, *(change for formset in formsets or () for change in _changes(formset))]

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        _record("added", [obj], request, _told(message))
        return super().log_addition(request, obj, message)  # type: ignore[misc]

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        if message:
            _record("edited", [obj], request, _told(message))
        return super().log_change(request, obj, message)  # type: ignore[misc]

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        if self.audits_deletions:
            _record("deleted", queryset, request)
        return super().log_deletions(request, queryset)  # type: ignore[misc]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)  # type: ignore[misc]
        for name in actions.keys() & set(self.audited_actions):
            act, *about = actions[name]
            actions[name] = (_recorded(name, act), *about)
        return actions


def _recorded(name: str, act: Callable[..., Any]) -> Callable[..., Any]:
    """Return an action that is recorded for every row that it changed; others it had no right to change."""

    def run(model_admin: Any, request: HttpRequest, chosen: QuerySet[Any]) -> Any:
        rows = list(chosen)
        before = [model_to_dict(row) for row in rows]
        done = act(model_admin, request, chosen)
        now = type(rows[0])._base_manager.in_bulk([row.pk for row in rows]) if rows else {}
        changed = [
            row
            for row, old in zip(rows, before, strict=True)
            if row.pk not in now or model_to_dict(now[row.pk]) != old
        ]
        _record(name, changed, request)
        return done

    return run


def _record(deed: str, rows: Iterable[Model], request: HttpRequest, detail: str = "") -> None:
    rows = list(rows)
    if rows:
        action = f"{rows[0]._meta.model_name}.{deed}"
        AuditEvent.objects.record_all(action, rows, actor=user_of(request), detail=detail)


def _changes(formset: Any) -> Iterable[dict[str, Any]]:
    name = str(formset.model._meta.verbose_name)
    for new in formset.new_objects:
        yield {"added": {"name": name, "object": str(new)}}
    for changed, fields in formset.changed_objects:
        yield {"changed": {"name": name, "object": str(changed), "fields": fields}}
    for gone in formset.deleted_objects:
        yield {"deleted": {"name": name, "object": str(gone)}}


def _told(message: Any) -> str:
    """Return a change in words: which fields, and of which kind of row; no content."""
    if isinstance(message, str):
        return message
    parts = [
        " ".join([about.get("name", ""), kind, ", ".join(about.get("fields", []))]).strip()
        for change in message
        for kind, about in change.items()
        if kind != "added" or about
    ]
    return "; ".join(parts)
