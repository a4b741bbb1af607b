"""A database backend: Django's own for PostgreSQL, whose pool gets over a restart of the server at once.

With health checks, psycopg's pool waits 1, 2, 4, … seconds after each connection that turns out to be stale. After a restart
all are, so the first request could wait for its whole timeout although the server is up.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Error
from psycopg_pool import ConnectionPool


def keep_trying(pool: ConnectionPool[Any]) -> None:
    """Try to connect again for those who wait; the pool itself gives up."""
    pool.check()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection to PostgreSQL, checked when it comes out of the pool."""

    def __init__(self, settings_dict: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        """Check connections here, not in the pool, and let the pool try again for as long as it takes."""
        self.checks = bool(settings_dict.get("CONN_HEALTH_CHECKS"))
        ours = {**settings_dict, "CONN_HEALTH_CHECKS": False}
        if pool := ours["OPTIONS"].get("pool"):
            patient = {**pool, "reconnect_failed": keep_trying}
            ours["OPTIONS"] = {**ours["OPTIONS"], "pool": patient}
        super().__init__(ours, *args, **kwargs)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a sound connection; one that is stale means that all idle ones are to be looked at."""
        connection = super().get_new_connection(conn_params)
        if not self.pool or not self.checks or is_sound(connection):
            return connection
        self.pool.putconn(connection)
        self.pool.check()
        return super().get_new_connection(conn_params)


def is_sound(connection: Any) -> bool:
    with suppress(Error):
        ConnectionPool.check_connection(connection)
        return True
    return False
