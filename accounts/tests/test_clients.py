"""Which client a request counts for, also behind proxies and with IPv6."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.clients import client_address
from accounts.testing import PASSWORD, make_api_client, make_user
from accounts.throttles import SharedThrottle

HERE, PROXY = "198.51.100.7", "10.0.0.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, HERE, PROXY),
        (1, "", PROXY),
        (1, HERE, HERE),
        (1, f"{HERE}:49152", HERE),
        (1, f"203.0.113.9, {HERE}", HERE),
        (1, "unknown", PROXY),
        (2, f"203.0.113.9, {HERE}, 10.0.0.2", HERE),
        (2, HERE, HERE),
        (1, "[2001:db8:1:2::3]:443", "2001:db8:1:2::"),
        (1, "2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::"),
        (1, "::ffff:198.51.100.7", HERE),
        (1, "fe80::1%eth0", "fe80::"),
    ],
)
def test_a_client_is_what_our_own_proxy_saw(
    proxies: int, forwarded: str, counted: str, settings: Settings
) -> None:
    settings.PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    request = RequestFactory(REMOTE_ADDR=PROXY).get("/", headers=headers)

    assert client_address(request) == counted


def test_a_local_socket_has_no_address() -> None:
    assert client_address(RequestFactory(REMOTE_ADDR="").get("/")) is None


@pytest.mark.django_db
def test_behind_a_proxy_nobody_locks_out_somebody_at_another_address(settings: Settings) -> None:
    settings.PROXY_COUNT = 1
    user, statuses = make_user(), []
    for number in range(9):
        headers = {"X-Forwarded-For": f"203.0.113.{number}, 198.51.100.66"}
        form = {"username": user.email, "password": "wrong-password"}
        statuses.append(Client().post(reverse("sign-in"), form, headers=headers).status_code)

    form = {"username": user.email, "password": PASSWORD}
    mine = Client().post(reverse("sign-in"), form, headers={"X-Forwarded-For": HERE})

    assert statuses[-1] == 429
    assert mine.status_code == 302


@pytest.mark.django_db
def test_one_network_of_ipv6_is_one_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SharedThrottle.THROTTLE_RATES, "reset", "2/hour")
    replies = [
        Client(REMOTE_ADDR=address).post(
            reverse("password-reset"), {"email": f"{number}@example.org"}
        )
        for number, address in enumerate(
            ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"]
        )
    ]

    assert [reply.status_code for reply in replies] == [302, 302, 429, 302]


@pytest.mark.django_db
def test_a_lock_out_holds_for_a_whole_network_of_ipv6() -> None:
    user, api = make_user(), make_api_client()
    body = {"email": user.email, "password": "wrong-password"}

    statuses = [
        api.post("/api/auth/login/", body, REMOTE_ADDR=f"2001:db8::{number}").status_code
        for number in range(1, 10)
    ]

    assert statuses[-1] == 429
