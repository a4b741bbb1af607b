"""How often something may be tried: one limit for the pages and the API."""

from __future__ import annotations

import hashlib
import math
from typing import Any, cast

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import ScopedRateThrottle, SimpleRateThrottle
from rest_framework.views import APIView

from accounts.clients import client_address
from accounts.models import User, normalise_email


class SharedThrottle(SimpleRateThrottle):
    """A limit per client address, which a page asks by itself and an API view names in `throttle_classes`."""

    @classmethod
    def seconds_to_wait(cls, request: HttpRequest | Request) -> int:
        """Count one more attempt; return how long to wait if it is one too many, else 0."""
        return cls().wait_of(request)

    def wait_of(self, request: HttpRequest | Request | None) -> int:
        if self.allow_request(cast("Request", request), cast("APIView", None)):
            return 0
        seconds: float = self.wait() or getattr(self, "duration", None) or 0.0
        return max(1, math.ceil(seconds))

    def get_cache_key(self, request: Any, view: Any) -> str:
        return str(self.cache_format % {"scope": self.scope, "ident": self.who(request)})

    def who(self, request: Any) -> str:
        return str(client_address(request))


class SignUpThrottle(SharedThrottle):
    """How many accounts one client may make; a class room and a hiring day behind one address fit in."""

    scope = "register"


class SignInThrottle(SharedThrottle):
    """How many sign-ins of one client may fail. Those that succeed are not counted: many people share an address."""

    scope = "login"

    def throttle_success(self) -> bool:
        return True

    @classmethod
    def note_failure(cls, request: HttpRequest) -> None:
        throttle = cls()
        if throttle.rate is not None and not throttle.wait_of(request):
            SimpleRateThrottle.throttle_success(throttle)


class ResetThrottle(SharedThrottle):
    """How many password links one client may ask for."""

    scope = "reset"


class PasswordThrottle(SharedThrottle):
    """How often one person, or one client behind a link, may try to set a password."""

    scope = "password"

    def who(self, request: Any) -> str:
        user = request.user
        return f"user-{user.pk}" if isinstance(user, User) else super().who(request)


class TicketThrottle(PasswordThrottle):
    """How many tickets for the socket one person may ask for."""

    scope = "ticket"


class MailThrottle(SharedThrottle):
    """How many mails anonymous requests may cause to one address, whether it has an account or not."""

    scope = "mail"

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = normalise_email(address)

    @classmethod
    def seconds_for(cls, address: str) -> int:
        """Count one more mail to this address; return how long to wait if it is one too many, else 0."""
        return cls(address).wait_of(None)

    def who(self, request: Any) -> str:
        return hashlib.sha256(self.address.encode()).hexdigest()


class AnswerThrottle(ScopedRateThrottle):
    """Limits answers by the view's scope, and lets every answer in while the shared count is away."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        return super().allow_request(request, view) or getattr(self.cache, "is_spare", False)
