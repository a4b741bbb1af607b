"""Serves sound to a player, whole or in part, from its file; who may hear it is decided before."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from interviews.errors import NotAudio
from interviews.models import Recording
from interviews.services.recording_files import open_sound

RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.IGNORECASE)
BLOCK = 64 * 1024


@dataclass(slots=True)
class Part:
    """`left` bytes of a file from `start` on, to be read once; the file is opened when they are."""

    open: Callable[[], BinaryIO]
    left: int
    start: int = 0
    file: BinaryIO | None = None

    def read(self, size: int) -> bytes:
        if self.file is None:
            self.file = self.open()
            self.file.seek(self.start)
        data = self.file.read(min(size, self.left))
        self.left -= len(data)
        return data

    def close(self) -> None:
        if self.file is not None:
            self.file.close()


def recording_response(request: HttpRequest, recording: Recording) -> HttpResponseBase:
    """Return a recording's acknowledged bytes, or the range of them that was asked for."""
    try:
        with open_sound(recording) as file:
            size = min(recording.size, os.fstat(file.fileno()).st_size)
    except NotAudio as error:
        raise Http404 from error
    sound = Part(partial(open_sound, recording), size)
    return sound_response(request, sound, recording.media_type, tag=f"{recording.pk}")


def sound_response(
    request: HttpRequest, sound: Part, media_type: str, *, tag: str
) -> HttpResponseBase:
    """Return sound that no cache but the listener's own may keep, and that no browser takes for a page.

    One range is served (RFC 9110, 14.2); several at once, or one under an `If-Range` that is not this sound's, get
    the whole.
    """
    size, etag = sound.left, f'"{tag}-{sound.left}"'
    start, end = _span(_range(request, etag), size)
    if start >= end and size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    sound.start, sound.left = start, end - start
    response = FileResponse(sound, content_type=media_type)
    response.block_size = BLOCK
    if end - start < size:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    response["Content-Length"] = str(end - start)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _range(request: HttpRequest, etag: str) -> str:
    """Return the range that is to be served, or an empty string for all."""
    is_same = request.headers.get("If-Range", etag).strip() == etag
    return request.headers.get("Range", "").strip() if request.method == "GET" and is_same else ""


def _span(header: str, size: int) -> tuple[int, int]:
    """Return the bytes to send, end exclusive: all if the header is missing or makes no sense; none if it is off the end."""
    found = RANGE.fullmatch(header)
    if not size or found is None or found.groups() == ("", ""):
        return 0, size
    first, last = found.groups()
    if not first:
        return size - min(size, int(last)), size
    start, end = int(first), int(last) + 1 if last else size
    return (0, size) if end <= start and last else (start, min(size, end))
