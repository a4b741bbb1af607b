"""Everything that changes an account over more than one row."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from accounts.models import User, normalise_email


class EmailTaken(Exception):
    """Somebody has an account under this address already."""


def register_user(
    *, email: str, password: str, full_name: str, language: str = "en", time_zone: str = "UTC"
) -> User:
    """Make a candidate's account. Raises `EmailTaken`, also when two requests race."""
    try:
        with transaction.atomic():
            return User.objects.create_user(
                normalise_email(email),
                password,
                full_name=full_name,
                language=language,
                time_zone=time_zone,
            )
    except IntegrityError as error:
        raise EmailTaken(email) from error
