"""Words and marks that only templates need."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib import admin

from accounts.models import User
from interviews.services import lookups

register = template.Library()

FLAG_WORDS = {
    "negation": "Part of this answer seems to say the opposite of a key point.",
    "addresses_rater": "Part of this answer speaks to the rater instead of the question. It does not count as evidence.",
    "spoke_to_rater": "Part of this answer speaks to the rater. It was rated with and without those words, and they cost nothing.",
    "steered": "Words to the rater changed this rating a lot. The lower one counts.",
    "hidden_characters": "This answer holds invisible characters. They were left out for the rating.",
    "raters_disagree": "Independent ratings of this answer are far apart.",
    "keyword_list": "A list of terms shows little. Say in a sentence what each of them does.",
    "echo": "This repeats the question. Say what you would answer to it.",
    "dont_know": "Not knowing is fine. Saying what you would try is better than nothing.",
    "no_event": "No real event was heard in this answer. Without one it is level 2 at most.",
    "off_topic": "This does not seem to answer the question.",
    "low_confidence": "The machine was unsure about this rating.",
    "evidence_not_found": "The words given as evidence were not found in the answer, so they do not count.",
}

CANDIDATE_WORDS = FLAG_WORDS | {
    "negation": "",
    "low_confidence": "",
    "raters_disagree": "",
    "steered": "Part of this answer speaks to the rater. With and without those words it is rated differently, and the lower rating counts.",
    "off_topic": "It is not clear how this answers the question. Start with its core, in one sentence.",
}
NOTHING = frozenset[str]()
SAID_BETTER_BY = {"spoke_to_rater": frozenset({"addresses_rater", "steered"})}


@register.filter
def flag_notices(flags: list[str]) -> list[str]:
    """Say in a sentence each what flags mean; an unknown one says nothing, nor does one that another says better."""
    return _notices(flags, FLAG_WORDS)


@register.filter
def candidate_notices(flags: list[str]) -> list[str]:
    """Say what flags mean for whoever practises: doubt and contradictions stand at the level and at the points."""
    return _notices(flags, CANDIDATE_WORDS)


def _notices(flags: list[str], words: dict[str, str]) -> list[str]:
    shown = [flag for flag in flags if SAID_BETTER_BY.get(flag, NOTHING).isdisjoint(flags)]
    return [words[flag] for flag in shown if words.get(flag)]


@register.filter
def opens_staff_pages(user: object) -> bool:
    """Tell whether a link to the staff pages leads anywhere for `user`."""
    return isinstance(user, User) and bool(user.pk) and lookups.opens_staff_pages(user)


@register.simple_tag(takes_context=True)
def opens_admin(context: dict[str, Any]) -> bool:
    """Tell whether the signed-in person finds anything in the admin."""
    request = context["request"]
    return admin.site.has_permission(request) and bool(admin.site.get_app_list(request))


@register.filter
def item(mapping: dict[Any, Any], key: Any) -> Any:
    """Look a key up; None where it is missing."""
    return mapping.get(key)


@register.filter
def clock(seconds: int) -> str:
    """Write seconds as minutes and seconds, such as 2:05."""
    return f"{seconds // 60}:{seconds % 60:02}"


@register.filter
def zone_name(zone: str) -> str:
    """Write a time zone's name as people read it, such as America/New York."""
    return zone.replace("_", " ")
