"""Tokens: what is stored of them cannot be used by whoever reads it."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from accounts.testing import PASSWORD, make_api_client, make_superuser
from accounts.tokens import RefreshToken

pytestmark = pytest.mark.django_db


def use_every_way_to_a_token() -> list[str]:
    """Register, sign in, rotate and sign out; return every token that was handed out."""
    root, api = make_superuser("root@example.org"), make_api_client()
    new = {"email": "new@example.org", "password": PASSWORD, "full_name": "New"}
    known = {"email": root.email, "password": PASSWORD}
    pairs = [api.post("/api/auth/register/", new).json()]
    pairs += [api.post(f"/api/auth/{way}/", known).json() for way in ("login", "token")]
    pairs.append(api.post("/api/auth/refresh/", {"refresh": pairs[1]["refresh"]}).json())
    signed_in = make_api_client(root)
    signed_in.post("/api/auth/logout/", {"refresh": pairs[2]["refresh"]})
    return [pair[kind] for pair in pairs for kind in ("access", "refresh")]


def stored_texts() -> list[str]:
    """Return every text of the database that stands in a column of text or JSON."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    found: list[str] = []
    for model in apps.get_models(include_auto_created=True):
        names = [f.attname for f in model._meta.concrete_fields if isinstance(f, kinds)]
        rows: Any = model._base_manager.values_list(*names) if names else []
        found += [str(value) for row in rows for value in row]
    return found


def test_no_table_holds_a_token() -> None:
    tokens = use_every_way_to_a_token()

    texts = " ".join(stored_texts())

    assert len(tokens) == 8
    assert OutstandingToken.objects.count() >= 5
    assert not any(token in texts for token in tokens)
    assert set(OutstandingToken.objects.values_list("token", flat=True)) == {""}


def test_a_token_that_was_never_noted_is_ended_without_its_text() -> None:
    token = RefreshToken.for_user(make_superuser())
    OutstandingToken.objects.all().delete()

    token.blacklist()

    assert BlacklistedToken.objects.get().token.token == ""


def test_the_tokens_of_before_are_forgotten_when_the_database_is_migrated() -> None:
    OutstandingToken.objects.create(jti="x", token="a.b.c", expires_at=timezone.now())
    migration: Any = import_module("accounts.migrations.0010_erase_people_and_forget_tokens")

    migration.forget_tokens(apps, SimpleNamespace(connection=connection))

    assert OutstandingToken.objects.get().token == ""


def test_tokens_have_no_page_in_the_admin() -> None:
    shown = {model._meta.label for model in admin.site._registry}

    assert not shown & {
        "token_blacklist.OutstandingToken",
        "token_blacklist.BlacklistedToken",
        "sessions.Session",
        "interviews.SocketTicket",
    }


def test_no_list_of_the_admin_shows_a_token_or_a_session(client: Client) -> None:
    tokens = use_every_way_to_a_token()
    client.force_login(make_superuser())
    secrets = [*tokens, client.cookies["sessionid"].value]

    for model in admin.site._registry:
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        page = client.get(url).content.decode()
        assert not any(secret in page for secret in secrets)


def test_a_failed_sign_in_stores_no_form_token(client: Client) -> None:
    secret = "s" * 64
    form = {"username": "a@example.org", "password": "wrong", "csrfmiddlewaretoken": secret}

    client.post(reverse("sign-in"), form)

    assert not any(secret in text for text in stored_texts())
