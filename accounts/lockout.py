"""How sign-in is slowed down for one account from one address (django-axes calls these)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from accounts.models import normalise_email

WAIT = "Too many attempts to sign in. Wait 15 minutes, or reset your password."


def account_name(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """Return the address somebody tries to sign in with."""
    given = (credentials or {}).get("username") or (credentials or {}).get("email")
    return normalise_email(str(given or request.POST.get("username", "")))[:254]


def locked_out(request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
    """Answer a locked-out sign-in in the form its client reads."""
    if request.path.startswith("/api/"):
        problem = {
            "type": "about:blank",
            "title": "Too Many Requests",
            "status": 429,
            "detail": WAIT,
        }
        response: HttpResponse = JsonResponse(
            problem, status=429, content_type="application/problem+json"
        )
    else:
        response = render(request, "accounts/locked_out.html", {"detail": WAIT}, status=429)
    response["Retry-After"] = "900"
    return response
