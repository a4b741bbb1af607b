"""Gives memory back to the system after a burst; glibc by itself keeps what many threads have used."""

from __future__ import annotations

import ctypes
import os
import threading
from pathlib import Path

M_ARENA_MAX = -8
ARENAS = 2
LOOK_EVERY = 15.0
MUCH = 8 * 1024 * 1024
STATM = Path("/proc/self/statm")


def keep_lean(every: float = LOOK_EVERY) -> None:
    """Let all threads of this process share two heaps, and return what lies free in them every now and then."""
    library = ctypes.CDLL(None)
    if not (hasattr(library, "mallopt") and hasattr(library, "malloc_trim") and STATM.exists()):
        return  # not glibc on Linux
    library.mallopt(M_ARENA_MAX, ARENAS)
    threading.Thread(target=_trim, args=(library, every), name="memory", daemon=True).start()


def _trim(library: ctypes.CDLL, every: float) -> None:
    """Trim if the process has grown since the last time; an idle one is left alone."""
    pause = threading.Event()
    after = 0
    while not pause.wait(every):
        if resident_bytes() > after + MUCH:
            library.malloc_trim(0)
            after = resident_bytes()
        after = min(after, resident_bytes())


def resident_bytes() -> int:
    """Return how much memory this process has in use."""
    return int(STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
