"""Welcome, health, and what to say when something goes wrong."""

from __future__ import annotations

from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from interviewer.outages import redis_outage
from interviewer.problem_types import ALL
from interviewer.problems import problem_page, wants_problem
from interviewer.proxy_hints import refusal_cause
from interviews.services.engine import ai_service
from interviews.services.hearing import voice_shape
from interviews.services.recovering import provider_states
from interviews.services.spending import budget_state

CALLS = {
    "docs": "/api/docs",
    "schema": "/api/schema",
    "register": "/api/auth/register/",
    "interviews": "/api/interviews/",
    "health": "/health",
}


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """Greet a browser with a page, a client with JSON, and a signed-in person with their dashboard."""
    if not wants_html(request):
        return JsonResponse({"name": "interviewer", "version": settings.VERSION, "links": CALLS})
    return (
        redirect("dashboard") if request.user.is_authenticated else render(request, "welcome.html")
    )


def wants_html(request: HttpRequest) -> bool:
    return "text/html" in request.headers.get("Accept", "")


@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """Report the database, the channel layer and the providers; 503 while the database is down."""
    checks = {"database": database_state(), "channel_layer": channel_layer_state()}
    is_up = checks["database"] == "ok"
    whole = "ok" if checks["channel_layer"] == "ok" else "degraded"
    body: dict[str, Any] = {
        "status": whole if is_up else "unavailable",
        "version": settings.VERSION,
        **checks,
        "providers": {"ai": ai_service().model.name, "speech": speech_state()},
        "models": provider_states(),
        "budget": budget_state(),
    }
    return JsonResponse(body, status=200 if is_up else 503)


def speech_state() -> str:
    """Name the speech provider, or say why answers cannot be spoken."""
    voice = voice_shape()
    return settings.SPEECH_PROVIDER if voice["available"] else voice["why"]


def database_state() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unavailable"
    return "ok"


def channel_layer_state() -> str:
    """Send a message through the layer; with Redis the shared cache must answer, too."""
    layer = get_channel_layer()
    try:
        async_to_sync(layer.group_send)("health", {"type": "health.ping"})
        cache.set("health", "ok", 5)
    except (OSError, RedisError):
        return "unavailable"
    return "unavailable" if redis_outage.is_known else "ok"


@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """List the kinds of problems; each `type` in problem JSON points here."""
    return render(request, "problems.html", {"problems": ALL})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if wants_problem(request):
        return problem_page(404, "There is no such thing here, or it is not yours.")
    return render(request, "404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if wants_problem(request):
        return problem_page(403, "You may not do this.")
    return render(request, "403.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if wants_problem(request):
        return problem_page(400, "This request cannot be read.", kind="unreadable")
    return render(request, "400.html", status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    if wants_problem(request):
        return problem_page(500, "Something broke on our side. What you sent before is safe.")
    return render(request, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form is stale, or, if it is the proxy's fault, what the operator has to set."""
    if wants_problem(request):
        return problem_page(403, _("Load the page again, then send its form."), kind="csrf")
    context = {"csrf": True, "cause": refusal_cause(request)}
    return render(request, "403.html", context, status=403)


__all__ = ["bad_request", "forbidden", "health", "not_found", "problems", "server_error", "welcome"]
