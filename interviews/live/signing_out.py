"""Tells open sockets at once that somebody signed out or lost their account.

By the framework's own signals, because `accounts` and Django's sign-out know nothing of sockets.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest

from accounts.models import User
from interviews.groups import send, user_group


def connect_signals() -> None:
    user_logged_out.connect(browser_signed_out, dispatch_uid="sockets-sign-out")
    post_save.connect(account_changed, sender=User, dispatch_uid="sockets-account-changed")
    post_delete.connect(account_deleted, sender=User, dispatch_uid="sockets-account-deleted")


def browser_signed_out(request: HttpRequest, user: User | None, **_kwargs: Any) -> None:
    """Close what the browser's session opened; the session itself ends right after this."""
    key = request.session.session_key
    if key and user:
        send(user_group(user.pk), {"type": "signed.out", "sign_in": name_of(key)})


def account_changed(
    instance: User, *, created: bool, update_fields: frozenset[str] | None, **_kwargs: Any
) -> None:
    """Look at somebody's sockets again: a new password, a disabled account, a sign-out with a token."""
    if not created and update_fields != frozenset({"last_login"}):
        _look_again(instance.pk)


def account_deleted(instance: User, **_kwargs: Any) -> None:
    _look_again(instance.pk)


def _look_again(user_id: int) -> None:
    transaction.on_commit(lambda: send(user_group(user_id), {"type": "rights.changed"}))


def name_of(sign_in: str) -> str:
    """Name a browser's session without giving its key away."""
    return hashlib.sha256(sign_in.encode()).hexdigest()
