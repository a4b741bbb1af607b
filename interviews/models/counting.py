"""Counts of what belongs to a row."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce


def number_of(rows: QuerySet[Any, Any], key: str) -> Coalesce:
    """Return an expression: how many of `rows` point by `key` at a row of the outer query.

    Only rows that are fetched get counted, so that one page of a long list costs one page. A join counts all of them.
    """
    own = rows.filter(**{key: OuterRef("pk")}).order_by().values(key)
    counted = own.annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())
