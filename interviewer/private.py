"""What an installation keeps on its disk is for its own user only."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SECRETS = ("secret_key", "demo-accounts.txt")
DATABASE_FILES = ("", "-wal", "-shm", "-journal")


def keep_private(folder: Path, database: Mapping[str, Any]) -> None:
    """Make the folder 700 and its secrets and a SQLite database 600, also those of older versions.

    What this process and its children create from now on is private, too, whatever the umask it was started with:
    SQLite makes its files itself.
    """
    os.umask(0o077)
    _tighten(folder, 0o700)
    is_file = database["ENGINE"] == "interviewer.sqlite"
    parts = [Path(f"{database['NAME']}{end}") for end in DATABASE_FILES] if is_file else []
    for path in [*parts, *(folder / name for name in SECRETS)]:
        _tighten(path, 0o600)


def _tighten(path: Path, mode: int) -> None:
    """Take everybody else's rights away; not from a folder that is meant for all, nor from what others own."""
    try:
        found = path.stat()
    except OSError:
        return
    if found.st_mode & 0o077 and not found.st_mode & stat.S_ISVTX and found.st_uid == os.geteuid():
        path.chmod(mode)
