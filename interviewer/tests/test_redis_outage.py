"""Redis may go: nothing fails, counts go on, and messages arrive again once it is back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from channels.db import database_sync_to_async as in_sync
from django.core.cache import cache, caches
from django.db import connections
from django.test import Client
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from accounts.testing import make_api_client
from interviewer.conf import caches as cache_settings
from interviewer.conf import channel_layers
from interviewer.outages import Outage, redis_outage
from interviewer.redis_cache import ResilientRedisCache
from interviewer.redis_layer import ResilientRedisLayer
from interviews.live.sweeper import sweeper
from interviews.testing import make_bank, make_session
from interviews.tests.restarting import free_port, own_redis
from interviews.tests.test_live_room import make, room

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Begin and end with no outage known."""
    redis_outage.is_known = False
    yield
    redis_outage.is_known = False


@pytest.fixture
def dead_redis(settings: Settings, tmp_path: Path) -> None:
    """Configure a Redis that is not there."""
    url = f"redis://127.0.0.1:{free_port()}/0"
    settings.REDIS_URL = url
    settings.CACHES = cache_settings(url, folder=tmp_path)
    settings.CHANNEL_LAYERS = channel_layers(url)


def sign_up(client: APIClient, email: str) -> int:
    body = {"email": email, "password": PASSWORD, "full_name": "Ann Example"}
    return client.post("/api/auth/register/", body).status_code


def sign_in(client: APIClient, email: str, password: str = PASSWORD) -> int:
    return client.post("/api/auth/login/", {"email": email, "password": password}).status_code


@pytest.mark.django_db
@pytest.mark.usefixtures("dead_redis")
def test_people_sign_up_and_in_without_redis() -> None:
    client = APIClient()

    assert sign_up(client, "ann@example.org") == 201
    assert sign_in(client, "ann@example.org") == 200
    assert sign_in(client, "ann@example.org", "wrong") == 401


@pytest.mark.django_db
@pytest.mark.usefixtures("dead_redis")
def test_sign_ins_are_counted_without_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    rates = {"login": "2/min"}
    monkeypatch.setattr("rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES", rates)
    client = APIClient()

    codes = [sign_in(client, "nobody@example.org") for _attempt in range(3)]

    assert codes == [401, 401, 429]


@pytest.mark.django_db
@pytest.mark.usefixtures("dead_redis", "stub", "bank")
def test_an_answer_is_taken_without_redis_however_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES", {"submit": "1/min"}
    )
    session = make_session()
    client = make_api_client(session.candidate)
    body = {"session_token": session.token, "turn": 1, "response_text": "k1 k2 k3"}

    codes = [client.post("/api/interviews/session/submit", body).status_code for _n in range(3)]

    assert codes == [200, 200, 200]


@pytest.mark.django_db
@pytest.mark.usefixtures("stub", "bank")
def test_answers_are_throttled_while_counting_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES", {"submit": "1/min"}
    )
    session = make_session()
    client = make_api_client(session.candidate)
    body = {"session_token": session.token, "turn": 1, "response_text": "k1 k2 k3"}

    codes = [client.post("/api/interviews/session/submit", body).status_code for _n in range(2)]

    assert codes == [200, 429]


@pytest.mark.django_db
@pytest.mark.usefixtures("dead_redis")
def test_health_is_degraded_without_redis(client: Client) -> None:
    response = client.get("/health")

    assert response.status_code == 200
    body = response.json()
    assert (body["status"], body["channel_layer"]) == ("degraded", "down")


@pytest.mark.usefixtures("dead_redis")
def test_two_processes_of_a_machine_count_together_without_redis() -> None:
    ours: Any = caches["default"]
    cache.set("count", 1)
    folder = {"OPTIONS": {"spare_folder": ours.spare._dir}}
    theirs = ResilientRedisCache("redis://127.0.0.1:1/0", folder)

    assert theirs.incr("count") == 2
    assert cache.get("count") == 2
    assert caches["shared"].get("count") is None


@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("dead_redis", "stub")
async def test_the_live_room_works_without_redis() -> None:
    await in_sync(make_bank)()
    session = await make()

    async with room(session) as socket, room(session) as other:
        await socket.hear("state")
        await other.hear("state")
        await socket.send_json_to({"type": "answer", "turn": 1, "key": "a", "text": "k1 k2 k3"})
        assert await socket.hear("ack")
        assert await socket.hear("question")
        await sweeper.sweep()
        assert (await other.hear("state"))["question"]["turn"] == 2
    await in_sync(connections.close_all)()


def test_redis_is_used_again_once_it_is_back(settings: Settings, tmp_path: Path) -> None:
    with own_redis(tmp_path) as server:
        settings.CACHES = cache_settings(f"redis://127.0.0.1:{server.port}/0", folder=tmp_path)
        ours: Any = caches["default"]
        cache.set("where", "redis")
        server.stop()
        cache.set("where", "files")
        assert (cache.get("where"), ours.is_spare) == ("files", True)
        server.start()
        redis_outage._ask_again_at = 0.0

        cache.set("where", "redis again")

        assert (cache.get("where"), ours.is_spare) == ("redis again", False)
        assert ours.spare.get("where") == "files"


def test_an_outage_pauses_asking_and_ends_with_an_answer() -> None:
    outage = Outage("It", pause=60)

    outage.begin(OSError())
    assert (outage.is_known, outage.is_on) == (True, True)
    outage.end()

    assert (outage.is_known, outage.is_on) == (False, False)


@pytest.mark.asyncio
async def test_messages_arrive_again_after_redis_was_restarted(tmp_path: Path) -> None:
    with own_redis(tmp_path) as server:
        address = {"address": f"redis://127.0.0.1:{server.port}/0", "socket_timeout": 10}
        ours, theirs = ResilientRedisLayer(hosts=[address]), ResilientRedisLayer(hosts=[address])
        channel = await ours.new_channel("watch")
        await ours.group_add("before", channel)
        heard: set[str] = set()
        listening = asyncio.create_task(_listen(ours, channel, heard))
        await asyncio.sleep(0.1)

        await asyncio.to_thread(server.stop)
        await theirs.group_send("before", {"type": "lost"})
        await ours.group_add("meanwhile", channel)
        await asyncio.to_thread(server.start)
        async with asyncio.timeout(15):
            while heard != {"before", "meanwhile"}:
                for group in ("before", "meanwhile"):
                    await theirs.group_send(group, {"type": group})
                await asyncio.sleep(0.1)

        listening.cancel()


async def _listen(layer: ResilientRedisLayer, channel: str, heard: set[str]) -> None:
    while True:
        heard.add((await layer.receive(channel))["type"])
