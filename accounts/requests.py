"""Who is asking."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import User


def user_of(request: HttpRequest | Request) -> User:
    """Return the signed-in user of a request that only signed-in people reach."""
    return cast("User", request.user)
