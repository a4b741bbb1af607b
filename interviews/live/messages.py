"""What a client may say, as strict types; whatever else comes is refused with the field's name."""

from __future__ import annotations

import json
import struct
from typing import Annotated, Literal

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from interviews.errors import InvalidInput
from interviews.services.recordings import Chunks

HEADER = struct.Struct(">II")
TurnNumber = Annotated[int, Field(ge=1, le=1000)]
MOST_CHUNKS = 100_000


class Message(BaseModel):
    """One message of a client."""

    model_config = ConfigDict(strict=True, extra="ignore")


class Auth(Message):
    """A ticket, as the first message of a client without a cookie."""

    type: Literal["auth"]
    ticket: str = Field(min_length=1, max_length=200)


class AnswerMessage(Message):
    """An answer; its key makes sending it again harmless."""

    type: Literal["answer"]
    turn: TurnNumber
    key: str = Field(min_length=1, max_length=128)
    text: str = Field(default="", max_length=settings.MAX_ANSWER_CHARACTERS)
    skip: bool = False
    recording: str = Field(default="", max_length=64)


class DraftMessage(Message):
    """What is typed so far."""

    type: Literal["draft"]
    turn: TurnNumber
    text: str = Field(max_length=settings.MAX_ANSWER_CHARACTERS)
    base: str | None = Field(default=None, max_length=64)


class AudioStart(Message):
    """A recording begins, or goes on after the connection was lost."""

    type: Literal["audio.start"]
    turn: TurnNumber
    recording: str = Field(min_length=1, max_length=64)


class AudioStop(Message):
    """A recording is whole."""

    type: Literal["audio.stop"]
    recording: str = Field(min_length=1, max_length=64)
    chunks: int = Field(ge=0, le=MOST_CHUNKS)


class Ping(Message):
    """The client is still there."""

    type: Literal["ping"]


ClientMessage = Annotated[
    Auth | AnswerMessage | DraftMessage | AudioStart | AudioStop | Ping,
    Field(discriminator="type"),
]
_adapter: TypeAdapter[ClientMessage] = TypeAdapter(ClientMessage)


def read_message(text: str) -> ClientMessage:
    """Return a client's message. Raises `InvalidInput`, naming the field."""
    try:
        return _adapter.validate_python(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise _refusal(error) from error


def _refusal(error: Exception) -> InvalidInput:
    if not isinstance(error, ValidationError):
        return InvalidInput("message", "This message is not JSON.")
    first = error.errors(include_url=False, include_input=False)[0]
    place = [str(part) for part in first["loc"]][1:] or ["type"]
    return InvalidInput(".".join(place), f"{first['msg']}.")


def read_chunks(frame: bytes) -> Chunks:
    """Return the chunks of a binary frame: two numbers of 32 bits, big-endian, and the bytes. Raises `InvalidInput`."""
    if len(frame) <= HEADER.size:
        raise InvalidInput("chunk", "A frame holds two numbers of 32 bits and the sound.")
    first, count = HEADER.unpack_from(frame)
    if not 1 <= count <= MOST_CHUNKS or first > MOST_CHUNKS:
        raise InvalidInput("chunk", "Chunks are numbered from 0, and a frame holds at least one.")
    return Chunks(first, count, frame[HEADER.size :])
