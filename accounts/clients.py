"""Which client a request comes from, for everything that counts clients: throttles and lock-outs."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from django.conf import settings

HOST_BITS = 64


def client_address(request: Any) -> str | None:
    """Return the address under which a client is counted, or None if it has none (a local socket).

    It is what the outermost of our own proxies saw: whatever stands further left in X-Forwarded-For, anybody can
    write. Of IPv6 it is the network, because one client has a whole /64 to choose addresses from.
    """
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    forwarded = seen[-min(settings.PROXY_COUNT, len(seen))] if settings.PROXY_COUNT else ""
    return _counted(forwarded) or _counted(request.META.get("REMOTE_ADDR") or "")


def _counted(text: str) -> str | None:
    try:
        address = ip_address(_without_port(text))
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> HOST_BITS << HOST_BITS))


def _without_port(text: str) -> str:
    """Return an address as some proxies write it, with a port that changes with each connection, without it."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
