"""Readers for environment values that say what is wrong and how to mend it."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import tempfile
import zoneinfo
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from interviewer.extras import require

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}
SECRET_LENGTH = 50
CAPACITY = 5000
SECRET_NAMES = ("KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD")
SECRET_VALUE_LENGTH = 8
# At the level DEBUG these write whole requests with their keys, or rows with answers, into the log.
TALKATIVE = (
    "anthropic",
    "django.db.backends",
    "django.template",
    "google",
    "google_genai",
    "grpc",
    "httpcore",
    "httpcore2",
    "httpx",
    "httpx2",
    "langchain",
    "langchain_core",
    "langchain_openai",
    "openai",
    "urllib3",
)
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 10,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000;",
}


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


def origin(name: str) -> str:
    """Read one address of a site; empty if it is not set."""
    values = urls(name)
    if len(values) > 1:
        raise ImproperlyConfigured(f"{name} holds {len(values)} addresses. Name one.")
    return values[0].rstrip("/") if values else ""


def time_zone(name: str, *, default: str) -> str:
    value = os.environ.get(name) or default
    if value not in zoneinfo.available_timezones():
        raise ImproperlyConfigured(
            f"{name}={value!r} is unknown. Write it like Europe/Berlin or UTC."
        )
    return value


def rate(name: str, *, default: str) -> str:
    value = os.environ.get(name) or default
    if not re.fullmatch(r"[1-9][0-9]*/(s|sec|m|min|h|hour|d|day)", value):
        raise ImproperlyConfigured(f"{name}={value!r} is no rate. Write it like 60/min or 20/hour.")
    return value


def redis_url(name: str) -> str:
    value = os.environ.get(name, "")
    parts = urlsplit(value)
    if value and (parts.scheme not in {"redis", "rediss", "unix"} or not parts.netloc + parts.path):
        raise ImproperlyConfigured(
            f"{name} cannot be read. Write it like redis://localhost:6379/0."
        )
    return value


def secret(name: str) -> str:
    value = os.environ.get(name, "")
    if value and len(value) < SECRET_LENGTH:
        raise ImproperlyConfigured(
            f"{name} has {len(value)} characters. Give it at least {SECRET_LENGTH} random ones."
        )
    return value


def email(name: str, *, default: str) -> dict[str, Any]:
    """Read an e-mail server's URL into Django's settings."""
    try:
        config = dict(environ.Env.email_url_config(os.environ.get(name) or default))
    except (ImproperlyConfigured, ValueError, KeyError) as error:
        raise ImproperlyConfigured(
            f"{name} cannot be read. Write it like smtp+tls://user:password@mail.example.org:587."
        ) from error
    if config.get("EMAIL_BACKEND") == "django.core.mail.backends.console.EmailBackend":
        config["EMAIL_BACKEND"] = "interviewer.console_mail.EmailBackend"
    return config


def database(name: str, *, default: str, folder: Path) -> dict[str, Any]:
    """Read a database's URL, with the options that SQLite or PostgreSQL needs here."""
    config: dict[str, Any] = dict(environ.Env.db_url_config(os.environ.get(name) or default))
    engine = str(config.get("ENGINE", "")).rpartition(".")[2]
    if engine not in {"sqlite3", "postgresql"} or not config.get("NAME"):
        raise ImproperlyConfigured(
            f"{name} names no SQLite or PostgreSQL database. Write it as sqlite:////path/to/file or "
            "postgres://user:password@host:5432/name."
        )
    config["CONN_MAX_AGE"] = 0
    if engine == "sqlite3":
        test = {"NAME": str(folder / "test.sqlite3")}
        return {**config, "ENGINE": "interviewer.sqlite", "OPTIONS": SQLITE, "TEST": test}
    require("postgres", setting=f"{name}=postgres://…")
    size = number("DATABASE_POOL_SIZE", default=20, low=1, high=1000)
    pool = {"min_size": 1, "max_size": size, "timeout": 20, "reconnect_timeout": 2}
    return {
        **config,
        "ENGINE": "interviewer.postgresql",
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**config.get("OPTIONS", {}), "pool": pool},
    }


def local_secret(path: Path) -> str:
    """Return this machine's own secret, made once (whole or not at all) and readable by its owner only."""
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as draft:
            draft.write(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft.name)
        Path(draft.name).unlink()
    return path.read_text(encoding="ascii").strip()


def secrets_of(
    environment: Mapping[str, str], redis: str, databases: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """Return what no log may show: passwords in addresses, and what stands in variables that are named like a secret."""
    named = [
        value
        for name, value in environment.items()
        if name.upper().endswith(SECRET_NAMES) and len(value) >= SECRET_VALUE_LENGTH
    ]
    addresses = [redis, environment.get("EMAIL_URL", "")]
    given = [urlsplit(address).password or "" for address in addresses]
    return [*named, *given, *(str(one.get("PASSWORD") or "") for one in databases.values())]


def logging_to_console(level: str) -> dict[str, Any]:
    """Return Django's logging: everything to the console, masked, and no library's own log of what it sends."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"masked": {"()": "ai.masking.Masked"}},
        "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "plain",
                "filters": ["masked"],
            }
        },
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            **{name: {"level": "WARNING"} for name in TALKATIVE},
        },
        "root": {"handlers": ["console"], "level": level},
    }


def caches(redis: str, *, folder: Path) -> dict[str, Any]:
    """Return the default cache, and the one that all processes share: Redis, or else files of this machine."""
    if redis:
        cache = {
            "BACKEND": "interviewer.redis_cache.ResilientRedisCache",
            "LOCATION": redis,
            "OPTIONS": {"spare_folder": str(folder / "spare")},
        }
        return {"default": cache, "shared": {**cache, "KEY_PREFIX": "shared"}}
    return {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "shared": {
            "BACKEND": "interviewer.file_cache.CountingFileCache",
            "LOCATION": str(folder / "shared"),
            "TIMEOUT": 86_400,
            "OPTIONS": {"MAX_ENTRIES": 10_000},
        },
    }


def channel_layers(redis: str) -> dict[str, Any]:
    """Return the channel layer; in Redis all channels of a process share a list, which has to hold a burst."""
    if redis:
        # Waiting in Redis takes up to 5 s; a connection that is silent for longer is dead.
        host = {"address": redis, "socket_connect_timeout": 2, "socket_timeout": 10}
        config = {"hosts": [host], "capacity": CAPACITY}
        return {
            "default": {"BACKEND": "interviewer.redis_layer.ResilientRedisLayer", "CONFIG": config}
        }
    return {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}


def json_web_tokens(signing_key: str) -> dict[str, Any]:
    """Return how the API's tokens are made: short ones to work with, and one to get new ones by, each used once."""
    return {
        "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
        "REFRESH_TOKEN_LIFETIME": timedelta(days=14),
        "ROTATE_REFRESH_TOKENS": True,
        "BLACKLIST_AFTER_ROTATION": True,
        "CHECK_REVOKE_TOKEN": True,
        "LEEWAY": timedelta(seconds=5),
        "SIGNING_KEY": signing_key,
        "UPDATE_LAST_LOGIN": False,
    }


def content_security_policy() -> dict[str, Any]:
    """Return what pages may load: only what is ours, and no inline script or style."""
    return {
        "DIRECTIVES": {
            **dict.fromkeys(["default-src", "base-uri", "frame-ancestors", "object-src"], (NONE,)),
            **dict.fromkeys(["script-src", "style-src", "font-src", "connect-src"], (SELF,)),
            **dict.fromkeys(["media-src", "form-action"], (SELF,)),
            "img-src": [SELF, "data:"],
        }
    }
