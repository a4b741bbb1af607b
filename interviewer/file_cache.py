"""What the processes of one machine know together, where there is no Redis: how providers do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.cache.backends.filebased import FileBasedCache
from django.core.files import locks


class CountingFileCache(FileBasedCache):
    """Django's cache in files, with a lock, so that no count of two processes or threads is lost."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(location, params)
        self.folder = Path(location)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        with self._alone():
            return super().add(*args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> int:
        with self._alone():
            return super().incr(*args, **kwargs)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(0o700, parents=True, exist_ok=True)
        with (self.folder / "lock").open("w", encoding="ascii") as file:
            locks.lock(file, locks.LOCK_EX)
            yield
