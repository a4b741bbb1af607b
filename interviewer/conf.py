"""Readers for environment values that say what is wrong and how to mend it."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def truth(name: str, *, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is not a yes or no. Use 1 or 0.")


def number(name: str, *, default: int, low: int, high: int) -> int:
    value = os.environ.get(name) or str(default)
    if not value.strip().isdecimal() or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number from {low} to {high}.")
    return int(value)


def choice(name: str, *, default: str, allowed: Sequence[str]) -> str:
    value = os.environ.get(name) or default
    if value not in allowed:
        raise ImproperlyConfigured(
            f"{name}={value!r} is unknown. Use one of: {', '.join(allowed)}."
        )
    return value


def urls(name: str) -> list[str]:
    values = [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]
    for value in values:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
            raise ImproperlyConfigured(
                f"{name} holds {value!r}, which is not an origin. Write it like https://example.org, without a path."
            )
    return values


def local_secret(path: Path) -> str:
    """Return this machine's own secret, made once (whole or not at all) and readable by its owner only."""
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as draft:
            draft.write(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft.name)
        Path(draft.name).unlink()
    return path.read_text(encoding="ascii").strip()
