"""The socket of one session: `/ws/interviews/{session_token}/`."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Coroutine
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DataError, InterfaceError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from interviews import errors, services
from interviews.database import in_database
from interviews.groups import announce_async, session_group, user_group
from interviews.live import events, messages
from interviews.live.entering import origin_of, sign_in_of, signed_in_user
from interviews.live.limits import AUTHENTICATE_WITHIN, LOOK_AGAIN, Budget
from interviews.live.places import give_up_place, make_room, take_place
from interviews.live.rights import Right, Seen
from interviews.live.signing_out import name_of
from interviews.live.speaking import Microphone
from interviews.live.sweeper import sweeper
from interviews.services.drafting import draft_revision
from interviews.services.loaded_session import LoadedSession
from interviews.services.lookups import candidates_session
from interviews.services.refusing import closed_question
from interviews.services.streaming import stream_response, watched_session
from interviews.services.tickets import spend_ticket
from interviews.services.turn.answer import Submission
from interviews.services.turn.run import Step

_under_way: set[asyncio.Task[None]] = set()
UNSTORABLE = _("A value in this message cannot be stored.")
BUSY = "The database is busy. Nothing is lost: send it again in a moment."
DATABASE_AWAY = (OperationalError, InterfaceError)


class InterviewConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Shows one session to its candidate and takes answers, drafts and sound. Rows are the truth, never a message."""

    scope: dict[str, Any]
    user: User
    _microphone: Microphone | None = None
    right: Right | None = None
    seen: Seen | None = None
    place = ""
    saved_draft = ""

    async def connect(self) -> None:
        """Let in who is signed in and comes from our own pages; anybody else has to bring a ticket first."""
        self.token: str = self.scope["url_route"]["kwargs"]["token"]
        self.for_page = b"view=page" in self.scope["query_string"]
        self.budget, self.heard_at, self.is_open = Budget(), time.monotonic(), True
        origin = origin_of(self.scope)
        if origin == "foreign":
            await self.close()
            return
        await self.accept()
        sign_in = sign_in_of(self.scope) if origin == "ours" else ""
        self.scope = {}
        try:
            await self.come_in(sign_in)
        except DATABASE_AWAY:
            await self.leave(1013)

    async def come_in(self, sign_in: str) -> None:
        """Admit whoever is signed in; wait a moment for the ticket of anybody else."""
        user = await in_database(signed_in_user, sign_in) if sign_in else None
        if user is not None:
            await self.admit(user, sign_in=sign_in)
        else:
            later = asyncio.get_running_loop().call_later
            self.waiting = later(AUTHENTICATE_WITHIN, self.spawn_unless_admitted)

    def spawn_unless_admitted(self) -> None:
        if self.right is None:
            self.spawn(self.leave(4401))

    async def admit(self, user: User, *, sign_in: str = "") -> None:
        """Show the session to its candidate; to anybody else there is none."""
        try:
            session = await in_database(watched_session, user, self.token)
        except errors.NotFound:
            await self.leave(4404)
            return
        self.user, self.session_id = user, session.pk
        ticket_at = None if sign_in else timezone.now()
        right = Right(session.pk, user.pk, user.password, sign_in, ticket_at)
        if await self.join(right):
            await self.show(session)
        else:
            await self.leave(4429)

    async def join(self, right: Right) -> bool:
        """Hear of the session and of its candidate; False if that person has too many sockets open."""
        if not await make_room(right.user_id, sweeper.sockets):
            return False
        self.right = right
        sweeper.add(self)
        self.groups = [session_group(right.session_id), user_group(right.user_id)]
        for group in self.groups:
            await self.channel_layer.group_add(group, self.channel_name)
        place = await in_database(take_place, right.user_id, self.channel_name)
        self.place = place or ""
        return place is not None

    async def show(self, session: LoadedSession) -> None:
        self.seen = Seen.of(session)
        await self.tell(await in_database(events.state_event, session, for_page=self.for_page))
        if session.waiting_turn:
            self.spawn(self.look_again(self.seen))

    async def look_again(self, seen: Seen) -> None:
        """Show the session once its answer was carried on: the loop that does it runs in another process."""
        while self.is_open and self.seen == seen:
            await asyncio.sleep(LOOK_AGAIN)
            session = await in_database(watched_session, self.user, self.token)
            if self.seen == seen != Seen.of(session):
                await self.show(session)

    async def session_changed(self, message: dict[str, Any]) -> None:
        """Show the session again, because another tab or the server has moved it on."""
        if message["by"] != self.channel_name:
            self.spawn(self.refresh())

    async def signed_out(self, message: dict[str, Any]) -> None:
        if self.right and message["sign_in"] == name_of(self.right.sign_in):
            await self.leave(4401)

    async def rights_changed(self, _message: dict[str, Any]) -> None:
        self.spawn(sweeper.check([self]))

    async def refresh(self) -> None:
        """Show the session as it is now."""
        try:
            await self.show(await in_database(watched_session, self.user, self.token))
        except errors.NotFound:
            await self.leave(4404)

    async def checked(self, seen: Seen | None) -> None:
        """Close the socket if the right is gone; show the session again if it changed."""
        if seen is None:
            await self.leave(4401)
        elif self.seen not in {None, seen}:
            self.spawn(self.refresh())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Take one message, within the budget; a refused one is answered and changes nothing."""
        self.heard_at = time.monotonic()
        if not self.budget.spend():
            await self.leave(4429)
            return
        try:
            await self.take(text_data, bytes_data)
        except errors.InterviewError as error:
            await self.refuse(error, text_data, bytes_data)
        except DATABASE_AWAY:
            await self.refuse(errors.Busy(BUSY), text_data, bytes_data)
        except (DataError, OverflowError, UnicodeEncodeError):
            refusal = errors.InvalidInput("message", str(UNSTORABLE))
            await self.refuse(refusal, text_data, bytes_data)

    async def refuse(
        self, error: errors.InterviewError, text: str | None, frame: bytes | None
    ) -> None:
        """Say why a message was not taken, and which one that was."""
        about = self.microphone.about(frame) if frame else messages.named_in(text or "null")
        await self.tell(events.error_event(error, **about))

    async def take(self, text: str | None, frame: bytes | None) -> None:
        if self.right is None:
            await self.authenticate(messages.read_message(text or "null"))
        elif frame is not None:
            await self.microphone.append(messages.read_chunks(frame))
        else:
            await self.handle(messages.read_message(text or "null"))

    async def authenticate(self, message: messages.ClientMessage) -> None:
        """Let in whoever brings a ticket for this session."""
        if not isinstance(message, messages.Auth):
            await self.leave(4401)
            return
        user = await in_database(spend_ticket, secret=message.ticket, token=self.token)
        if user is None:
            await self.leave(4401)
        else:
            await self.admit(user)

    async def handle(self, message: messages.ClientMessage) -> None:
        match message:
            case messages.AnswerMessage():
                self.spawn(self.answer(message), key=message.key)
            case messages.DraftMessage():
                await self.save_draft(message)
            case messages.AudioStart():
                await self.microphone.start(message)
            case messages.AudioStop():
                await self.microphone.stop(message)
            case messages.Ping():
                await self.tell({"type": "pong"})
            case messages.Auth():
                raise errors.InvalidInput("type", "This socket is open already.")

    @property
    def microphone(self) -> Microphone:
        """What keeps and hears this socket's sound, once there is any."""
        if self._microphone is None:
            self._microphone = Microphone(self)
        return self._microphone

    async def save_draft(self, message: messages.DraftMessage) -> None:
        """Keep a draft; one that is shorter must name the draft it was made from, or come from the same socket."""
        kept = await in_database(
            services.save_draft,
            user=self.user,
            token=self.token,
            turn=message.turn,
            text=message.text,
            base=self.saved_draft if message.base is None else message.base,
        )
        if not kept:
            raise await in_database(self._why_closed, message.turn)
        self.saved_draft = draft_revision(message.text)
        about = {} if message.base is None else {"revision": self.saved_draft}
        await self.tell({"type": "ack", "of": "draft", "turn": message.turn, **about})

    def _why_closed(self, number: int) -> errors.Conflict:
        return closed_question(candidates_session(self.user, self.token), number)

    async def answer(self, message: messages.AnswerMessage) -> None:
        """Take an answer and tell each step as soon as it is durable."""
        submission = Submission(
            message.turn,
            message.text,
            message.key,
            message.skip,
            recording=message.recording,
            as_answer=message.as_answer,
        )
        steps = stream_response(user=self.user, token=self.token, submission=submission)
        try:
            async for step in steps:
                await self.tell_step(step, message)
        except errors.Conflict:
            # An answer that comes too late ends its question.
            await announce_async(self.session_id, by=self.channel_name)
            raise

    async def tell_step(self, step: Step, message: messages.AnswerMessage) -> None:
        if step.kind == "saved":
            about = {"key": message.key, "turn": message.turn}
            await self.tell({"type": "ack", "of": "answer", **about})
            return
        for event in await in_database(events.step_events, step, for_page=self.for_page):
            await self.tell(event)
        self.seen = Seen.of(step.session)
        await announce_async(step.session.pk, by=self.channel_name)

    def spawn(self, work: Coroutine[Any, Any, None], **about: Any) -> None:
        """Do something beside the socket; it is not broken off when the socket closes."""
        task = asyncio.get_running_loop().create_task(self._guarded(work, about))
        _under_way.add(task)
        task.add_done_callback(_under_way.discard)

    async def _guarded(self, work: Coroutine[Any, Any, None], about: dict[str, Any]) -> None:
        try:
            await work
        except errors.InterviewError as error:
            await self.tell(events.error_event(error, **about))
        except DATABASE_AWAY:
            await self.tell(events.error_event(errors.Busy(BUSY), **about))

    async def tell(self, event: events.Event) -> None:
        """Send an event, where anybody still listens."""
        if self.is_open:
            await self.send(text_data=json.dumps(event, cls=DjangoJSONEncoder))

    async def leave(self, code: int) -> None:
        """Close the socket from our side, with a reason clients can read."""
        if self.is_open:
            self.is_open = False
            await self.close(code)

    async def disconnect(self, _code: int) -> None:
        self.is_open = False
        if self in sweeper.sockets:
            sweeper.sockets.remove(self)
        if self.place:
            place, self.place = self.place, ""
            await in_database(give_up_place, place)
