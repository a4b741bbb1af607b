"""Refresh tokens: one new pair each, leniently for seconds, and all end together if one is used later."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import TokenFamily, User
from accounts.testing import PASSWORD, make_api_client, make_user
from accounts.tokens import RefreshToken

pytestmark = pytest.mark.django_db
Pair = dict[str, str]


def login(user: User) -> Pair:
    body = {"email": user.email, "password": PASSWORD}
    return make_api_client().post("/api/auth/login/", body).json()  # type: ignore[no-any-return]


def refresh(token: str) -> Any:
    return make_api_client().post("/api/auth/refresh/", {"refresh": token})


def me(access: str) -> int:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return client.get("/api/users/me/").status_code


def let_seconds_pass(seconds: int) -> None:
    """Make every use of a token that many seconds older."""
    for used in BlacklistedToken.objects.all():
        earlier = used.blacklisted_at - timedelta(seconds=seconds)
        BlacklistedToken.objects.filter(pk=used.pk).update(blacklisted_at=earlier)


def test_a_refresh_token_is_traded_for_a_new_pair() -> None:
    first = login(make_user())

    second = refresh(first["refresh"])

    assert second.status_code == 200
    assert second.json()["refresh"] != first["refresh"]
    assert me(second.json()["access"]) == 200
    assert refresh(second.json()["refresh"]).status_code == 200


def test_the_same_token_twice_within_seconds_gives_two_pairs_that_work() -> None:
    first = login(make_user())["refresh"]

    replies = [refresh(first), refresh(first)]

    pairs = [reply.json() for reply in replies]
    assert [me(pair["access"]) for pair in pairs] == [200, 200]
    assert [refresh(pair["refresh"]).status_code for pair in pairs] == [200, 200]
    assert TokenFamily.objects.count() == 1


def test_a_later_use_ends_every_token_of_the_family() -> None:
    user = make_user()
    first = login(user)
    second, twin = refresh(first["refresh"]).json(), refresh(first["refresh"]).json()
    third = refresh(second["refresh"]).json()
    elsewhere = login(user)
    let_seconds_pass(11)

    assert refresh(first["refresh"]).status_code == 401

    assert {refresh(p["refresh"]).status_code for p in (second, twin, third)} == {401}
    assert {me(p["access"]) for p in (first, second, twin, third)} == {401}
    assert (me(elsewhere["access"]), refresh(elsewhere["refresh"]).status_code) == (200, 200)


def test_a_later_use_also_closes_what_was_opened_with_tokens() -> None:
    user = make_user()
    first = login(user)["refresh"]
    refresh(first)
    let_seconds_pass(11)

    refresh(first)

    user.refresh_from_db()
    assert user.signed_out_at is not None


def test_signing_out_ends_access_tokens_and_twins_too() -> None:
    first = login(make_user())
    second, twin = refresh(first["refresh"]).json(), refresh(first["refresh"]).json()
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {second['access']}")

    reply = client.post("/api/auth/logout/", {"refresh": second["refresh"]})

    assert reply.status_code == 204
    assert {me(p["access"]) for p in (first, second, twin)} == {401}
    assert refresh(twin["refresh"]).status_code == 401
    assert refresh(second["refresh"]).status_code == 401


def test_a_used_token_within_seconds_is_no_way_back_after_signing_out() -> None:
    pair = login(make_user())
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {pair['access']}")
    client.post("/api/auth/logout/", {"refresh": pair["refresh"]})

    assert refresh(pair["refresh"]).status_code == 401


def test_a_family_lives_as_long_as_its_newest_token() -> None:
    first = login(make_user())["refresh"]
    soon = timezone.now() + timedelta(minutes=1)
    TokenFamily.objects.update(expires_at=soon)

    refresh(first)

    assert TokenFamily.objects.get().expires_at > soon


def test_a_token_without_a_family_works_once_and_gets_one() -> None:
    old = str(RefreshToken.for_user(make_user()))

    reply = refresh(old)

    assert reply.status_code == 200
    assert refresh(old).status_code == 401
    assert TokenFamily.objects.count() == 1
    assert refresh(reply.json()["refresh"]).status_code == 200


def test_no_usable_token_is_stored() -> None:
    pair = login(make_user())
    refresh(pair["refresh"])

    assert set(OutstandingToken.objects.values_list("token", flat=True)) == {""}


@pytest.mark.parametrize(("ahead", "status"), [(3, 200), (60, 401)])
def test_a_clock_that_is_a_few_seconds_behind_refuses_nobody(ahead: int, status: int) -> None:
    token = AccessToken.for_user(make_user())
    token.set_iat(at_time=timezone.now() + timedelta(seconds=ahead))

    assert me(str(token)) == status


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_the_very_same_time_both_get_a_pair() -> None:
    first = login(make_user())["refresh"]
    together = threading.Barrier(2, timeout=10)

    def tab(_number: int) -> int:
        together.wait()
        try:
            return int(refresh(first).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(tab, range(2))) == [200, 200]


def test_a_family_expires_after_it_began() -> None:
    past = timezone.now() - timedelta(days=1)

    with (
        pytest.raises(IntegrityError, match="token_family_expires_after_it_began"),
        transaction.atomic(),
    ):
        TokenFamily.objects.create(user=make_user(), expires_at=past)
