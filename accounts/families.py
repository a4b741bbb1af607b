"""Refresh tokens: each is good for one new pair, and its whole family ends if it is used again later.

Two tabs, or a reply that got lost, use a token twice within seconds; a thief uses it later.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken
from rest_framework_simplejwt.tokens import Token

from accounts.models import TokenFamily, User
from accounts.tokens import RefreshToken

CLAIM = "family"
AGAIN_WITHIN = timedelta(seconds=10)
ENDED = "This token has ended."


class UsedToken(RefreshToken):
    """A refresh token that is read although it may be used already; `rotate` judges that."""

    def check_blacklist(self) -> None:
        return


def first_token(user: User) -> RefreshToken:
    """Return the first refresh token of a new family."""
    family = TokenFamily.objects.create(user=user, expires_at=_new_expiry())
    return _member(user, family)


def rotate(token: UsedToken, user: User) -> RefreshToken:
    """Return the next token of the family. Raises `TokenError` if it has ended, which a late second use does."""
    family, used_at = family_of(token), _used_at(token)
    if family is None:
        return _adopted(token, user)
    if not family.extend(_new_expiry()):
        raise TokenError(ENDED)
    if used_at is None:
        token.blacklist()
    elif timezone.now() - used_at > AGAIN_WITHIN:
        family.revoke()
        user.note_sign_out()
        raise TokenError(ENDED)
    return _member(user, family)


def end(token: UsedToken) -> None:
    """End a token with its family. Raises `TokenError` if it had ended."""
    family = family_of(token)
    if is_revoked(token) or (family is None and _used_at(token)):
        raise TokenError(ENDED)
    token.blacklist()
    if family:
        family.revoke()


def is_revoked(token: Token) -> bool:
    """Tell whether a token, of either kind, is of a family that has ended."""
    family = family_of(token)
    return (
        family is not None
        and TokenFamily.objects.filter(pk=family.pk, revoked_at__isnull=False).exists()
    )


def family_of(token: Token) -> TokenFamily | None:
    """Return the family that a token names, not loaded; tokens of older versions name none."""
    try:
        return TokenFamily(pk=uuid.UUID(str(token.get(CLAIM))))
    except ValueError:
        return None


def _adopted(token: UsedToken, user: User) -> RefreshToken:
    """Trade a token of an older version, which has no family, for the first one of a new family."""
    if _used_at(token):
        raise TokenError(ENDED)
    token.blacklist()
    return first_token(user)


def _member(user: User, family: TokenFamily) -> RefreshToken:
    token = RefreshToken.for_user(user)
    token[CLAIM] = str(family.pk)
    return token


def _used_at(token: Token) -> datetime | None:
    used: Any = BlacklistedToken.objects.filter(token__jti=token[api_settings.JTI_CLAIM])
    return used.values_list("blacklisted_at", flat=True).first()  # type: ignore[no-any-return]


def _new_expiry() -> datetime:
    lifetime: timedelta = api_settings.REFRESH_TOKEN_LIFETIME
    return timezone.now() + lifetime
