"""Where a socket comes from: browsers send it, and cookies count only from our own pages."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host


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
