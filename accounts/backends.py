"""Stand before and behind the check of a password, whichever page or call asked for it."""

from __future__ import annotations

from axes.handlers.proxy import AxesProxyHandler
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.throttles import SignInThrottle


class SignInLimit:
    """Comes first: refuses a client whose sign-ins failed too often, before a password is hashed."""

    def authenticate(self, request: HttpRequest | None, **_credentials: object) -> None:
        if request is None:
            return
        seconds = SignInThrottle.seconds_to_wait(request)
        if seconds:
            AxesProxyHandler.update_request(request)
            request.axes_locked_out = True  # type: ignore[attr-defined]
            request.sign_in_wait = seconds  # type: ignore[attr-defined]
            raise PermissionDenied


class CountFailure:
    """Comes last, so it is only asked if no other back-end knew the person."""

    def authenticate(self, request: HttpRequest | None, **_credentials: object) -> None:
        if request is not None:
            SignInThrottle.note_failure(request)
