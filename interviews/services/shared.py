"""The cache that all processes share: what is known of providers and of money."""

from __future__ import annotations

from django.core.cache import caches
from django.utils.connection import ConnectionProxy

shared_cache = ConnectionProxy(caches, "shared")
