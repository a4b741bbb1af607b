"""Everything that changes an account over more than one row."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from accounts.models import User, normalise_email
from accounts.outbox import queue_mail
from accounts.throttles import MailThrottle


class EmailTaken(Exception):
    """Somebody has an account under this address already."""


def register_user(*, email: str, password: str, full_name: str, **fields: str) -> User:
    """Make a candidate's account. Raises `EmailTaken`, also when two requests race.

    The password is hashed first: no transaction waits for it, and a taken address takes as long as a new one.
    """
    user = User(
        email=normalise_email(email),
        password=make_password(password),
        full_name=full_name,
        **fields,
    )
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise EmailTaken(email) from error
    return user


def sign_up(*, site: str, email: str, **fields: str) -> User:
    """Make an account; if the address has one, tell its owner by mail. Raises `EmailTaken`."""
    try:
        return register_user(email=email, **fields)
    except EmailTaken:
        tell_owner(email, site)
        raise


def tell_owner(email: str, site: str) -> None:
    if not MailThrottle.seconds_for(email):
        queue_mail(template="account_exists", to=email, site=site)
