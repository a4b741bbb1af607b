"""Whether the product works, part by part, and to those who may know it: why not."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Literal

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.outbox import outbox_state
from ai.calling.breaker import ProviderState
from interviewer.outages import redis_outage
from interviewer.probing import Probe
from interviewer.proxy_hints import hints
from interviews.services.hearing import voice_shape
from interviews.services.heartbeat import heartbeat_age
from interviews.services.recording_files import sweep_refusal
from interviews.services.recovering import all_provider_states
from interviews.services.spending import budget_state

logger = logging.getLogger(__name__)
State = Literal["ok", "degraded", "down"]
LATE, GONE = timedelta(minutes=1), timedelta(minutes=5)
MAIL_LATE, MAIL_STUCK = timedelta(minutes=5), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Part:
    """How one part does; `why` is for operators only."""

    state: State
    why: tuple[str, ...] = ()


Parts = dict[str, Part]


def database_part() -> Part:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Part("ok", (connection.display_name,))


def channel_layer_part() -> Part:
    """Send a message through the layer; with Redis the shared cache must answer, too."""
    layer = get_channel_layer()
    async_to_sync(layer.group_send)("health", {"type": "health.ping"})
    cache.set("health", "ok", 5)
    if redis_outage.is_known:
        return Part("down", (_("Redis does not answer."),))
    is_local = isinstance(layer, InMemoryChannelLayer)
    return Part("ok", (_("In memory, for one process.") if is_local else "Redis",))


def catch_up_part() -> Part:
    age = heartbeat_age()
    if age is None:
        return Part("down", (_("There was no heartbeat yet: the loop that catches up never ran."),))
    state: State = "ok" if age <= LATE else "degraded" if age <= GONE else "down"
    why = [_("Last heartbeat %(age)s ago.") % {"age": told_age(age)}]
    if refusal := sweep_refusal():
        why.append(_("No recordings are swept: %(why)s") % {"why": refusal})
    return Part(state, tuple(why))


def told_age(age: timedelta) -> str:
    """Return an age in words, with seconds while it is short."""
    seconds = int(age.total_seconds())
    if age < LATE:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    now = datetime.now(UTC)
    return timesince(now - age, now)


def mail_part() -> Part:
    outbox = outbox_state()
    oldest = outbox.oldest_age or timedelta(0)
    state: State = "ok"
    if outbox.failing or oldest > MAIL_LATE:
        state = "down" if oldest > MAIL_STUCK else "degraded"
    if not outbox.waiting and not outbox.failing:
        return Part(state, (_("None is waiting."),))
    told = _("%(waiting)d wait, the oldest for %(age)s; %(failing)d failed.")
    figures = {"waiting": outbox.waiting, "age": told_age(oldest), "failing": outbox.failing}
    return Part(state, (told % figures,))


def providers_part() -> Part:
    """Tell how the providers do: down where every model is left alone, degraded where any fails or money is spent."""
    states, budget, voice = all_provider_states(), budget_state(), voice_shape()
    why = [*map(told_state, states), *([voice["why"]] if voice["why"] else [])]
    if not settings.AI.costs_money:
        why.insert(0, _("The embedded engine plans and rates; it costs nothing and calls nobody."))
    if settings.AI.costs_money or budget != "ok":
        why.append(_("Budget: %(budget)s") % {"budget": budget})
    found = [one["state"] for one in states]
    is_well = budget == "ok" and all(state == "ok" for state in found)
    is_gone = bool(found) and all(state == "down" for state in found)
    return Part("ok" if is_well else "down" if is_gone else "degraded", tuple(why))


def told_state(state: ProviderState) -> str:
    """Return how one provider does, with the last status that it answered with."""
    told = f"{state['name']}: {state['state']}"
    if not state["last_error_at"]:
        return told
    at = datetime.fromtimestamp(state["last_error_at"], UTC)
    last = _("last error at %(time)s: %(error)s") % {
        "time": at.isoformat(timespec="seconds"),
        "error": state["last_error"],
    }
    return f"{told}; {last}"


def each(checks: Mapping[str, Callable[[], Part]]) -> Parts:
    """Do some checks; one that fails is down, and hurts no other."""
    return {name: checked(name, check) for name, check in checks.items()}


def checked(name: str, check: Callable[[], Any]) -> Any:
    """Return what `check` returns; a part that is down if it fails, however it does."""
    try:
        return check()
    except TimeoutError:
        return Part("down", (_("There was no answer in time."),))
    except Exception as error:  # noqa: BLE001 - whatever is broken, the others are still told
        logger.warning("The health of %s cannot be told: %s", name, type(error).__name__)
        return Part("down", (type(error).__name__,))


GROUPS: Mapping[str, Mapping[str, Callable[[], Part]]] = {
    "database": {
        "database": database_part,
        "catch_up": catch_up_part,
        "mail": mail_part,
    },
    "channel_layer": {"channel_layer": channel_layer_part},
    "providers": {"providers": providers_part},
}
PROBES = {group: Probe(partial(each, checks)) for group, checks in GROUPS.items()}
ORDER = ("database", "channel_layer", "catch_up", "providers", "mail")


def all_parts() -> Parts:
    """Return how every part does, within the time limit; what does not answer is down."""
    runs = [(group, probe, probe.start()) for group, probe in PROBES.items()]
    found: Parts = {}
    for group, probe, run in runs:
        result = checked(group, partial(probe.wait, run))
        found |= result if isinstance(result, dict) else dict.fromkeys(GROUPS[group], result)
    return {name: found[name] for name in ORDER}


def overall(parts: Parts) -> State:
    if parts["database"].state == "down":
        return "down"
    return "ok" if all(part.state == "ok" for part in parts.values()) else "degraded"


def doubtful_settings(meta: Mapping[str, Any]) -> list[str]:
    """Return what a request's headers, and those of earlier ones, show to be set wrong."""
    found = hints()
    if meta.get("HTTP_X_FORWARDED_PROTO", "").lower() == "https" and not settings.HTTPS:
        found.append(_("HTTPS=1 is not set, and a proxy says that people come over HTTPS."))
    if meta.get("HTTP_X_FORWARDED_FOR") and not settings.REST_FRAMEWORK["NUM_PROXIES"]:
        found.append(
            _("PROXY_COUNT is 0, and a proxy sends X-Forwarded-For: all clients look like one.")
        )
    if settings.DEBUG:
        found.append(_("DEBUG=1 is set: errors show the inside to anybody."))
    return found
