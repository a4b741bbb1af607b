"""Remembers that a service does not answer, so that requests do not wait for it one by one."""

from __future__ import annotations

import logging
import time

logger = logging.getLogger(__name__)
PAUSE = 2.0


class Outage:
    """What this process knows of a service: whether it failed last, and whether it is too early to ask again."""

    def __init__(self, name: str, *, pause: float = PAUSE) -> None:
        self.name, self.pause = name, pause
        self.is_known = False
        self._ask_again_at = 0.0

    @property
    def is_on(self) -> bool:
        """Whether the service failed a moment ago: do not ask it now."""
        return self.is_known and time.monotonic() < self._ask_again_at

    def begin(self, error: Exception) -> None:
        """Note a failure; only the first in a row is logged."""
        if not self.is_known:
            logger.warning("%s does not answer (%s).", self.name, type(error).__name__)
        self.is_known, self._ask_again_at = True, time.monotonic() + self.pause

    def end(self) -> None:
        """Note that the service answered."""
        if self.is_known:
            self.is_known = False
            logger.warning("%s answers again.", self.name)


redis_outage = Outage("Redis")
