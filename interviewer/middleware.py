"""Answers about health at once, and lets only a few other requests work at a time."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from interviewer.system import health
from interviews.services.slots import work_slot

HEALTH_PATHS = frozenset({"/health", "/health/"})


class HealthMiddleware:
    """Answers `/health` before anything that could be busy or broken."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_health = request.path_info in HEALTH_PATHS
        return health(request) if is_health else self.get_response(request)


class WorkSlotMiddleware:
    """Takes a place for each request but the health check; a service gives it back while a provider is at work."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in HEALTH_PATHS:
            return self.get_response(request)
        with work_slot():
            return self.get_response(request)
