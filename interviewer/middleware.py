"""What holds for every request: health comes first, only a few others work at once, and what replies may hold."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPMethod

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control

from interviewer.problem_types import type_of
from interviewer.problems import is_api, problem_page
from interviewer.system import health
from interviews.services.slots import work_slot

HEALTH_PATHS = frozenset({"/health", "/health/"})
Respond = Callable[[HttpRequest], HttpResponseBase]
SAME_FOR_ALL = ("/api/schema", "/api/docs", "/api/problems")


class HealthMiddleware:
    """Answers `/health` before anything that could be busy or broken."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_health = request.path_info in HEALTH_PATHS
        return health(request) if is_health else self.get_response(request)


class WorkSlotMiddleware:
    """Takes a place for each request but the health check; a service gives it back while a provider is at work."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info in HEALTH_PATHS:
            return self.get_response(request)
        with work_slot():
            return self.get_response(request)


class HeadMiddleware:
    """Answers HEAD with the headers of GET and no body: Daphne would send all but the first 64 KB."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == HTTPMethod.HEAD:
            _empty(response)
        return response


def _empty(response: HttpResponseBase) -> None:
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()
    elif isinstance(response, HttpResponse):
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""


class NoStoreMiddleware:
    """Keeps whatever a signed-in person is shown out of every cache."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if _is_personal(request, response):
            patch_cache_control(response, private=True, no_store=True)
        return response


def _is_personal(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Tell whether a reply may depend on who asked; reading the session for that would cost a query."""
    if "Authorization" in request.headers or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return True
    if request.path.startswith("/api/"):
        return not request.path.startswith(SAME_FOR_ALL)
    return settings.SESSION_COOKIE_NAME in response.cookies


class ProblemMiddleware:
    """Turns what Django itself refuses under /api and /health (a method, a host) into problem JSON."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_error = response.status_code >= 400  # noqa: PLR2004 - every 4xx and 5xx
        is_told = "json" in response.get("Content-Type", "")
        if is_error and not is_told and is_api(request) and isinstance(response, HttpResponse):
            _tell(response)
        return response


def _tell(response: HttpResponse) -> None:
    """Put a problem into a reply, which keeps its other headers."""
    known = type_of(response.status_code)
    detail = str(known.remedy) if known else response.reason_phrase
    page = problem_page(response.status_code, detail)
    response.content = page.content
    response["Content-Type"] = page["Content-Type"]
    response["Content-Length"] = str(len(page.content))
