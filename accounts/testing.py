"""Helpers that other apps' tests use to make people."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from django.contrib.auth.models import Permission
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tokens import RefreshToken

PASSWORD = "correct-horse-battery"
_number = itertools.count(1)


def make_user(
    email: str = "",
    *,
    staff: bool = False,
    full_name: str = "Ada Candidate",
    rights: Iterable[str] = (),
) -> User:
    address = email or f"person{next(_number)}@example.org"
    user = User.objects.create_user(address, PASSWORD, full_name=full_name, is_staff=staff)
    return grant(user, *rights)


def grant(user: User, *rights: str) -> User:
    """Give Django permissions such as `interviews.view_interview`."""
    for right in rights:
        app, codename = right.split(".")
        found = Permission.objects.get(content_type__app_label=app, codename=codename)
        user.user_permissions.add(found)
    for cache in ("_perm_cache", "_user_perm_cache", "_group_perm_cache"):
        vars(user).pop(cache, None)
    return user


def make_superuser(email: str = "") -> User:
    address = email or f"root{next(_number)}@example.org"
    return User.objects.create_superuser(address, PASSWORD, full_name="Root")


def make_api_client(user: User | None = None) -> APIClient:
    client = APIClient()
    if user is not None:
        token = RefreshToken.for_user(user).access_token
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client
