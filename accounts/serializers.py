"""What the account API reads and writes."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework_simplejwt.exceptions import AuthenticationFailed
from rest_framework_simplejwt.serializers import TokenRefreshSerializer
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.utils import get_md5_hash_password

from accounts.authentication import NOT_VALID
from accounts.families import UsedToken, first_token, rotate
from accounts.models import User, normalise_email, validate_time_zone
from accounts.strict import StrictTypes


class UserSerializer(StrictTypes, serializers.ModelSerializer[User]):
    """A person, as they and the admins see them."""

    time_zone = serializers.CharField(
        max_length=64, required=False, validators=[validate_time_zone]
    )

    class Meta:
        model = User
        fields = ["id", "email", "full_name", "language", "time_zone", "is_staff"]
        read_only_fields = ["id", "email", "is_staff"]


class RegisterSerializer(StrictTypes, serializers.ModelSerializer[User]):
    """What it takes to make an account."""

    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(
        write_only=True, min_length=8, max_length=128, trim_whitespace=False
    )

    class Meta:
        model = User
        fields = ["email", "password", "full_name", "language"]

    def validate_email(self, value: str) -> str:
        return normalise_email(value)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        user = User(email=attrs["email"], full_name=attrs["full_name"])
        try:
            validate_password(attrs["password"], user)
        except ValidationError as error:
            raise serializers.ValidationError({"password": error.messages}) from error
        return attrs


class LoginSerializer(StrictTypes, serializers.Serializer[Any]):
    """E-mail and password."""

    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=128, trim_whitespace=False)

    def validate_email(self, value: str) -> str:
        return normalise_email(value)


class PasswordGrantSerializer(StrictTypes, serializers.Serializer[Any]):
    """The form of OAuth 2.0 for a password (RFC 6749, section 4.3); who the client is does not matter here."""

    grant_type = serializers.ChoiceField(
        choices=["password"],
        required=False,
        error_messages={
            "invalid_choice": _("Only “password”. A refresh token goes to auth/refresh.")
        },
    )
    username = serializers.EmailField(max_length=254, help_text="The e-mail address.")
    password = serializers.CharField(max_length=128, trim_whitespace=False)
    scope = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    client_id = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    client_secret = serializers.CharField(required=False, allow_blank=True, max_length=1000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {"email": normalise_email(attrs["username"]), "password": attrs["password"]}


class RefreshSerializer(StrictTypes, TokenRefreshSerializer):
    """A refresh token for a new pair; 401 once its user is gone, disabled or has a new password, or its family has ended."""

    token_class = UsedToken

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        token = self.token_class(attrs["refresh"])
        user_id = token.payload.get(api_settings.USER_ID_CLAIM) or 0
        user = User.objects.filter(pk=user_id, is_active=True).first()
        claim = token.payload.get(api_settings.REVOKE_TOKEN_CLAIM)
        if user is None or claim != get_md5_hash_password(user.password):
            raise AuthenticationFailed(NOT_VALID)
        refresh = rotate(token, user)
        return {"access": str(refresh.access_token), "refresh": str(refresh)}


class LogoutSerializer(StrictTypes, serializers.Serializer[Any]):
    """The refresh token that is to end."""

    refresh = serializers.CharField()


class TokenPairSerializer(serializers.Serializer[User]):
    """A signed-in user with a JWT pair."""

    user = UserSerializer()
    access = serializers.CharField()
    refresh = serializers.CharField()
    token_type = serializers.CharField()

    def to_representation(self, instance: User) -> dict[str, Any]:
        refresh = first_token(instance)
        return {
            "user": UserSerializer(instance).data,
            "access": str(refresh.access_token),
            "refresh": str(refresh),
            "token_type": "Bearer",
        }


class OAuthTokenSerializer(TokenPairSerializer):
    """A pair; a form is answered with the names of OAuth 2.0, too."""

    access_token = serializers.CharField(required=False)
    refresh_token = serializers.CharField(required=False)
    expires_in = serializers.IntegerField(required=False, help_text="Seconds.")


def oauth_names(pair: dict[str, Any]) -> dict[str, Any]:
    """Return what RFC 6749 calls the members of a pair."""
    seconds = int(api_settings.ACCESS_TOKEN_LIFETIME.total_seconds())
    return {
        "access_token": pair["access"],
        "refresh_token": pair["refresh"],
        "expires_in": seconds,
    }
