"""Keeps what this process's workers hold from running out while they are at work."""

from __future__ import annotations

import logging
import os
import threading
import time
from datetime import datetime, timedelta
from typing import Protocol
from weakref import WeakSet

from django.conf import settings
from django.db import close_old_connections, connection, transaction
from django.utils import timezone

logger = logging.getLogger(__name__)
TIMES_PER_LEASE = 3


class Held(Protocol):
    """Something a worker holds until a moment that can be moved."""

    def renew(self, until: datetime) -> bool: ...


def lease_end() -> datetime:
    """Return until when something lasts that is taken or renewed now."""
    return timezone.now() + timedelta(seconds=settings.TURN_LEASE_SECONDS)


class Renewal:
    """Renews every third of a lease all that is held, in one thread that lives while there is something to renew.

    What its worker has let go of without a word is not renewed: nothing here keeps it alive.
    """

    def __init__(self) -> None:
        self._lock, self._at_work = threading.Lock(), threading.Lock()
        self._held: WeakSet[Held] = WeakSet()
        self._is_running = False

    def begin(self, held: Held) -> None:
        """Renew `held` from now on, until it is ended or forgotten."""
        with self._lock:
            self._held.add(held)
            if self._is_running:
                return
            self._is_running = True
        threading.Thread(target=self._run, name="renewal", daemon=True).start()

    def end(self, held: Held) -> None:
        with self._lock:
            self._held.discard(held)

    def forget(self) -> None:
        """Renew nothing of what is held now, and wait for a renewal that is under way."""
        with self._at_work, self._lock:
            self._held.clear()

    def _run(self) -> None:
        is_needed = True
        while is_needed:
            time.sleep(settings.TURN_LEASE_SECONDS / TIMES_PER_LEASE)
            is_needed = self.renew()

    def renew(self) -> bool:
        """Renew what is held now, and keep no hold of it; False if that is nothing."""
        with self._at_work:
            held = self._still_held()
            if held:
                renew_all(held)
            return bool(held)

    def _still_held(self) -> list[Held]:
        with self._lock:
            held = list(self._held)
            self._is_running = bool(held)
        return held


def renew_all(held: list[Held]) -> None:
    """Renew in one transaction, or else one by one; what fails is tried again before the lease runs out."""
    if not _renewed(held) and len(held) > 1:
        for one in held:
            _renewed([one])


def _renewed(held: list[Held]) -> bool:
    try:
        with transaction.atomic():
            for one in held:
                one.renew(lease_end())
        close_old_connections()
    except Exception as error:  # noqa: BLE001 - whatever it is, the next time may still be early enough
        logger.warning("Leases could not be renewed: %s", type(error).__name__)
        connection.close()
        return False
    return True


renewal = Renewal()
os.register_at_fork(after_in_child=renewal.__init__)  # type: ignore[misc]
