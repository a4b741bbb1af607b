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
    expires_at = timezone.now() + LIFETIME
    SocketTicket.objects.create(
        session=session.session, user=user, digest=_digest(secret, user), expires_at=expires_at
    )
    return secret


def spend_ticket(*, secret: str, token: str) -> User | None:
    """Use a ticket up and return whom it lets in.

    None for a ticket that is unknown, spent, late or another session's, or whose owner has signed out or changed
    their password since.
    """
    tickets = SocketTicket.objects.filter(session__token=token).select_related("user")
    mine = next((t for t in tickets if t.digest == _digest(secret, t.user)), None)
    if mine is None or not SocketTicket.objects.filter(pk=mine.pk).delete()[0]:
        return None
    return mine.user if mine.expires_at >= timezone.now() and mine.user.is_active else None


def _digest(secret: str, user: User) -> str:
    """Return what is stored of a ticket; it fits no longer once the sign-in that it came from has ended."""
    sign_in = f"{secret}|{user.password}|{user.signed_out_at and user.signed_out_at.timestamp()}"
    return hashlib.sha256(sign_in.encode("utf-8", "replace")).hexdigest()
