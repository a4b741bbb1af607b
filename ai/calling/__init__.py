"""One way to call any language model: strict acceptance, one retrying layer, a breaker, a meter."""

from ai.calling.breaker import Breaker
from ai.calling.caller import Answered, Caller, Limits
from ai.calling.completion import Completer, Reply, Request
from ai.calling.meter import Meter, Prices, current_meter, metered
from ai.calling.store import MemoryStore, Store

__all__ = [
    "Answered",
    "Breaker",
    "Caller",
    "Completer",
    "Limits",
    "MemoryStore",
    "Meter",
    "Prices",
    "Reply",
    "Request",
    "Store",
    "current_meter",
    "metered",
]
