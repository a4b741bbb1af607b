"""Sound in a request: a file, or base64 in any of its common spellings."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.utils.translation import gettext as _

from interviews.errors import InvalidInput, TooLarge

DATA_URL = re.compile(r"data:[^,]{0,200};base64,", re.IGNORECASE)
SPACE = re.compile(r"\s+")
URL_SAFE = str.maketrans("-_", "+/")


def audio_of(given: dict[str, Any]) -> bytes:
    """Return the sound of a request, as a file or in base64; empty if there is none.

    Raises `TooLarge`, and `InvalidInput` for what is not base64.
    """
    if given.get("audio") and given.get("audio_base64"):
        raise InvalidInput("audio_base64", _("Send the sound once, as a file or in base64."))
    if given.get("audio"):
        if given["audio"].size > settings.MAX_RECORDING_MB * 1024 * 1024:
            raise TooLarge(f"A recording has at most {settings.MAX_RECORDING_MB} MB.")
        return bytes(given["audio"].read())
    try:
        return read_base64(given.get("audio_base64", ""))
    except (binascii.Error, ValueError) as error:
        raise InvalidInput("audio_base64", "This is not base64.") from error


def read_base64(text: str) -> bytes:
    """Return the bytes of a text in base64: plain or URL-safe, padded or not, in lines, or as a `data:` URL.

    Raises `ValueError`.
    """
    if (url := DATA_URL.match(text.lstrip())) is not None:
        text = unquote_to_bytes(text.lstrip()[url.end() :]).decode("ascii")
    compact = SPACE.sub("", text).translate(URL_SAFE).rstrip("=")
    return base64.b64decode(compact + "=" * (-len(compact) % 4), validate=True)
