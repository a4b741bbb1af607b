"""What a socket learns of the world outside: changes, sign-outs, other devices' drafts, and a database that is away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
import pytest_asyncio
from channels.db import database_sync_to_async as in_sync
from channels.layers import get_channel_layer
from channels.routing import get_default_application
from django.core.cache import cache
from django.db import OperationalError, connections
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import User
from accounts.testing import make_api_client
from ai.testing import StubModel
from interviews import services
from interviews.groups import user_group
from interviews.live import consumer as consumer_module
from interviews.live import places
from interviews.live import sweeper as sweeper_module
from interviews.live.sweeper import sweeper
from interviews.models import InterviewSession, Turn
from interviews.services.drafting import draft_revision
from interviews.services.tickets import issue_ticket
from interviews.testing import answer, make_bank
from interviews.tests.test_live_room import (
    HOST,
    ORIGIN,
    Socket,
    anonymous,
    cookies_of,
    make,
    room,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
LONG, SHORT = "A long text, typed at the desk.", "Short, on the phone."


@pytest.fixture(autouse=True)
def set_up(stub: StubModel) -> None:
    make_bank()


@pytest_asyncio.fixture(autouse=True)
async def let_go() -> AsyncIterator[None]:
    """Close the connection that the asynchronous ORM keeps open in its thread."""
    yield
    await in_sync(connections.close_all)()


async def act(do: Callable[[], object]) -> Any:
    return await in_sync(do)()


@pytest.mark.parametrize(
    "change", [{"version": 99}, {"status": "abandoned", "finished_at": timezone.now()}]
)
async def test_the_first_sweep_shows_what_another_process_changed(change: dict[str, Any]) -> None:
    session = await make()

    async with room(session) as socket:
        await socket.hear("state")
        await InterviewSession.objects.filter(pk=session.pk).aupdate(**change)
        await sweeper.sweep()

        assert await socket.hear("state")


async def test_a_rating_that_another_process_stored_is_shown() -> None:
    session = await make(follow_ups_per_question=0)
    await act(lambda: answer(session, "k1"))
    await Turn.objects.filter(session=session, number=1).aupdate(evaluation="pending")

    async with room(session) as socket:
        await socket.hear("state")
        await Turn.objects.filter(session=session, number=1).aupdate(evaluation="scored")
        await sweeper.sweep()

        state = await socket.hear("state")

    assert state["turns"][0]["evaluation"]["status"] == "scored"


async def test_ones_own_answer_is_not_shown_again() -> None:
    session = await make(follow_ups_per_question=0)

    async with room(session) as socket:
        await socket.hear("state")
        await socket.send_json_to({"type": "answer", "turn": 1, "key": "a", "text": "k1"})
        await socket.hear("evaluation")
        await sweeper.sweep()

        assert await socket.receive_nothing(0.2)


async def test_the_sixth_socket_of_a_person_is_refused_and_a_closed_one_makes_room() -> None:
    session, other = await make(), await make()
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(room(session)) for _number in range(5)]
        for socket in sockets:
            await socket.hear("state")

        async with room(session) as sixth, room(other) as stranger:
            assert await sixth.closed_with() == 4429
            assert await stranger.hear("state")
        await sockets[0].disconnect()
        async with room(session) as again:
            assert await again.hear("state")


async def test_a_silent_socket_gives_way_to_a_new_one() -> None:
    session = await make()
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(room(session)) for _number in range(5)]
        for socket in sockets:
            await socket.hear("state")
        sweeper.sockets[0].heard_at = time.monotonic() - 40

        async with room(session) as sixth:
            assert await sixth.hear("state")
        assert len(sweeper.sockets) == 4


async def test_places_are_counted_over_all_processes_that_share_redis(settings: Settings) -> None:
    settings.REDIS_URL = "redis://shared"
    session = await make()
    for number in range(4):
        assert places.take_place(session.candidate_id, f"elsewhere {number}")

    async with room(session) as fifth:
        await fifth.hear("state")
        async with room(session) as sixth:
            assert await sixth.closed_with() == 4429
    async with room(session) as again:
        await again.hear("state")
        cache.clear()
        await sweeper.sweep()
        taken = {cache.get(f"socket:{session.candidate_id}:{n}") for n in range(5)} - {None}
        assert taken == {sweeper.sockets[0].channel_name}


async def test_signing_out_on_a_page_closes_its_sockets_at_once() -> None:
    session = await make()

    async with room(session) as elsewhere:
        cookie = await in_sync(cookies_of)(session.candidate)
        headers = [(b"cookie", cookie), ORIGIN, HOST]
        path = f"/ws/interviews/{session.token}/"
        socket = Socket(get_default_application(), path, headers=headers)
        await socket.connect(timeout=5)
        await socket.hear("state")
        await elsewhere.hear("state")
        client = Client()
        client.cookies.load(cookie.decode())

        await act(lambda: client.post("/account/sign-out/"))

        assert await socket.closed_with() == 4401
        assert await elsewhere.receive_nothing(0.1)
        await socket.disconnect()


async def test_signing_out_over_the_api_closes_what_a_ticket_opened_at_once() -> None:
    session = await make()
    ticket = await in_sync(issue_ticket)(user=session.candidate, token=session.token)

    def sign_out() -> None:
        refresh = RefreshToken.for_user(session.candidate)
        body = {"refresh": str(refresh)}
        assert make_api_client(session.candidate).post("/api/auth/logout/", body).status_code == 204

    async with anonymous(session) as socket:
        await socket.send_json_to({"type": "auth", "ticket": ticket})
        await socket.hear("state")

        await act(sign_out)

        assert await socket.closed_with() == 4401


def disable(user: User) -> None:
    root = Client()
    root.force_login(User.objects.create_superuser("root@example.org", full_name="Root"))
    chosen = {"action": "disable", "_selected_action": [user.pk]}
    assert root.post("/admin/accounts/user/", chosen).status_code == 302


def change_password(user: User) -> None:
    user.set_password("another password")
    user.save()


def erase(user: User) -> None:
    InterviewSession.objects.filter(candidate=user).delete()
    user.interviews.all().delete()
    user.delete()


@pytest.mark.parametrize("end", [disable, change_password, erase])
async def test_the_end_of_an_account_closes_its_sockets_at_once(
    end: Callable[[User], None],
) -> None:
    session = await make()

    async with room(session) as socket:
        await socket.hear("state")
        await act(lambda: end(session.candidate))

        assert await socket.closed_with() == 4401


async def test_a_late_answer_that_ends_its_question_is_told_to_other_sockets() -> None:
    session = await make(timed=True)

    async with room(session) as late, room(session) as other:
        await late.hear("state")
        await other.hear("state")
        await Turn.objects.filter(session=session).aupdate(
            deadline=timezone.now() - timedelta(minutes=5)
        )
        await late.send_json_to({"type": "answer", "turn": 1, "key": "a", "text": "k1"})
        assert (await late.hear("error"))["code"] == "too_late"

        assert (await other.hear("state"))["question"]["turn"] == 2


async def test_a_late_answer_over_rest_is_told_to_sockets_too() -> None:
    session = await make(timed=True)
    body = {"session_token": session.token, "turn": 1, "response_text": "k1"}

    def submit() -> int:
        client = make_api_client(session.candidate)
        return int(client.post("/api/interviews/session/submit", body).status_code)

    async with room(session) as other:
        await other.hear("state")
        await Turn.objects.filter(session=session).aupdate(
            deadline=timezone.now() - timedelta(minutes=5)
        )
        assert await act(submit) == 409

        assert (await other.hear("state"))["question"]["turn"] == 2


def draft(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "draft", "turn": 1, "text": text, **more}


async def test_a_short_draft_of_another_device_does_not_replace_a_longer_one() -> None:
    session = await make()

    async with room(session) as desk, room(session) as phone:
        await desk.hear("state")
        await phone.hear("state")
        await desk.send_json_to(draft(LONG))
        await desk.hear("ack")
        await phone.send_json_to(draft(SHORT))
        error = await phone.hear("error")

    assert (error["code"], error["retryable"]) == ("newer_draft", False)
    assert (error["draft"], error["revision"]) == (LONG, draft_revision(LONG))
    assert (await Turn.objects.aget(session=session)).draft == LONG


async def test_a_device_may_shorten_its_own_draft() -> None:
    session = await make()

    async with room(session) as socket:
        await socket.hear("state")
        for text in (LONG, SHORT):
            await socket.send_json_to(draft(text))
            assert await socket.hear("ack") == {"type": "ack", "of": "draft", "turn": 1}

    assert (await Turn.objects.aget(session=session)).draft == SHORT


async def test_a_device_that_has_seen_the_longer_draft_may_replace_it() -> None:
    session = await make()
    await act(
        lambda: services.save_draft(user=session.candidate, token=session.token, turn=1, text=LONG)
    )

    async with room(session) as socket:
        seen = (await socket.hear("state"))["question"]
        assert seen["draft"] == LONG
        await socket.send_json_to(draft(SHORT, base=seen["draft_revision"]))
        assert (await socket.hear("ack"))["revision"] == draft_revision(SHORT)
        await socket.send_json_to(draft("", base=seen["draft_revision"]))
        assert (await socket.hear("error"))["code"] == "newer_draft"


async def test_a_page_saves_drafts_under_the_same_rule() -> None:
    session = await make()
    place = f"/room/{session.token}/draft/"

    def save(client: Client, text: str, base: str = "") -> Any:
        return client.post(place, {"turn": 1, "text": text, "base": base})

    def two_pages() -> list[Any]:
        client = Client()
        client.force_login(session.candidate)
        first = save(client, LONG)
        refused = save(client, SHORT)
        told = save(client, SHORT, refused.json()["revision"])
        return [first, refused, told]

    first, refused, told = await act(two_pages)

    assert (first.status_code, first["Draft-Revision"]) == (204, draft_revision(LONG))
    assert (refused.status_code, refused.json()["draft"]) == (412, LONG)
    assert told.status_code == 204


async def test_a_draft_never_lands_on_one_it_did_not_see() -> None:
    session = await make()
    turn = await Turn.objects.aget(session=session)
    await Turn.objects.filter(pk=turn.pk).aupdate(draft=LONG)

    assert await act(lambda: turn.save_draft(SHORT)) is False

    assert (await Turn.objects.aget(session=session)).draft == LONG


async def test_a_database_that_is_away_closes_no_socket() -> None:
    session = await make()

    async with room(session) as socket:
        await socket.hear("state")
        away = mock.Mock(side_effect=OperationalError("the connection is closed"))
        with mock.patch.object(services, "save_draft", away):
            await socket.send_json_to(draft("so far"))
            error = await socket.hear("error")
        assert (error["code"], error["retryable"]) == ("busy", True)
        await socket.send_json_to(draft("so far"))
        assert await socket.hear("ack")


async def test_a_socket_that_opens_while_the_database_is_away_is_asked_to_come_back() -> None:
    session = await make()
    away = mock.Mock(side_effect=OperationalError("the connection is closed"))

    with mock.patch.object(consumer_module, "watched_session", away):
        async with room(session) as socket:
            assert await socket.closed_with() == 1013


async def test_a_process_that_runs_for_days_still_hears_of_sign_outs() -> None:
    session, layer = await make(), get_channel_layer()

    async with room(session) as socket:
        await socket.hear("state")
        for one in sweeper.sockets:  # as the layer does after a day
            await layer.group_discard(user_group(session.candidate_id), one.channel_name)
        await act(lambda: disable(session.candidate))
        await sweeper.sweep()

        assert await socket.closed_with() == 4401


async def test_sweeps_go_on_after_a_failure() -> None:
    session = await make()
    sweep = mock.AsyncMock(side_effect=[RuntimeError("something unexpected"), *([None] * 1000)])

    with (
        mock.patch.object(sweeper_module, "EVERY", 0.02),
        mock.patch.object(sweeper, "sweep", sweep),
    ):
        async with room(session) as socket:
            await socket.hear("state")
            while sweep.await_count < 2:
                await asyncio.sleep(0.02)
