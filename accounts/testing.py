"""Helpers that other apps' tests use to make people."""

from __future__ import annotations

import itertools

from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import User

PASSWORD = "correct-horse-battery"
_number = itertools.count(1)


def make_user(email: str = "", *, staff: bool = False, full_name: str = "Ada Candidate") -> User:
    address = email or f"person{next(_number)}@example.org"
    return User.objects.create_user(address, PASSWORD, full_name=full_name, is_staff=staff)


def make_api_client(user: User | None = None) -> APIClient:
    client = APIClient()
    if user is not None:
        token = RefreshToken.for_user(user).access_token
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client
