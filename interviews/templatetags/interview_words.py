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

NOTHING = frozenset[str]()
SAID_BETTER_BY = {"spoke_to_rater": frozenset({"addresses_rater", "steered"})}


@register.filter
def flag_notices(flags: list[str]) -> list[str]:
    """Say in a sentence each what flags mean; an unknown one says nothing, nor does one that another says better."""
    shown = [flag for flag in flags if SAID_BETTER_BY.get(flag, NOTHING).isdisjoint(flags)]
    return [FLAG_WORDS[flag] for flag in shown if flag in FLAG_WORDS]


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


@register.filter
def evidence_parts(turn: dict[str, Any]) -> list[dict[str, Any]]:
    """Cut an answer into pieces that are evidence and pieces that are not; the template escapes both."""
    answer, at, parts = turn["answer"] or "", 0, []
    for start, end in _merged(turn["evaluation"]):
        parts += [{"text": answer[at:start], "is_evidence": False}]
        parts += [{"text": answer[start:end], "is_evidence": True}]
        at = end
    return [*parts, {"text": answer[at:], "is_evidence": False}]


def _merged(evaluation: dict[str, Any] | None) -> list[tuple[int, int]]:
    """Return the evidence spans of all criteria in order, overlapping ones joined."""
    ratings = evaluation["ratings"] if evaluation else []
    spans = sorted(
        (span["start"], span["end"]) for rating in ratings for span in rating["evidence"]
    )
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
