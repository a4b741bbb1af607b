"""What no database can hold, or no number column, is the sender's mistake: 400, in the one place for all of it."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import BadRequest
from django.core.handlers.exception import response_for_exception
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.text import is_storable

CLEANED_LATER = frozenset({"response_text", "text"})
TOO_MUCH = (DataError, OverflowError, UnicodeEncodeError)


class OddInputMiddleware:
    """Refuses NUL and lone surrogates in a request's address, cookies and fields, and values that no column holds.

    The API's own bodies are left to its serializers, and a candidate's words to the field that cleans them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _check([request.path, *_values(request.GET), *request.COOKIES.items()])
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if request.method == "POST" and not request.path.startswith("/api/"):
            _check(_values(request.POST))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer what only the database found out: a number or a text that does not fit its column."""
        if not isinstance(error, TOO_MUCH) and not _is_odd_lookup(request, error):
            return None
        return response_for_exception(request, BadRequest(str(error)))


def _is_odd_lookup(request: HttpRequest, error: Exception) -> bool:
    """Tell whether Django's ORM could not read a value in the admin, whose addresses and forms name lookups and keys.

    The admin checks neither the keys of an action or a choice, nor the year of a date.
    """
    if not isinstance(error, ValueError) or not request.path.startswith(reverse("admin:index")):
        return False
    *_callers, (raised_in, _line) = traceback.walk_tb(error.__traceback__)
    return str(raised_in.f_globals.get("__name__", "")).startswith("django.db.")


def _values(fields: Any) -> Iterable[Any]:
    return ((name, values) for name, values in fields.lists() if name not in CLEANED_LATER)


def _check(values: Iterable[Any]) -> None:
    if not is_storable(list(values)):
        raise BadRequest("A value holds characters that cannot be stored.")
