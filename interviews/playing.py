"""Serves sound to a player, whole or in part; who may hear it is decided before."""

from __future__ import annotations

import io
import re

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from interviews.models import Recording

RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def recording_response(request: HttpRequest, recording: Recording) -> HttpResponseBase:
    """Return a recording's acknowledged bytes, or the range that was asked for (RFC 9110, one range)."""
    with recording.file.open("rb") as file:
        sound = file.read(recording.size)
    return sound_response(request, sound, recording.media_type)


def sound_response(request: HttpRequest, sound: bytes, media_type: str) -> HttpResponseBase:
    """Return sound that no cache but the listener's own may keep, and that no browser takes for a page."""
    span = _span(request.headers.get("Range", ""), len(sound))
    if span is None:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{len(sound)}"
        return refused
    start, end = span
    response = FileResponse(io.BytesIO(sound[start:end]), content_type=media_type)
    response["Content-Length"] = str(end - start)
    if (start, end) != (0, len(sound)):
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end - 1}/{len(sound)}"
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _span(header: str, size: int) -> tuple[int, int] | None:
    """Return the bytes to send, end exclusive: all of them where the header is missing or unknown; None if off the end."""
    found = RANGE.fullmatch(header.strip())
    if found is None or found.groups() == ("", ""):
        return 0, size
    first, last = found.groups()
    if not first:
        return max(0, size - int(last)), size
    start, end = int(first), min(size, int(last) + 1 if last else size)
    return (start, end) if start < end else None
