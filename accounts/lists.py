"""Query parameters of the API: pages, orderings and filters, and a refusal for everything else."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.filters import OrderingFilter
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

from accounts.strict import unknown_parameter

LARGEST_PAGE = 100
OF_LISTS = {"page", "page_size", "ordering"}
OF_ALL = {"format"}


class NoSuchPage(NotFound):
    """A page past the end of a list."""

    default_detail = "This list has no such page. Follow “next”, or begin with page 1."
    default_code = "no_such_page"


class Pages(PageNumberPagination):
    """Numbered pages, of a size that the client may choose."""

    page_size_query_param = "page_size"
    max_page_size = LARGEST_PAGE
    last_page_strings = ()

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        try:
            return super().paginate_queryset(queryset, request, view)
        except NotFound as error:
            raise NoSuchPage from error

    def get_page_number(self, request: Request, paginator: Any) -> int:
        return positive(request, self.page_query_param) or 1

    def get_page_size(self, request: Request) -> int | None:
        return positive(request, "page_size", most=LARGEST_PAGE) or self.page_size

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        shape: dict[str, Any] = super().get_paginated_response_schema(schema)
        return shape | {"required": ["count", "next", "previous", "results"]}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": self.page_size}
        return [
            _parameter("page", {"type": "integer", "minimum": 1}, "The number of a page, from 1."),
            _parameter("page_size", size, "How many results a page has."),
        ]


class Orderings(OrderingFilter):
    """Orders a list by known names only; what is equal keeps one order from page to page."""

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> Any:
        given = [n.strip() for n in request.query_params.get(self.ordering_param, "").split(",")]
        known = view.ordering_fields
        if unknown := [name for name in given if name and name.removeprefix("-") not in known]:
            told = _("“%(name)s” is no ordering here. Use one of: %(known)s.")
            values = {"name": unknown[0][:100], "known": ", ".join(known)}
            raise ValidationError({self.ordering_param: [told % values]})
        ordering = super().get_ordering(request, queryset, view)
        return [*ordering, "pk"] if ordering else None

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        one = f"-?({'|'.join(view.ordering_fields)})"
        names = ", ".join(view.ordering_fields)
        told = f"Names by commas, each with a minus for the reverse order: {names}."
        return [
            _parameter("ordering", {"type": "string", "pattern": f"^{one}(,{one})*$"}, told),
        ]


class KnownParameters:
    """Refuses query parameters that a view does not know, or that are sent twice (a mixin for DRF views)."""

    query_parameters: ClassVar[dict[str, set[str]]] = {}
    filterset_class: Any = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if hasattr(self, str(request.method).lower()):
            check_parameters(request, self.known_parameters(request))

    def known_parameters(self, request: Request) -> set[str]:
        action = getattr(self, "action", None) or str(request.method).lower()
        known = OF_ALL | self.query_parameters.get(action, set())
        if action == "list":
            known |= OF_LISTS | set(self.filterset_class.base_filters)
        return known


def check_parameters(request: Request, known: set[str]) -> None:
    """Raise `ValidationError`, naming each parameter that is unknown or sent twice."""
    given = request.query_params
    problems = {name: unknown_parameter(name, known) for name in given if name not in known}
    twice = {n: _("Send this once.") for n in given if n in known and len(given.getlist(n)) > 1}
    if problems | twice:
        raise ValidationError({name: [told] for name, told in (problems | twice).items()})


def positive(request: Request, name: str, *, most: int | None = None) -> int | None:
    """Return a query parameter's whole number from 1; None if it was not sent. Raises `ValidationError`."""
    text = request.query_params.get(name)
    if text is None:
        return None
    is_number = text.isascii() and text.isdigit() and len(text) <= 18  # noqa: PLR2004 - fits into 64 bits
    if is_number and 1 <= int(text) <= (most or int(text)):
        return int(text)
    told = (
        _("Send a whole number from 1 to %(most)s.") if most else _("Send a whole number from 1.")
    )
    raise ValidationError({name: [told % {"most": most} if most else told]})


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema,
    }
