"""Gives memory back to the system after a burst; by itself a process keeps what many threads have used."""

from __future__ import annotations

import ctypes
import gc
import os
import threading
import time
from pathlib import Path

M_MMAP_THRESHOLD, M_ARENA_MAX, PR_SET_THP_DISABLE = -3, -8, 41
ARENAS, OUTSIDE_FROM = 2, 128 * 1024
LOOK_EVERY = 15.0
WORK_SECONDS = 0.1
STATM = Path("/proc/self/statm")


def keep_lean(every: float = LOOK_EVERY) -> None:
    """Let all threads share two heaps, and return what lies free in them every now and then.

    Without huge pages: with them each stack of 300 threads takes 2 MB at least, of which it uses a twentieth. What takes
    1 MB and more (a password's hash, an inference) stays outside of the heaps and goes back as soon as it is freed; by
    itself glibc raises this limit to 32 MB.
    """
    library = ctypes.CDLL(None)
    if not (hasattr(library, "mallopt") and hasattr(library, "malloc_trim") and STATM.exists()):
        return  # not glibc on Linux
    library.mallopt(M_ARENA_MAX, ARENAS)
    library.mallopt(M_MMAP_THRESHOLD, OUTSIDE_FROM)
    library.prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0)
    threading.Thread(target=_trim, args=(library, every), name="memory", daemon=True).start()


def _trim(library: ctypes.CDLL, every: float) -> None:
    """Trim if the process has worked since the last time; an idle one is left alone."""
    pause, worked = threading.Event(), 0.0
    while not pause.wait(every):
        if time.process_time() > worked + WORK_SECONDS:
            gc.collect()
            library.malloc_trim(0)
            worked = time.process_time()


def resident_bytes() -> int:
    """Return how much memory this process has in use."""
    return int(STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
