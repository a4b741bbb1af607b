"""Django's cache in Redis, with files of this machine while Redis does not answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from interviewer.file_cache import CountingFileCache
from interviewer.outages import redis_outage

CONNECTION = {
    "socket_connect_timeout": 1,
    "socket_timeout": 2,
    "retry": Retry(NoBackoff(), 1),  # a pooled connection may be from before a restart
}


def with_spare(name: str) -> Callable[..., Any]:
    """Return a cache's method that asks Redis, or the spare cache during an outage."""

    def method(self: ResilientRedisCache, *args: Any, **kwargs: Any) -> Any:
        if not redis_outage.is_on:
            try:
                result = getattr(super(ResilientRedisCache, self), name)(*args, **kwargs)
            except (OSError, RedisError) as error:
                redis_outage.begin(error)
            else:
                redis_outage.end()
                return result
        return getattr(self.spare, name)(*args, **kwargs)

    return method


class ResilientRedisCache(RedisCache):
    """Counts and remembers on this machine alone while Redis does not answer; no caller sees an error."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {**CONNECTION, **params.get("OPTIONS", {})}
        folder = Path(options.pop("spare_folder"))
        super().__init__(server, {**params, "OPTIONS": options})
        self.spare = CountingFileCache(str(folder), {**params, "OPTIONS": {"MAX_ENTRIES": 10_000}})

    @property
    def is_spare(self) -> bool:
        """Whether this machine counts alone at the moment."""
        return redis_outage.is_known

    add = with_spare("add")
    get = with_spare("get")
    set = with_spare("set")
    touch = with_spare("touch")
    delete = with_spare("delete")
    get_many = with_spare("get_many")
    has_key = with_spare("has_key")
    incr = with_spare("incr")
    set_many = with_spare("set_many")
    delete_many = with_spare("delete_many")
    clear = with_spare("clear")
