"""Tickets for the socket, for clients that have a token instead of a cookie."""

from __future__ import annotations

import hashlib
import secrets

from django.utils import timezone

from accounts.models import User
from interviews.models import SocketTicket
from interviews.models.ticket import LIFETIME
from interviews.services.lookups import candidates_session


def issue_ticket(*, user: User, token: str) -> str:
    """Return a new secret (256 bits) that opens the socket of the candidate's session once, within 30 s.

    Raises `NotFound`.
    """
    session = candidates_session(user, token)
    secret = secrets.token_urlsafe(32)
    SocketTicket.objects.create(
        session=session, user=user, digest=_digest(secret), expires_at=timezone.now() + LIFETIME
    )
    return secret


def spend_ticket(*, secret: str, token: str) -> User | None:
    """Use a ticket up and return whom it lets in; None for a ticket that is unknown, spent, late or another session's."""
    mine = SocketTicket.objects.filter(digest=_digest(secret)).select_related("user", "session")
    ticket = mine.first()
    if ticket is None or not mine.delete()[0]:
        return None
    in_time = ticket.expires_at >= timezone.now() and ticket.session.token == token
    return ticket.user if in_time and ticket.user.is_active else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
