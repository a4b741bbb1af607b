"""Says at once if HOST and PORT cannot be had. `make run` calls it before anything is installed: any Python 3 can run it."""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path

DEFAULTS = {"HOST": "127.0.0.1", "PORT": "8000"}


def complaint(host: str, port: int) -> str:
    """Say in a sentence why nobody can listen there; empty if one can."""
    try:
        with _socket(host, port):
            return ""
    except OSError as error:
        return _words(host, port, error)


def _socket(host: str, port: int) -> socket.socket:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return socket.create_server((host, port), family=found[0][0])


def _words(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is taken, perhaps by another interviewer. "
            f"Stop that one, or take another port: PORT={port + 1} make run"
        )
    if error.errno == errno.EACCES:
        return f"You may not use port {port}. Take one above 1023: PORT=8000 make run"
    return f"This machine cannot listen on {host}, port {port}: {error.strerror}."


def from_environment(folder: Path) -> dict[str, str]:
    """Read HOST and PORT as the settings do: from the environment, else from `.env`."""
    file = Path(os.environ.get("ENV_FILE", folder / ".env"))
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    pairs = [line.partition("=") for line in lines if not line.lstrip().startswith("#")]
    written = {name.strip(): value.strip().strip("'\"") for name, _, value in pairs}
    return {
        name: os.environ.get(name) or written.get(name) or default
        for name, default in DEFAULTS.items()
    }


def main() -> None:
    where = from_environment(Path(__file__).resolve().parent.parent)
    if where["PORT"].isdecimal() and (told := complaint(where["HOST"], int(where["PORT"]))):
        sys.exit(f"== {told}")


if __name__ == "__main__":
    main()
