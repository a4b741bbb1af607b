"""Welcome, and what to say when something goes wrong."""

from __future__ import annotations

import sys

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from interviewer.problem_types import ALL
from interviewer.problems import (
    AWAY,
    BUSY_SECONDS,
    database_busy,
    problem_page,
    wants_problem,
)
from interviewer.proxy_hints import refusal_cause
from interviews.pages.unsent import stale_answer

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
    """Answer 500, or 503 while the database is away: Django calls this while it handles the error."""
    if isinstance(sys.exc_info()[1], AWAY):
        return unavailable(request)
    if wants_problem(request):
        return problem_page(500, "Something broke on our side. What you sent before is safe.")
    return render(request, "500.html", status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    if wants_problem(request):
        return database_busy()
    response = render(request, "503.html", status=503)
    response["Retry-After"] = BUSY_SECONDS
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show an answer again to be sent anew; else say that a form is stale, or what the operator has to set."""
    if wants_problem(request):
        return problem_page(403, _("Load the page again, then send its form."), kind="csrf")
    cause = refusal_cause(request)
    again = None if cause else stale_answer(request)
    return again or render(request, "403.html", {"csrf": True, "cause": cause}, status=403)


__all__ = ["bad_request", "forbidden", "not_found", "problems", "server_error", "welcome"]
