"""How many accounts one address may make, and how many answers one person may send."""

from typing import Any, cast

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import ScopedRateThrottle, SimpleRateThrottle
from rest_framework.views import APIView

TOO_MANY = "Many accounts were made from your network just now. Wait an hour, and try again."


class SignUpThrottle(SimpleRateThrottle):
    """One budget for the page and the API."""

    scope = "register"

    @classmethod
    def admits(cls, request: HttpRequest | Request) -> bool:
        """Count one more account from this address; False where it is one too many."""
        return cls().allow_request(cast("Request", request), cast("APIView", None))

    def get_cache_key(self, request: Any, view: Any) -> str:
        return str(self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)})


class AnswerThrottle(ScopedRateThrottle):
    """Limits answers by the view's scope, and lets every answer in while the shared count is away."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        return super().allow_request(request, view) or getattr(self.cache, "is_spare", False)
