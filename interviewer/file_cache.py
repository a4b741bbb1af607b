"""What the processes of one machine know together, where there is no Redis: how providers do."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.cache.backends.filebased import FileBasedCache
from django.core.files import locks

logger = logging.getLogger(__name__)


class CountingFileCache(FileBasedCache):
    """Django's cache in files, with a lock, so that no count of two processes or threads is lost.

    A file that cannot be read is as good as none, and what a full disk does not take is forgotten: nothing here is worth
    a request that fails.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(location, params)
        self.folder = Path(location)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        try:
            with self._alone():
                return super().add(*args, **kwargs)
        except OSError as error:
            self._told(error)
            return True

    def incr(self, *args: Any, **kwargs: Any) -> int:
        """Add to a number. Raises `ValueError` if there is none."""
        try:
            with self._alone():
                return super().incr(*args, **kwargs)
        except OSError as error:
            self._told(error)
            raise ValueError("There is no such number.") from error

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except Exception as error:  # noqa: BLE001 - a damaged pickle raises anything
            self._told(error)
            self.delete(key, version)
            return default

    def has_key(self, key: str, version: int | None = None) -> bool:
        try:
            return super().has_key(key, version)
        except Exception as error:  # noqa: BLE001 - a damaged pickle raises anything
            self._told(error)
            self.delete(key, version)
            return False

    def set(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().set(*args, **kwargs)
        except OSError as error:
            self._told(error)

    def delete(self, key: str, version: int | None = None) -> bool:
        try:
            return super().delete(key, version)
        except OSError as error:
            self._told(error)
            return False

    def _told(self, error: Exception) -> None:
        logger.warning("The cache in %s does not work: %s.", self.folder, type(error).__name__)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(0o700, parents=True, exist_ok=True)
        with (self.folder / "lock").open("w", encoding="ascii") as file:
            locks.lock(file, locks.LOCK_EX)
            yield
