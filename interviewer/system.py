"""Shows how the product does: `/health` for anybody, and the System page of the admin."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user
from django.contrib.auth.decorators import permission_required
from django.contrib.sessions.backends.base import SessionBase
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import User
from interviewer.health import Parts, all_parts, doubtful_settings, overall
from interviewer.probing import within_limit
from interviewer.problems import problem_page
from interviews.services.recovering import all_provider_states

logger = logging.getLogger(__name__)
MAY_VIEW = "interviews.view_system"
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def health(request: HttpRequest) -> HttpResponse:
    """Report each part in a word, and why to those who may see the system; 503 while the database is down.

    It passes no gate: neither a place to work, nor a session, nor a throttle.
    """
    if request.method not in {"GET", "HEAD"}:
        response: HttpResponse = problem_page(405, _("Use GET."))
        response["Allow"] = "GET, HEAD"
        return response
    parts = all_parts()
    body = report(parts)
    if body["database"] == "ok" and may_know(request):
        body["why"] = reasons(parts, request)
    return JsonResponse(body, status=503 if body["status"] == "down" else 200, headers=HEADERS)


def report(parts: Parts) -> dict[str, Any]:
    states = {name: part.state for name, part in parts.items()}
    return {"status": overall(parts), "version": settings.VERSION, **states}


def reasons(parts: Parts, request: HttpRequest) -> dict[str, list[str]]:
    why = {name: list(part.why) for name, part in parts.items()}
    return {**why, "settings": doubtful_settings(request.META)}


def may_know(request: HttpRequest) -> bool:
    """Tell whether the sender has the permission, by session or by token; a sender of neither costs no query."""
    if not (session_key(request) or request.META.get("HTTP_AUTHORIZATION")):
        return False
    try:
        return within_limit(lambda: _has_permission(request))
    except (APIException, DatabaseError, TimeoutError, ValueError):
        return False


def _has_permission(request: HttpRequest) -> bool:
    user = _of_token(request) or _of_session(request)
    return user is not None and user.is_active and user.has_perm(MAY_VIEW)


def session_key(request: HttpRequest) -> str:
    return request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")


def _of_token(request: HttpRequest) -> User | None:
    user = Request(request, authenticators=APIView().get_authenticators()).user
    return user if isinstance(user, User) else None


def _of_session(request: HttpRequest) -> User | None:
    store: type[SessionBase] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    request.session = store(session_key(request))
    user = get_user(request)
    return user if isinstance(user, User) else None


@require_safe
@admin.site.admin_view
@permission_required(MAY_VIEW, raise_exception=True)
def system_page(request: HttpRequest) -> HttpResponse:
    """Show operators each part, why it is as it is, and how each provider does."""
    parts = all_parts()
    context = {
        **admin.site.each_context(request),
        "title": _("System"),
        "status": overall(parts),
        "version": settings.VERSION,
        "parts": [(name.replace("_", " "), part) for name, part in parts.items()],
        "doubtful": doubtful_settings(request.META),
        "providers": all_provider_states() if parts["providers"].state != "down" else [],
    }
    return render(request, "admin/system.html", context)
