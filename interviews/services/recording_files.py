"""The files of recordings: a folder under this installation's mark, and the removal of what no row knows any more."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from interviews.errors import NotAudio
from interviews.models import Installation, Recording
from interviews.services.shared import shared_cache

ORPHANED_AFTER = 3600.0
SWEEP_EVERY = 300.0
SWEPT_KEY = "recordings:swept"
REFUSAL_KEY, REFUSAL_SECONDS = "recordings:refusal", 86_400
MARKER = ".interviewer-recordings"
FOLDER_NAME, FILE_NAME = re.compile(r"[0-9a-f]{2}"), re.compile(r"[0-9a-f]{32}")
UNREADABLE = _("The sound of this recording cannot be read. Record it again, or type your answer.")
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: how many files it removed, and why it removed none."""

    removed: int = 0
    refusal: str = ""


def open_sound(recording: Recording) -> BinaryIO:
    """Open a recording's file to read it. Raises `NotAudio` if there is none, or something else stands in its place."""
    try:
        handle = os.open(recording.file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise NotAudio(str(UNREADABLE)) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotAudio(str(UNREADABLE))
    return os.fdopen(handle, "rb")


def make_room(recording: Recording) -> None:
    """Make the folder of a new recording, and mark the folder of all recordings as this installation's."""
    folder: Path = recording.file.parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark, root = Installation.objects.mark(), Path(settings.RECORDINGS_DIR)
    if mark not in _marks(root):
        handle = os.open(root / MARKER, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="ascii") as file:
            file.write(f"{mark}\n")


def _marks(root: Path) -> list[str]:
    """Return the installations that have stored recordings in a folder."""
    try:
        return (root / MARKER).read_text(encoding="ascii", errors="replace").split()
    except OSError:
        return []


def sweep_recordings(*, even_most: bool = False) -> Swept:
    """Remove the files whose rows are gone for an hour, and remember why if that was refused.

    Touched are only regular files that are named as ours, in a folder that only this installation has marked. If most
    of them would go, none does, unless `even_most`: then a wrong database is more likely than a clean-up.
    """
    swept = _swept(Path(settings.RECORDINGS_DIR), even_most=even_most)
    if swept.refusal:
        logger.warning("No recordings are swept: %s", swept.refusal)
        shared_cache.set(REFUSAL_KEY, swept.refusal, REFUSAL_SECONDS)
    else:
        shared_cache.delete(REFUSAL_KEY)
    return swept


def _swept(root: Path, *, even_most: bool) -> Swept:
    files = list(_own_files(root))
    orphans = _orphans(root, files)
    refusal = _why_not(root, orphans=len(orphans), files=len(files), even_most=even_most)
    if orphans and refusal:
        return Swept(refusal=refusal)
    if not refusal:
        _make_private(files)
    return Swept(sum(map(_remove, orphans)))


def sweep_refusal() -> str:
    """Return why the latest sweep removed nothing, or an empty string."""
    return str(shared_cache.get(REFUSAL_KEY, ""))


def remove_forgotten() -> int:
    """Sweep every few minutes, however often it is called, and return how many files were removed."""
    if not shared_cache.add(SWEPT_KEY, 1, SWEEP_EVERY):
        return 0
    return sweep_recordings().removed


def _why_not(root: Path, *, orphans: int, files: int, even_most: bool) -> str:
    marks = _marks(root)
    if not marks and not _knows_some(root):
        return f"{root} has no {MARKER}, and no recording of this database is in it."
    if marks and marks != [Installation.objects.mark()]:
        return f"{root} belongs to another installation, too. See its {MARKER}."
    if orphans * 2 > files and not even_most:
        return (
            f"{orphans} of {files} recordings in {root} would go. If this is the right database, run "
            "manage.py sweep_recordings --even-most."
        )
    return ""


def _knows_some(root: Path) -> bool:
    """Tell whether a folder from before there were marks holds a recording that this database knows."""
    paths = Recording.objects.order_by("-pk").values_list("path", flat=True)[:100]
    return any((root / path).is_file() for path in paths)


def _own_files(root: Path) -> Iterator[Path]:
    """Yield the regular files that are named as ours; links and other folders are passed over."""
    for folder in _entries(root):
        if FOLDER_NAME.fullmatch(folder.name) and folder.is_dir(follow_symlinks=False):
            for entry in _entries(Path(folder.path)):
                is_named = FILE_NAME.fullmatch(entry.name) and entry.name.startswith(folder.name)
                if is_named and entry.is_file(follow_symlinks=False):
                    yield Path(entry.path)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _orphans(root: Path, files: list[Path]) -> list[Path]:
    old = [path for path in files if _age(path) > ORPHANED_AFTER]
    known = set(Recording.objects.values_list("path", flat=True)) if old else set()
    return [path for path in old if path.relative_to(root).as_posix() not in known]


def _age(path: Path) -> float:
    """Return a file's age in seconds."""
    try:
        return time.time() - path.lstat().st_mtime
    except OSError:
        return 0.0


def _make_private(files: Iterable[Path]) -> None:
    """Take everybody else's rights away: older versions were less strict."""
    for path in files:
        with contextlib.suppress(OSError):
            if path.lstat().st_mode & 0o077:
                path.chmod(0o600)


def _remove(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        logger.exception("A recording could not be removed.")
        return False
    return True
