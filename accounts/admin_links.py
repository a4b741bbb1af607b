"""Links of the admin that only those see who may follow them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey
from django.http import HttpRequest


class PermittedLinks:
    """Shows a relation as text to those who may not open its page; Django links it for everybody."""

    def fixed_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what is only to be read; override this in place of `get_readonly_fields`."""
        return super().get_readonly_fields(request, obj)  # type: ignore[misc]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.fixed_fields(request, obj), *self._texts(request, obj).values())

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        texts = self._texts(request, obj)
        return [
            (
                title,
                {**part, "fields": list(dict.fromkeys(texts.get(f, f) for f in part["fields"]))},
            )
            for title, part in super().get_fieldsets(request, obj)  # type: ignore[misc]
        ]

    def _texts(self, request: HttpRequest, obj: Any) -> dict[Any, Callable[[Any], str]]:
        """Return what is shown in place of each relation that is only to be read and leads nowhere."""
        if obj is None:
            return {}
        fixed = self.fixed_fields(request, obj)
        may_change = self.has_change_permission(request, obj)  # type: ignore[attr-defined]
        relations = [field for field in obj._meta.fields if isinstance(field, ForeignKey)]
        return {
            field.name: text_of(field.name, str(field.verbose_name))
            for field in relations
            if (field.name in fixed or not may_change)
            and not opens(request, field.related_model, getattr(obj, field.attname))
        }


def opens(request: HttpRequest, model: Any, pk: Any) -> bool:
    """Tell whether the admin has a page of this row for whoever asks."""
    page = admin.site._registry.get(model)
    if page is None or not page.has_view_or_change_permission(request):
        return False
    return page.get_queryset(request).filter(pk=pk).exists()


@cache
def text_of(name: str, label: str) -> Callable[[Any], str]:
    """Return a column that shows a relation as text; always the same one, since Django compares them."""

    @admin.display(description=label)
    def shown(obj: Any) -> str:
        return str(getattr(obj, name) or "-")

    shown.__name__ = name
    return shown
