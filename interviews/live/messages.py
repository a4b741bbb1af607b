"""What a client may say, as strict types; whatever else comes is refused with the field's name."""

from __future__ import annotations

import json
import struct
from typing import Annotated, Any, Literal, Self

from django.conf import settings
from django.utils.translation import gettext as _
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from accounts.text import is_storable
from interviews.errors import InvalidInput
from interviews.services.cleaning import clean_text
from interviews.services.recordings import Chunks

HEADER = struct.Struct(">II")
MOST_TURNS, LONGEST_KEY, MOST_CHUNKS = 1000, 128, 100_000
TurnNumber = Annotated[int, Field(ge=1, le=MOST_TURNS)]


def _storable(text: str) -> str:
    if not is_storable(text):
        raise ValueError("Value holds characters that cannot be stored")
    return text


Name = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_storable)]


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
    key: Annotated[str, Field(min_length=1, max_length=LONGEST_KEY), AfterValidator(_storable)]
    text: str = Field(default="", max_length=settings.MAX_ANSWER_CHARACTERS)
    skip: bool = False
    recording: Annotated[str, Field(max_length=64), AfterValidator(_storable)] = ""
    as_answer: bool = False

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if self.skip and (self.text.strip() or self.recording):
            raise InvalidInput("skip", _("Send an answer or skip: true, not both."))
        return self


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
    recording: Name


class AudioStop(Message):
    """A recording is whole."""

    type: Literal["audio.stop"]
    recording: Name
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
        return _adapter.validate_python(_with_clean_words(_object(text)))
    except (ValueError, RecursionError) as error:
        raise _refusal(error) from error


def named_in(text: str) -> dict[str, Any]:
    """Return what a message that is refused calls its turn, its answer or its recording, if it can be told."""
    try:
        message = _object(text)
    except (InvalidInput, ValueError, RecursionError):
        return {}
    names = {name: message.get(name) for name in ("turn", "key", "recording")}
    return {name: value for name, value in names.items() if _is_name(name, value)}


def _is_name(name: str, value: Any) -> bool:
    if name == "turn":
        return type(value) is int and 1 <= value <= MOST_TURNS
    return isinstance(value, str) and 1 <= len(value) <= LONGEST_KEY and is_storable(value)


def _object(text: str) -> dict[str, Any]:
    data = json.loads(text)
    if not isinstance(data, dict):
        raise InvalidInput("message", _("A message is a JSON object."))
    return data


def _with_clean_words(data: dict[str, Any]) -> dict[str, Any]:
    """Leave out of an answer or a draft what no database can hold: that is no reason to refuse somebody's words."""
    if isinstance(data.get("text"), str):
        return {**data, "text": clean_text(data["text"])}
    return data


def _refusal(error: Exception) -> InvalidInput:
    if not isinstance(error, ValidationError):
        return InvalidInput("message", "This message is not JSON.")
    first = error.errors(include_url=False, include_input=False)[0]
    place = [str(part) for part in first["loc"]][1:] or ["type"]
    return InvalidInput(".".join(place), f"{first['msg'].removeprefix('Value error, ')}.")


def read_chunks(frame: bytes) -> Chunks:
    """Return the chunks of a binary frame: two numbers of 32 bits, big-endian, and the bytes. Raises `InvalidInput`."""
    if len(frame) <= HEADER.size:
        raise InvalidInput("chunk", "A frame holds two numbers of 32 bits and the sound.")
    first, count = HEADER.unpack_from(frame)
    if not 1 <= count <= MOST_CHUNKS or first > MOST_CHUNKS:
        raise InvalidInput("chunk", "Chunks are numbered from 0, and a frame holds at least one.")
    return Chunks(first, count, frame[HEADER.size :])
