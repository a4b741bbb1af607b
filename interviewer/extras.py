"""Optional packages: what each extra brings, and the command that installs one that is missing."""

from __future__ import annotations

import importlib.util
import sys

from django.core.exceptions import ImproperlyConfigured

MODULES = {
    "postgres": ("psycopg", "psycopg_pool"),
    "genai": ("google.genai",),
    "langchain": ("langchain", "langchain_openai"),
    "tts": ("google.cloud.texttospeech_v1",),
}
LOCKS = {"postgres": "requirements-postgres.lock"}


def require(extra: str, *, setting: str) -> None:
    """Raise `ImproperlyConfigured` with the command to run if a package of `extra` is missing.

    `setting` is what asks for it, written as NAME=value.
    """
    if not all(_is_installed(module) for module in MODULES[extra]):
        raise ImproperlyConfigured(
            f"{setting} needs packages that are not installed. "
            f"In the project's folder run: {install_command(extra)}"
        )


def install_command(extra: str) -> str:
    """Return the pip command for this very environment; from a lock if the extra has one."""
    what = f"--require-hashes -r {LOCKS[extra]}" if extra in LOCKS else f"'.[{extra}]'"
    return f"{sys.executable} -m pip install {what}"


def _is_installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
