"""What every adapter speaks: one request in, one reply out, and a handful of errors."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel

from ai.masking import without_keys

M = TypeVar("M", bound=BaseModel)
Task = Literal["plan", "rate", "follow_up", "summary"]


def nothing_else(_value: object) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Request(Generic[M]):
    """One question to a model. `system` holds our instructions, `prompt` the data; they never mix.

    `check` names what else is wrong with a reply of the right shape, or returns an empty string.
    """

    task: Task
    system: str
    prompt: str
    schema: type[M]
    temperature: float
    max_output_tokens: int
    check: Callable[[M], str] = nothing_else

    @property
    def json_schema(self) -> dict[str, Any]:
        """The reply's schema, flat: no references, titles, docstrings, ranges or defaults; each of them costs tokens."""
        return flat_schema(self.schema)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, unchecked. `finish` is `STOP` or the provider's own word, `model` who answered."""

    text: str
    model: str
    finish: str = "STOP"
    candidates: int = 1
    input_tokens: int = 0
    output_tokens: int = 0


BLOCKED = frozenset(
    {"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "PROMPT_BLOCKED"}
)
FINISHES = BLOCKED | {
    "",
    "STOP",
    "MAX_TOKENS",
    "LANGUAGE",
    "MALFORMED_FUNCTION_CALL",
    "UNEXPECTED_TOOL_CALL",
    "FINISH_REASON_UNSPECIFIED",
}
MODEL_NAME = re.compile(r"[\w.:/@+-]{1,100}", re.ASCII)
MOST_TOKENS = 100_000_000


def plausible(reply: Reply, asked: str) -> Reply:
    """Return a reply whose words beside its text are ones we know, and whose counts are counts; `asked` is the model's name."""
    known = MODEL_NAME.fullmatch(reply.model) and without_keys(reply.model) == reply.model
    return replace(
        reply,
        text=reply.text if isinstance(reply.text, str) else "",
        model=reply.model if known else asked,
        finish=reply.finish if reply.finish in FINISHES else "OTHER",
        input_tokens=max(0, min(int(reply.input_tokens), MOST_TOKENS)),
        output_tokens=max(0, min(int(reply.output_tokens), MOST_TOKENS)),
    )


class Completer(Protocol):
    """One model of one provider."""

    name: str
    model: str

    def prepare(self) -> None:
        """Load the library, outside of any time limit; cheap the second time."""

    def complete(self, request: Request[Any], *, timeout: float) -> Reply:
        """Ask once, without retrying, for at most `timeout` seconds; content that is declined is a reply, too.

        Raises `ProviderUnavailable`, `ProviderBusy` and `ProviderRejected`, and nothing else.
        """


KEPT = ("type", "enum", "required")


@cache
def flat_schema(schema: type[BaseModel]) -> dict[str, Any]:
    whole = schema.model_json_schema()
    return _flat(whole, whole.get("$defs", {}))


def _flat(part: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in part:
        part = definitions[part["$ref"].rpartition("/")[2]]
    flat = {name: part[name] for name in KEPT if name in part}
    if "properties" in part:
        flat["properties"] = {n: _flat(p, definitions) for n, p in part["properties"].items()}
    if "items" in part:
        flat["items"] = _flat(part["items"], definitions)
    return flat
