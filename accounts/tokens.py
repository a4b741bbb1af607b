"""Refresh tokens that leave only their `jti` in the database."""

from __future__ import annotations

from typing import Any, Self

from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.tokens import BlacklistMixin
from rest_framework_simplejwt.tokens import RefreshToken as StockRefreshToken
from rest_framework_simplejwt.utils import datetime_from_epoch

from accounts.models import User


class RefreshToken(StockRefreshToken):
    """A refresh token whose text is nowhere stored, so that nobody can read and use it."""

    @classmethod
    def for_user(cls, user: Any) -> Self:
        token = super(BlacklistMixin, cls).for_user(user)
        token.outstand()
        return token

    def outstand(self) -> OutstandingToken:
        """Note that this token was given out, and to whom."""
        user = User.objects.filter(pk=self.payload.get(api_settings.USER_ID_CLAIM, 0)).first()
        noted, _is_new = OutstandingToken.objects.get_or_create(
            jti=self.payload[api_settings.JTI_CLAIM],
            defaults={
                "user": user,
                "created_at": self.current_time,
                "token": "",
                "expires_at": datetime_from_epoch(self.payload["exp"]),
            },
        )
        return noted

    def blacklist(self) -> BlacklistedToken:
        """End this token."""
        ended, _is_new = BlacklistedToken.objects.get_or_create(token=self.outstand())
        return ended
