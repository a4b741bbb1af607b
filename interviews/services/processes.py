"""Tells the dead processes of this machine from living ones: each holds the lock of its own file until it ends.

The kernel lets go of the lock however a process ends, so that neither a process id that is used again nor a second
container with the same host name can be mistaken for it. What cannot be seen from here counts as alive.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import os
import secrets
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_handles: list[int] = []


@functools.cache
def _machine() -> str:
    """Return a name for this machine since it was started; containers on one kernel share it."""
    known = BOOT_ID.read_bytes() if BOOT_ID.exists() else str(uuid.getnode()).encode()
    return hashlib.sha256(known).hexdigest()[:12]


def _folder() -> Path:
    folder = Path(settings.VAR_DIR) / "processes"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@functools.cache
def process_name() -> str:
    """Return this process's own name, and hold the lock of the file under that name from now on.

    Without a folder to write in, or locks there, the name stands for a process that counts as alive.
    """
    name = f"{_machine()}-{secrets.token_hex(10)}"
    with contextlib.suppress(OSError):
        folder = _folder()
        draft = folder / f".{name}"
        handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        _handles.append(handle)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        draft.rename(folder / name)
    return name


def _begin_anew() -> None:
    """Let a forked child have a name of its own; the parent's lock stays with the parent."""
    for handle in _handles:
        os.close(handle)
    _handles.clear()
    process_name.cache_clear()


os.register_at_fork(after_in_child=_begin_anew)


def dead_processes() -> Iterator[str]:
    """Yield the names of this machine's processes that have ended, and forget each once the caller is done with it."""
    for path in sorted(_folder().glob(f"{_machine()}-*")):
        with contextlib.suppress(OSError), path.open("rb+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield path.name
            path.unlink()
