"""Shows every moment in the reader's own time zone."""

from collections.abc import Callable
from datetime import tzinfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User


class TimeZoneMiddleware:
    """Activates the signed-in user's time zone for one request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(time_zone_of(request)):
            return self.get_response(request)


def time_zone_of(request: HttpRequest) -> tzinfo | None:
    if request.path.startswith(("/api/", "/static/", "/health")):
        return None
    user = request.user
    return user.zone if isinstance(user, User) else None
