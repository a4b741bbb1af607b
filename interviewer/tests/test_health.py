"""What `/health` and the System page say, to whom, and that nothing keeps them from saying it."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from redis.exceptions import RedisError

from accounts.models import Mail, User
from accounts.testing import PASSWORD, make_api_client, make_user
from interviewer import health, probing, proxy_hints
from interviewer.probing import Probe, impatient
from interviewer.tests.test_handler import ask
from interviews.models import Heartbeat
from interviews.services.heartbeat import beat
from interviews.services.slots import PLACES, work_slot

PUBLIC = {
    "status",
    "version",
    "database",
    "channel_layer",
    "catch_up",
    "providers",
    "mail",
}
SYSTEM = "/admin/system/"


def make_operator() -> User:
    user = make_user(staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_system"))
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def health_of(client: Any, **headers: str) -> dict[str, Any]:
    return dict(client.get("/health", headers=headers).json())


@pytest.mark.django_db
def test_anybody_learns_a_word_about_each_part_and_nothing_else(client: Client) -> None:
    beat()

    response = client.get("/health")

    assert response.status_code == 200
    body = response.json()
    assert set(body) == PUBLIC
    assert body.pop("version")
    assert set(body.values()) == {"ok"}
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_only_the_permission_shows_why() -> None:
    beat()
    root = User.objects.create_superuser("root@example.org", PASSWORD, full_name="Root")
    operator = make_operator()

    for client in (Client(), signed_in(make_user()), signed_in(make_user(staff=True))):
        assert set(health_of(client)) == PUBLIC
    for user in (root, operator):
        assert "Last heartbeat" in str(health_of(signed_in(user))["why"]["catch_up"])
        assert "why" in health_of(make_api_client(user))


@pytest.mark.django_db
def test_credentials_that_are_no_good_are_nobody_s() -> None:
    operator = make_operator()
    lapsed = signed_in(operator)
    User.objects.filter(pk=operator.pk).update(is_active=False)
    broken = Client()
    broken.cookies["sessionid"] = "\x00nonsense"

    for client in (lapsed, make_api_client(operator), broken):
        assert set(health_of(client)) == PUBLIC
    assert set(health_of(Client(), Authorization="Bearer nonsense")) == PUBLIC
    assert set(health_of(Client(), Authorization="Basic eHg6eHg=")) == PUBLIC


@pytest.mark.django_db
def test_the_database_is_what_makes_it_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DatabaseError("password=hunter22 host=10.1.2.3")

    monkeypatch.setattr(connection, "cursor", refuse)

    response = client.get("/health")

    assert response.status_code == 503
    assert response.json()["status"] == response.json()["database"] == "down"
    assert b"hunter" not in response.content


@pytest.mark.django_db
def test_without_redis_it_is_degraded_and_not_503(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise RedisError("away")

    beat()
    monkeypatch.setattr(cache, "set", refuse)

    response = client.get("/health")

    assert response.status_code == 200
    assert (response.json()["status"], response.json()["channel_layer"]) == ("degraded", "down")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seconds", "state"), [(1, "ok"), (50, "ok"), (70, "degraded"), (400, "down")]
)
def test_a_heartbeat_that_grows_old_shows(client: Client, seconds: int, state: str) -> None:
    beat()
    Heartbeat.objects.update(beat_at=timezone.now() - timedelta(seconds=seconds))

    assert health_of(client)["catch_up"] == state


@pytest.mark.django_db
def test_a_heartbeat_from_before_the_clock_was_set_back_is_old(client: Client) -> None:
    beat()
    Heartbeat.objects.update(beat_at=timezone.now() + timedelta(hours=1))

    assert health_of(client)["catch_up"] == "down"


@pytest.mark.django_db
def test_a_sweep_that_is_refused_is_told_to_operators(monkeypatch: pytest.MonkeyPatch) -> None:
    beat()
    monkeypatch.setattr(health, "sweep_refusal", lambda: "9 of 10 recordings would go.")
    operator = signed_in(make_operator())

    told, page = health_of(operator)["why"]["catch_up"], operator.get(SYSTEM).content.decode()

    assert "9 of 10 recordings" in told[-1]
    assert "9 of 10 recordings" in page
    assert "recordings" not in str(health_of(Client()))


@pytest.mark.django_db
def test_a_loop_that_never_ran_is_down(client: Client) -> None:
    assert health_of(client)["catch_up"] == "down"
    assert health_of(client)["status"] == "degraded"


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "state"), [(1, "ok"), (10, "degraded"), (70, "degraded")])
def test_mail_that_waits_shows(client: Client, minutes: int, state: str) -> None:
    mail = Mail.objects.create(template="password_reset", address="a@example.org", ids={})
    Mail.objects.filter(pk=mail.pk).update(queued_at=timezone.now() - timedelta(minutes=minutes))
    expected = "down" if minutes > 60 else state

    assert health_of(client)["mail"] == expected


@pytest.mark.django_db
def test_settings_that_a_proxy_shows_to_be_wrong_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxy_hints, "_seen", set())
    root = signed_in(make_operator())

    told = health_of(root, X_Forwarded_Proto="https", X_Forwarded_For="10.1.2.3")["why"]["settings"]
    quiet = health_of(root)["why"]["settings"]

    assert "HTTPS=1" in str(told)
    assert "PROXY_COUNT" in str(told)
    assert quiet == []

    Client().get("/", headers={"X-Forwarded-For": "10.1.2.3"})
    assert "PROXY_COUNT" in str(health_of(root)["why"]["settings"])


@pytest.mark.django_db
def test_other_methods_are_a_405_problem(client: Client) -> None:
    response = client.post("/health")

    assert response.status_code == 405
    assert response["Content-Type"] == "application/problem+json"
    assert response["Allow"] == "GET, HEAD"


@pytest.mark.django_db
def test_the_system_page_needs_the_permission_and_says_why() -> None:
    beat()
    page = signed_in(make_operator()).get(SYSTEM, headers={"X-Forwarded-Proto": "https"})

    assert page.status_code == 200
    assert b"Last heartbeat" in page.content
    assert b"HTTPS=1" in page.content
    assert signed_in(make_user(staff=True)).get(SYSTEM).status_code == 403
    assert signed_in(make_user()).get(SYSTEM).status_code == 302
    assert Client().get(SYSTEM).status_code == 302


@pytest.mark.django_db
def test_the_admin_links_to_the_system_page_only_for_those_who_may_see_it() -> None:
    assert SYSTEM in signed_in(make_operator()).get("/admin/").content.decode()
    assert SYSTEM not in signed_in(make_user(staff=True)).get("/admin/").content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
async def test_it_answers_while_every_place_to_work_is_taken() -> None:
    free = threading.Event()

    def occupy() -> None:
        with work_slot():
            free.wait(20)

    workers = [threading.Thread(target=occupy) for _place in range(PLACES)]
    for worker in workers:
        worker.start()
    try:
        status, parts = await asyncio.wait_for(ask("/health"), 10)
    finally:
        free.set()
        for worker in workers:
            worker.join()

    assert status == 200
    assert b'"database": "ok"' in b"".join(parts)


@pytest.fixture
def short_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "LIMIT_SECONDS", 0.2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("short_limit")
@pytest.mark.parametrize(("part", "status"), [("database", 503), ("channel_layer", 200)])
def test_a_part_that_never_answers_is_down(
    client: Client, monkeypatch: pytest.MonkeyPatch, part: str, status: int
) -> None:
    never = threading.Event()
    hanging: Probe[Any] = Probe(lambda: never.wait(20))
    monkeypatch.setitem(health.PROBES, part, hanging)

    responses = [client.get("/health") for _time in range(3)]
    never.set()

    assert [response.status_code for response in responses] == [status] * 3
    assert all(response.json()[part] == "down" for response in responses)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("short_limit")
def test_a_check_that_hangs_is_not_begun_again() -> None:
    begun, never = [], threading.Event()

    def hang() -> None:
        begun.append(1)
        never.wait(20)

    probe = Probe(hang)
    for _time in range(5):
        with pytest.raises(TimeoutError):
            probe.wait(probe.start())
    never.set()

    assert begun == [1]


@pytest.mark.django_db(transaction=True)
def test_a_check_that_is_over_is_begun_afresh() -> None:
    numbers = iter(range(9))
    probe = Probe(lambda: next(numbers))

    assert [probe.wait(probe.start()) for _time in range(2)] == [0, 1]


@pytest.mark.django_db(transaction=True)
def test_who_may_see_it_is_found_out_beside_the_pool_too() -> None:
    assert "why" in health_of(signed_in(make_operator()))
    assert set(health_of(signed_in(make_user()))) == PUBLIC


def test_a_connection_to_postgresql_gives_up_by_itself() -> None:
    options = impatient("postgresql", {"pool": {"max_size": 1}, "options": "-c search_path=x"})

    assert options == {
        "connect_timeout": 2,
        "tcp_user_timeout": 2000,
        "options": "-c search_path=x -c statement_timeout=2000",
    }
    assert impatient("sqlite", {"timeout": 10}) == {"timeout": 10}
