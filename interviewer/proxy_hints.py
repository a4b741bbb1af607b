"""Notices a proxy in front of which the settings know nothing, and says what to set."""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

log = logging.getLogger(__name__)
_seen: set[str] = set()
TEXTS = {
    "forwarded_for": gettext_noop(
        "Requests carry X-Forwarded-For, but PROXY_COUNT is 0, so everybody behind the proxy counts as one client."
        " If there is a proxy in front, set PROXY_COUNT to the number of proxies; if not, the header is made up."
    ),
    "https": gettext_noop(
        "People come over HTTPS, but HTTPS is 0, so their forms are refused and cookies are not protected."
        " Set HTTPS=1, and let the proxy send X-Forwarded-Proto."
    ),
    "host": gettext_noop(
        "Forms come from an address that is not the one asked for."
        " Let the proxy pass the Host header on, or name the address in ALLOWED_ORIGINS."
    ),
}


def hints() -> list[str]:
    """Return what this process noticed since it began, in words for the operator; empty if all fits."""
    return [_(text) for name, text in TEXTS.items() if name in _seen]


class ProxyHintsMiddleware:
    """Warns once of an X-Forwarded-For that is not read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "HTTP_X_FORWARDED_FOR" in request.META and not settings.PROXY_COUNT:
            note("forwarded_for")
        return self.get_response(request)


def refusal_cause(request: HttpRequest) -> str:
    """Say why a form was refused if the proxy's settings are to blame: `https`, `host`, or empty."""
    origin = urlsplit(request.headers.get("Origin") or request.headers.get("Referer") or "")
    over_https = "https" in (request.headers.get("X-Forwarded-Proto", ""), origin.scheme)
    if over_https and not settings.HTTPS:
        return note("https")
    if not origin.netloc or origin.netloc == request.get_host():
        return ""
    is_proxied = any(name.startswith("HTTP_X_FORWARDED") for name in request.META)
    return note("host") if is_proxied else "host"


def note(name: str) -> str:
    """Remember what was noticed, and log it the first time."""
    if name not in _seen:
        _seen.add(name)
        log.warning("%s", TEXTS[name])
    return name
