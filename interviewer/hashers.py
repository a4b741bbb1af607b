"""Hash passwords without stopping the others: a few at once, and nobody waits for it inside the gate that all share."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher
from django.db import connection

from interviews.services.engine import no_connection_held

AT_ONCE = max(1, (os.cpu_count() or 2) // 2)
_places = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def hashing() -> Iterator[None]:
    """Wait for a place to hash, holding no connection and no place to work.

    Inside a transaction (the admin's forms) it does not wait: others would then wait for the transaction.
    """
    if connection.in_atomic_block:
        yield
        return
    with no_connection_held(), _places:
        yield


class Argon2Hasher(Argon2PasswordHasher):
    """Argon2id as OWASP recommends it (19 MiB, 2 passes, 1 thread).

    Django's own figures take 100 MB and a fifth of a second of both cores for each sign-in: too much for a hiring day.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with hashing():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with hashing():
            return super().verify(password, encoded)


class PBKDF2Hasher(PBKDF2PasswordHasher):
    """Reads what was stored with it elsewhere."""

    def verify(self, password: str, encoded: str) -> bool:
        with hashing():
            return super().verify(password, encoded)
