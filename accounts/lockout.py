"""How sign-in is slowed down for one account from one address (django-axes calls these)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User, normalise_email
from accounts.waits import too_many, wait_words

LOCKED_OUT = ("/api/problems#locked-out", gettext_lazy("Too many failed sign-ins"))
THROTTLED = ("/api/problems#throttled", gettext_lazy("Too many requests"))


def account_name(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """Return the address somebody tries to sign in with."""
    given = (credentials or {}).get("username") or (credentials or {}).get("email")
    return normalise_email(str(given or request.POST.get("username", "")))[:254]


def forgive(user: User) -> None:
    """Forget the failed sign-ins of somebody who has a new password, so that it works at once."""
    reset(username=user.email)


def locked_out(
    request: HttpRequest, _response: object = None, credentials: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Answer a locked-out sign-in in the form its client reads, with the time that is left."""
    if seconds := getattr(request, "sign_in_wait", 0):
        return refusal(request, seconds, too_many(seconds))
    seconds = seconds_left(request, credentials)
    words = _("Too many attempts to sign in. Wait %(time)s, or reset your password.")
    return refusal(request, seconds, words % {"time": wait_words(seconds)}, offer_reset=True)


def seconds_left(request: HttpRequest, credentials: Mapping[str, Any] | None) -> int:
    """Return how long this account stays locked for this client: it counts from the last failure."""
    ip_address = getattr(request, "axes_ip_address", None)
    failures = AccessAttempt.objects.filter(
        username=account_name(request, credentials), ip_address=ip_address
    )
    last = failures.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    passed = timezone.now() - last if last else timedelta(0)
    return max(1, math.ceil((settings.AXES_COOLOFF_TIME - passed).total_seconds()))


def refusal(
    request: HttpRequest, seconds: int, detail: str, *, offer_reset: bool = False
) -> HttpResponse:
    """Return a 429 that says how long to wait."""
    headers = {"Retry-After": str(seconds)}
    if not request.path.startswith("/api/"):
        context = {"detail": detail, "offer_reset": offer_reset}
        page = render_to_string("accounts/locked_out.html", context, request)
        return HttpResponse(page, status=429, headers=headers)
    name, title = LOCKED_OUT if offer_reset else THROTTLED
    problem = {"type": name, "title": title, "status": 429, "detail": detail}
    kind = "application/problem+json"
    return JsonResponse(problem, status=429, content_type=kind, headers=headers)
