"""The socket: the same turn as everywhere else, told step by step."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import pytest_asyncio
from channels.db import database_sync_to_async as in_sync
from channels.layers import get_channel_layer
from channels.routing import get_default_application
from channels.testing import WebsocketCommunicator
from django.db import connections
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.testing import make_api_client, make_user
from accounts.tokens import RefreshToken
from ai.testing import StubEar, StubModel, make_recording
from interviews import services
from interviews.groups import announce_async
from interviews.live.events import question_deltas
from interviews.live.sweeper import sweeper
from interviews.models import Answer, InterviewSession, Rating, Turn
from interviews.services.lookups import fresh
from interviews.services.tickets import issue_ticket
from interviews.services.turn.answer import Submission, record_answer
from interviews.testing import (
    answer,
    ear_in_use,
    make_bank,
    make_screening,
    make_session,
    model_in_use,
)
from interviews.tests.test_live_docs import check_members

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
ORIGIN = (b"origin", b"http://testserver")
HOST = (b"host", b"testserver")


class Socket(WebsocketCommunicator):  # type: ignore[misc]
    """A client of the room."""

    async def hear(self, kind: str, timeout: float = 5) -> Any:
        """Return the next event of a kind, passing over others."""
        while True:
            event = await self.receive_json_from(timeout)
            check_members(event)
            if event["type"] == kind:
                return event

    async def all_until(self, kind: str, timeout: float = 5) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = []
        while not events or events[-1]["type"] != kind:
            events.append(await self.receive_json_from(timeout))
            check_members(events[-1])
        return events

    async def closed_with(self) -> int:
        while True:
            message = await self.receive_output(5)
            if message["type"] == "websocket.close":
                return int(message["code"])


def cookies_of(user: User) -> bytes:
    client = Client()
    client.force_login(user)
    return b"; ".join(f"{k}={v.value}".encode() for k, v in client.cookies.items())


@asynccontextmanager
async def room(
    session: InterviewSession, user: User | None = None, *, page: bool = False
) -> AsyncIterator[Socket]:
    cookie = await in_sync(cookies_of)(user or session.candidate)
    path = f"/ws/interviews/{session.token}/{'?view=page' if page else ''}"
    socket = Socket(get_default_application(), path, headers=[(b"cookie", cookie), ORIGIN, HOST])
    connected, _code = await socket.connect(timeout=5)
    assert connected
    yield socket
    await socket.disconnect()


@pytest.fixture(autouse=True)
def set_up(stub: StubModel) -> None:
    make_bank()


@pytest_asyncio.fixture(autouse=True)
async def let_go() -> AsyncIterator[None]:
    """Close the connection that the asynchronous ORM keeps open in its thread."""
    yield
    await in_sync(connections.close_all)()


def known(session: InterviewSession) -> InterviewSession:
    """Return a session whose candidate is loaded, as a coroutine cannot load it."""
    return InterviewSession.objects.select_related("candidate").get(pk=session.pk)


async def make(**fields: Any) -> InterviewSession:
    session: InterviewSession = await in_sync(lambda: known(make_session(**fields)))()
    return session


async def test_the_state_comes_first_and_holds_all_that_a_page_needs() -> None:
    session = await make()

    async with room(session) as socket:
        state = await socket.hear("state")

    assert state["session_token"] == session.token
    assert state["question"]["turn"] == 1
    assert state["voice"]["available"] in {True, False}
    assert "html" not in state


async def test_a_page_gets_the_rooms_own_partial() -> None:
    session = await make()

    async with room(session, page=True) as socket:
        state = await socket.hear("state")

    assert 'id="question"' in state["html"]


def kinds(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


async def test_an_answer_is_acknowledged_then_followed_by_evaluation_and_question() -> None:
    session = await make()

    async with room(session) as socket:
        await socket.hear("state")
        await socket.send_json_to({"type": "answer", "turn": 1, "key": "one", "text": "only k1"})
        events = await socket.all_until("question")

    assert kinds(events) == ["ack", "evaluation", "question.delta", "question"]
    assert events[0] == {"type": "ack", "of": "answer", "key": "one", "turn": 1}
    assert events[-1]["next_step"] == "follow_up"
    assert events[-1]["question"]["turn"] == 2


async def test_a_socket_shows_what_the_loop_of_another_process_has_carried_on() -> None:
    session = await make()
    await in_sync(record_answer)(
        await in_sync(fresh)(session), Submission(1, "k1 k2 k3", key="key")
    )

    async with room(session) as socket:
        waiting = await socket.hear("state")
        await in_sync(services.catch_up)()
        carried_on = await socket.hear("state")

    assert waiting["question"] is None
    assert carried_on["question"]["turn"] == 2


async def test_the_pieces_of_a_question_are_its_text() -> None:
    following = Turn(
        number=3, text="You run 3.5 shops. One closes at once! What do you do? And why"
    )

    events = question_deltas(following)

    assert [event["number"] for event in events] == [0, 1, 2, 3]
    assert "".join(event["text"] for event in events) == following.text


async def test_a_page_gets_a_question_as_a_whole() -> None:
    session = await make()

    async with room(session, page=True) as socket:
        await socket.hear("state")
        await socket.send_json_to({"type": "answer", "turn": 1, "key": "one", "text": "only k1"})
        events = await socket.all_until("question")

    assert "question.delta" not in kinds(events)


async def test_the_next_question_comes_before_a_slow_rating_where_no_follow_up_can_come() -> None:
    with model_in_use(StubModel(delay=0.5)):
        session = await make(follow_ups_per_question=0)
        async with room(session) as socket:
            await socket.hear("state")
            await socket.send_json_to({"type": "answer", "turn": 1, "key": "one", "text": "k1"})
            events = await socket.all_until("evaluation")

    assert kinds(events) == ["ack", "question.delta", "question", "evaluation"]
    assert events[2]["next_step"] == "continue"
    assert events[3]["evaluation"]["status"] == "scored"
    turn = await Turn.objects.aget(session=session, number=1)
    assert (turn.flow, turn.evaluation) == ("closed", "scored")
    assert await Rating.objects.filter(turn=turn).acount() == 1


async def test_a_screening_shows_no_evaluation() -> None:
    staff, candidate = await in_sync(make_user)(staff=True), await in_sync(make_user)()
    session = await in_sync(lambda: known(make_screening(staff, candidate)))()
    await in_sync(lambda: services.start_interview(interview=session.interview, user=candidate))()

    async with room(session, candidate) as socket:
        await socket.hear("state")
        await socket.send_json_to({"type": "answer", "turn": 1, "key": "one", "text": "k1"})
        events = await socket.all_until("question")

    assert kinds(events) == ["ack", "question.delta", "question"]


async def test_who_wants_feedback_at_the_end_hears_none_before_and_then_all() -> None:
    session = await make(follow_ups_per_question=0, feedback="at_the_end")

    async with room(session) as socket:
        await socket.hear("state")
        await socket.send_json_to({"type": "answer", "turn": 1, "key": "one", "text": "k1"})
        events = await socket.all_until("question")
        await socket.send_json_to({"type": "answer", "turn": 2, "key": "two", "text": "k1"})
        last = await socket.all_until("completed")
    async with room(session) as socket:
        state = await socket.hear("state")

    assert kinds(events) == ["ack", "question.delta", "question"]
    assert kinds(last) == ["ack", "evaluation", "completed"]
    assert [turn["evaluation"]["score"] for turn in state["turns"]] == [25, 25]


async def test_the_last_answer_completes_the_interview() -> None:
    session = await make(num_questions=1)

    async with room(session) as socket:
        await socket.hear("state")
        await socket.send_json_to({"type": "answer", "turn": 1, "key": "one", "text": "k1 k2 k3"})
        completed = await socket.hear("completed")

    assert completed["status"] == "completed"
    assert completed["progress"]["percent"] == 100


async def test_sending_again_with_the_same_key_stores_once_and_shows_the_same() -> None:
    session = await make()
    message = {"type": "answer", "turn": 1, "key": "one", "text": "only k1"}

    async with room(session) as socket:
        await socket.hear("state")
        await socket.send_json_to(message)
        first = await socket.hear("question")
    async with room(session) as socket:
        await socket.hear("state")
        await socket.send_json_to(message)
        again = await socket.hear("question")

    assert first["question"]["turn"] == again["question"]["turn"] == 2
    assert await Answer.objects.acount() == 1
    assert await Rating.objects.acount() == 1


async def test_an_answer_to_a_closed_turn_is_a_conflict_with_the_present_state() -> None:
    session = await make()
    await in_sync(answer)(session)

    async with room(session) as socket:
        await socket.hear("state")
        await socket.send_json_to({"type": "answer", "turn": 1, "key": "new", "text": "other"})
        error = await socket.hear("error")

    assert (error["code"], error["retryable"], error["key"]) == ("conflict", False, "new")
    assert error["state"]["question"]["turn"] == 2


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ({"type": "answer", "turn": 0, "key": "k", "text": "x"}, "turn"),
        ({"type": "answer", "turn": "1", "key": "k", "text": "x"}, "turn"),
        ({"type": "answer", "turn": 1, "key": "", "text": "x"}, "key"),
        ({"type": "answer", "turn": 1, "key": "k", "text": "  "}, "text"),
        ({"type": "answer", "turn": 1, "key": "k", "text": "My words", "skip": True}, "skip"),
        ({"type": "answer", "turn": 1, "key": "k", "recording": "r", "skip": True}, "skip"),
        ({"type": "draft", "turn": 1, "text": "x" * 20_001}, "text"),
        ({"type": "rm -rf"}, "type"),
        ({"turn": 1}, "type"),
        ([1, 2], "message"),
        ("[" * 5000, "message"),
    ],
)
async def test_what_cannot_be_understood_is_refused_by_field(message: Any, field: str) -> None:
    session = await make()

    async with room(session) as socket:
        await socket.hear("state")
        if isinstance(message, str):
            await socket.send_to(text_data=message)
        else:
            await socket.send_json_to(message)
        error = await socket.hear("error")

    assert (error["code"], error["field"]) == ("invalid", field)
    assert await Answer.objects.acount() == 0


@pytest.mark.parametrize(
    ("message", "about"),
    [
        ({"type": "answer", "turn": "1", "key": "k", "text": "x"}, {"key": "k"}),
        ({"type": "answer", "turn": 1, "key": "k", "text": 1}, {"turn": 1, "key": "k"}),
        ({"type": "draft", "turn": 7, "text": "x"}, {"turn": 7}),
        ({"type": "audio.stop", "recording": "r", "chunks": -1}, {"recording": "r"}),
        ({"type": "answer", "turn": True, "key": "k" * 129, "recording": "\x00"}, {}),
    ],
)
async def test_a_refusal_names_the_message_that_it_is_about(
    message: dict[str, Any], about: dict[str, Any]
) -> None:
    session = await make()

    async with room(session) as socket:
        await socket.hear("state")
        await socket.send_json_to(message)
        error = await socket.hear("error")

    assert {k: v for k, v in error.items() if k in {"turn", "key", "recording"}} == about


@pytest.mark.parametrize("path", ["/ws/", "/ws/interviews/%00/", f"/ws/interviews/{'x' * 65}/"])
async def test_an_address_without_a_session_is_closed_as_not_found(path: str) -> None:
    socket = Socket(get_default_application(), path)

    assert (await socket.connect())[0]
    assert await socket.closed_with() == 4404


async def test_a_draft_is_kept_and_acknowledged() -> None:
    session = await make()

    async with room(session) as socket:
        await socket.hear("state")
        await socket.send_json_to({"type": "draft", "turn": 1, "text": "so far"})
        assert await socket.hear("ack") == {"type": "ack", "of": "draft", "turn": 1}
        await socket.send_json_to({"type": "ping"})
        assert await socket.hear("pong")

    assert (await Turn.objects.aget(session=session)).draft == "so far"


async def test_two_tabs_stay_in_step() -> None:
    session = await make()

    async with room(session) as one, room(session) as two:
        await one.hear("state")
        await two.hear("state")
        await one.send_json_to({"type": "answer", "turn": 1, "key": "k", "text": "k1 k2 k3"})
        await one.hear("question")
        state = await two.hear("state")
        assert state["question"]["turn"] == 2
        assert await one.receive_nothing(0.2)


async def test_an_answer_by_a_form_shows_in_open_sockets() -> None:
    session = await make()

    async with room(session) as socket:
        await socket.hear("state")
        await in_sync(answer)(session)
        state = await socket.hear("state")

    assert state["question"]["turn"] == 2


async def test_a_stranger_and_staff_find_no_such_session() -> None:
    session = await make()
    for user in (await in_sync(make_user)(), await in_sync(make_user)(staff=True)):
        async with room(session, user) as socket:
            assert await socket.closed_with() == 4404


async def test_a_foreign_origin_is_turned_away_even_with_the_cookie() -> None:
    session = await make()
    cookie = await in_sync(cookies_of)(session.candidate)
    headers = [(b"cookie", cookie), (b"origin", b"https://evil.example"), HOST]
    socket = Socket(get_default_application(), f"/ws/interviews/{session.token}/", headers=headers)

    connected, _code = await socket.connect(timeout=5)

    assert not connected


@asynccontextmanager
async def anonymous(session: InterviewSession) -> AsyncIterator[Socket]:
    socket = Socket(get_default_application(), f"/ws/interviews/{session.token}/", headers=[HOST])
    assert (await socket.connect(timeout=5))[0]
    yield socket
    await socket.disconnect()


async def test_a_ticket_opens_the_socket_once() -> None:
    session = await make()
    ticket = await in_sync(issue_ticket)(user=session.candidate, token=session.token)
    async with anonymous(session) as socket:
        await socket.send_json_to({"type": "auth", "ticket": ticket})
        assert (await socket.hear("state"))["question"]["turn"] == 1
    async with anonymous(session) as socket:
        await socket.send_json_to({"type": "auth", "ticket": ticket})
        assert await socket.closed_with() == 4401


async def test_a_ticket_is_for_one_session() -> None:
    session, other = await make(), await make()
    ticket = await in_sync(issue_ticket)(user=session.candidate, token=session.token)

    async with anonymous(other) as socket:
        await socket.send_json_to({"type": "auth", "ticket": ticket})
        assert await socket.closed_with() == 4401


async def test_whoever_says_anything_before_the_ticket_is_sent_away() -> None:
    session = await make()

    async with anonymous(session) as socket:
        await socket.send_json_to({"type": "ping"})
        assert await socket.closed_with() == 4401


async def test_too_many_messages_close_the_socket() -> None:
    session = await make()

    async with room(session) as socket:
        await socket.hear("state")
        for _ in range(40):
            await socket.send_json_to({"type": "ping"})
        assert await socket.closed_with() == 4429


async def test_signing_out_closes_the_socket_at_the_next_sweep() -> None:
    session = await make()
    cookie = await in_sync(cookies_of)(session.candidate)
    headers = [(b"cookie", cookie), ORIGIN, HOST]
    socket = Socket(get_default_application(), f"/ws/interviews/{session.token}/", headers=headers)
    await socket.connect(timeout=5)
    await socket.hear("state")
    await sweeper.sweep()
    assert await socket.receive_nothing(0.1)

    client = Client()
    client.cookies.load(cookie.decode())
    await in_sync(client.post)("/account/sign-out/")
    await sweeper.sweep()

    assert await socket.closed_with() == 4401
    await socket.disconnect()


async def test_signing_out_over_the_api_closes_what_a_ticket_opened() -> None:
    session = await make()
    ticket = await in_sync(issue_ticket)(user=session.candidate, token=session.token)

    def sign_out() -> int:
        client, refresh = (
            make_api_client(session.candidate),
            RefreshToken.for_user(session.candidate),
        )
        return client.post("/api/auth/logout/", {"refresh": str(refresh)}).status_code

    async with anonymous(session) as socket, room(session) as browser:
        await socket.send_json_to({"type": "auth", "ticket": ticket})
        await socket.hear("state")
        await browser.hear("state")
        await sweeper.sweep()
        assert await in_sync(sign_out)() == 204
        await sweeper.sweep()
        assert await socket.closed_with() == 4401
        assert await browser.receive_nothing(0.1)


async def test_a_disabled_account_a_new_password_and_idleness_close_the_socket() -> None:
    session = await make()
    changes: list[dict[str, Any]] = [{"is_active": False}, {"password": "another"}]
    for change in changes:
        async with room(session) as socket:
            await socket.hear("state")
            before = {name: getattr(session.candidate, name) for name in change}
            await User.objects.filter(pk=session.candidate_id).aupdate(**change)
            await sweeper.sweep()
            assert await socket.closed_with() == 4401
            await User.objects.filter(pk=session.candidate_id).aupdate(**before)
    async with room(session) as socket:
        await socket.hear("state")
        sweeper.sockets[0].heard_at -= 100
        await sweeper.sweep()
        assert await socket.closed_with() == 4408


async def test_the_watch_shows_what_another_process_did() -> None:
    session = await make()

    async with room(session) as socket:
        await socket.hear("state")
        await sweeper.sweep()
        await InterviewSession.objects.filter(pk=session.pk).aupdate(version=99)
        await sweeper.sweep()
        assert await socket.hear("state")


async def test_a_full_pool_says_busy_and_the_same_key_works_later(settings: Any) -> None:
    settings.PROVIDER_POOL_SIZE = 1
    from interviews.services.engine import provider_pool  # noqa: PLC0415

    provider_pool.cache_clear()
    with model_in_use(StubModel(delay=0.6)):
        one, two = await make(), await make()
        async with room(one) as first, room(two) as second:
            await first.hear("state")
            await second.hear("state")
            await first.send_json_to({"type": "answer", "turn": 1, "key": "a", "text": "k1"})
            await first.hear("ack")
            await asyncio.sleep(0.1)
            await second.send_json_to({"type": "answer", "turn": 1, "key": "b", "text": "k1"})
            events = await second.all_until("error")
            assert [event["type"] for event in events] == ["ack", "error"]
            assert (events[1]["code"], events[1]["retryable"]) == ("busy", True)
            await first.hear("question")
            await second.send_json_to({"type": "answer", "turn": 1, "key": "b", "text": "k1"})
            assert await second.hear("question")
    provider_pool.cache_clear()
    assert await Rating.objects.acount() == 2


async def test_a_closed_tab_does_not_break_off_the_rating() -> None:
    with model_in_use(StubModel(delay=0.3)):
        session = await make()
        async with room(session) as socket:
            await socket.hear("state")
            await socket.send_json_to({"type": "answer", "turn": 1, "key": "a", "text": "k1"})
            await socket.hear("ack")
        await asyncio.sleep(0.8)

    turn = await Turn.objects.aget(session=session, number=1)
    assert (turn.flow, turn.evaluation) == ("closed", "scored")


def frame(first: int, *chunks: bytes) -> bytes:
    return struct.pack(">II", first, len(chunks)) + b"".join(chunks)


@pytest.fixture
def ear(settings: Settings, tmp_path: Path) -> Iterator[StubEar]:
    settings.RECORDINGS_DIR = tmp_path / "recordings"
    with ear_in_use(StubEar()) as stub:
        assert stub is not None
        yield stub


async def test_a_spoken_answer_is_acknowledged_heard_and_confirmed(ear: StubEar) -> None:
    session = await make()

    async with room(session) as socket:
        assert (await socket.hear("state"))["voice"]["available"]
        await socket.send_json_to({"type": "audio.start", "turn": 1, "recording": "r"})
        assert (await socket.hear("ack"))["chunks"] == 0
        for number, words in enumerate([make_recording("k1 "), b"k2 ", b"k3"]):
            await socket.send_to(bytes_data=frame(number, words))
            assert (await socket.hear("ack"))["chunks"] == number + 1
        assert (await socket.hear("transcript.partial"))["text"] == "k1 k2 k3"
        await socket.send_json_to({"type": "audio.stop", "recording": "r", "chunks": 3})
        final = await socket.hear("transcript.final")
        await socket.send_json_to(
            {"type": "answer", "turn": 1, "key": "a", "text": "k1 k2 k3.", "recording": "r"}
        )
        assert (await socket.hear("evaluation"))["evaluation"]["score"] == 100

    assert (final["recording"], final["text"], final["nothing_heard"]) == ("r", "k1 k2 k3", False)
    stored = await Answer.objects.aget()
    assert (stored.text, stored.modality) == ("k1 k2 k3.", "audio")


async def test_no_word_is_lost_over_five_cuts_of_the_connection(ear: StubEar) -> None:
    session = await make()
    words = [make_recording("w0 "), *(f"w{n} ".encode() for n in range(1, 24))]
    there = 0

    for cut in range(6):
        async with room(session) as socket:
            await socket.hear("state")
            await socket.send_json_to({"type": "audio.start", "turn": 1, "recording": "r"})
            there = (await socket.hear("ack"))["chunks"]
            await socket.send_to(bytes_data=frame(there, words[there]))
            await socket.hear("ack")
            rest = words[there + 1 : there + 3]
            if rest and cut < 5:
                await socket.send_to(bytes_data=frame(there + 1, *rest))
    async with room(session) as socket:
        await socket.hear("state")
        await socket.send_json_to({"type": "audio.start", "turn": 1, "recording": "r"})
        there = (await socket.hear("ack"))["chunks"]
        if there < len(words):
            await socket.send_to(bytes_data=frame(there, *words[there:]))
            await socket.hear("ack")
        await socket.send_json_to({"type": "audio.stop", "recording": "r", "chunks": len(words)})
        final = await socket.hear("transcript.final")

    assert final["text"].split() == [f"w{n}" for n in range(24)]


async def test_a_recording_that_is_not_whole_is_not_transcribed(ear: StubEar) -> None:
    session = await make()

    async with room(session) as socket:
        await socket.hear("state")
        await socket.send_json_to({"type": "audio.start", "turn": 1, "recording": "r"})
        await socket.hear("ack")
        await socket.send_to(bytes_data=frame(0, make_recording("k1")))
        await socket.hear("ack")
        await socket.send_json_to({"type": "audio.stop", "recording": "r", "chunks": 2})
        assert (await socket.hear("ack"))["chunks"] == 1
        assert await socket.receive_nothing(0.2)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"short", "invalid"),
        (frame(0, b"<html>no sound</html>"), "unreadable"),
    ],
)
async def test_hostile_sound_is_refused(ear: StubEar, sent: bytes, code: str) -> None:
    session = await make()

    async with room(session) as socket:
        await socket.hear("state")
        await socket.send_json_to({"type": "audio.start", "turn": 1, "recording": "r"})
        await socket.hear("ack")
        await socket.send_to(bytes_data=sent)
        assert (await socket.hear("error"))["code"] == code


async def test_without_an_ear_the_room_says_why_and_takes_no_sound() -> None:
    with ear_in_use(None):
        session = await make()
        async with room(session) as socket:
            state = await socket.hear("state")
            assert not state["voice"]["available"]
            assert state["voice"]["why"]
            await socket.send_json_to({"type": "audio.start", "turn": 1, "recording": "r"})
            assert (await socket.hear("error"))["code"] == "no_speech"
            await socket.send_to(bytes_data=frame(0, make_recording("k1")))
            assert (await socket.hear("error"))["code"] == "invalid"


async def test_a_tab_still_hears_of_its_session_after_another_one_was_closed() -> None:
    session = await make()

    async with room(session) as stays:
        await stays.hear("state")
        async with room(session) as goes:
            await goes.hear("state")
        await announce_async(session.pk)
        state = await stays.hear("state")
        assert len(sweeper.sockets) == 1

    assert state["question"]["turn"] == 1
    assert sweeper.sockets == []
    assert get_channel_layer().groups == {}


async def test_a_page_that_comes_back_while_its_socket_leaves_still_hears() -> None:
    session = await make()
    layer = get_channel_layer()

    async with room(session) as goes:
        await goes.hear("state")
        discard, back = layer.group_discard, room(session)

        async def slowly(group: str, channel: str) -> None:
            if not opened:
                opened.append(await back.__aenter__())
                await opened[0].hear("state")
            await discard(group, channel)

        opened: list[Any] = []
        with mock.patch.object(layer, "group_discard", slowly):
            await goes.disconnect()

    await announce_async(session.pk)
    assert (await opened[0].hear("state"))["question"]["turn"] == 1
    await back.__aexit__(None, None, None)


async def test_a_request_is_answered_and_the_same_question_comes_again() -> None:
    session = await make()
    async with room(session) as socket:
        await socket.hear("state")
        await socket.send_json_to(
            {"type": "answer", "turn": 1, "key": "a", "text": "What do you mean?"}
        )
        told = await socket.all_until("question")
        await socket.send_json_to(
            {"type": "answer", "turn": 1, "key": "a", "text": "What do you mean?"}
        )
        again = await socket.all_until("question")

    assert [event["type"] for event in told] == ["ack", "aside", "question"]
    assert told[1]["kind"] == "rephrase"
    assert told[2]["question"]["turn"] == 1
    assert told[2]["aside"]["reply"] == told[1]["reply"]
    assert again == told
    assert await in_sync(Answer.objects.count)() == 0


async def test_the_page_gets_the_reply_as_html_and_may_insist() -> None:
    session = await make()
    text = {"turn": 1, "text": "The microphone does not work."}
    async with room(session, page=True) as socket:
        await socket.hear("state")
        await socket.send_json_to({"type": "answer", "key": "a", **text})
        question = await socket.hear("question")
        await socket.send_json_to({"type": "answer", "key": "b", "as_answer": True, **text})
        following = await socket.hear("question")

    assert "data-aside" in question["html"]
    assert "You can type instead of speaking" in question["html"]
    assert following["question"]["turn"] == 2
    assert "data-aside" not in following["html"]
