"""Who opens a socket, and from where: browsers send their origin, and cookies count only from our own pages.

One lookup in our own database threads instead of Channels' middleware stack, which would keep a session object and four
frames for as long as the socket is open.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.http.cookie import parse_cookie
from django.http.request import validate_host

from accounts.models import User
from accounts.text import is_storable


def origin_of(scope: dict[str, Any]) -> Literal["ours", "none", "foreign"]:
    """Tell whether a socket was opened by a page of ours or of an allowed origin, by no page, or by a foreign one."""
    headers = dict(scope["headers"])
    origin = headers.get(b"origin", b"").decode("latin-1")
    if not origin:
        return "none"
    host = headers.get(b"host", b"").decode("latin-1")
    is_own = urlsplit(origin).netloc == host and validate_host(
        urlsplit(origin).hostname or "", settings.ALLOWED_HOSTS
    )
    return "ours" if is_own or origin in settings.ALLOWED_ORIGINS else "foreign"


def sign_in_of(scope: dict[str, Any]) -> str:
    """Return the key of the browser's session, or an empty string."""
    cookies = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
    key = str(parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, ""))
    return key if is_storable(key) else ""


def signed_in_user(sign_in: str) -> User | None:
    """Return who is signed in under a browser's session, by Django's own rules, or None."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(sign_in)
    user = get_user(request)
    return user if isinstance(user, User) else None
