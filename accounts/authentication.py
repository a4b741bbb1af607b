"""Who an access token stands for."""

from __future__ import annotations

from typing import Any

from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken
from rest_framework_simplejwt.tokens import Token

from accounts.families import is_revoked

NOT_VALID = "This token is not valid any more. Sign in again."


class TokenAuthentication(JWTAuthentication):
    """Refuses access tokens whose family has ended: by signing out, or because a refresh token was stolen."""

    def get_raw_token(self, header: bytes) -> bytes | None:
        """Read the token whatever the case of its scheme, which means nothing (RFC 9110)."""
        scheme, space, rest = header.strip().partition(b" ")
        raw: bytes | None = super().get_raw_token(scheme.capitalize() + space + rest)
        return raw

    def get_user(self, validated_token: Token) -> Any:
        user = super().get_user(validated_token)
        if is_revoked(validated_token):
            raise InvalidToken(NOT_VALID)
        return user


class TokenScheme(SimpleJWTScheme):  # type: ignore[no-untyped-call]
    """Describes it in the API's schema, as the one it is made of."""

    target_class = "accounts.authentication.TokenAuthentication"
