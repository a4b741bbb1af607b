"""Lets only a few requests work at once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from interviews.services.slots import work_slot

HEALTH = "/health"


class WorkSlotMiddleware:
    """Takes a place for each request but the health check; a service gives it back while a provider is at work."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.rstrip("/") == HEALTH:
            return self.get_response(request)
        with work_slot():
            return self.get_response(request)
