"""What the sessions of browsers hold of a person."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from accounts.models import User

UNSENT = "unsent answer"


def sessions_about(person: User, tokens: Collection[str]) -> list[str]:
    """Return the keys of sessions in which `person` is signed in, or that keep an answer to one of their interviews.

    Only reading each of them tells, since their data is encoded.
    """
    return [
        row.session_key
        for row in Session.objects.iterator()
        if _is_about(row.get_decoded(), str(person.pk), tokens)
    ]


def _is_about(data: dict[str, object], user_id: str, tokens: Collection[str]) -> bool:
    unsent = data.get(UNSENT)
    is_kept = isinstance(unsent, dict) and unsent.get("token") in tokens
    return is_kept or data.get(SESSION_KEY) == user_id
