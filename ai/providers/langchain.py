"""Any chat model that LangChain's `init_chat_model` knows; needs the extra `langchain`."""

from __future__ import annotations

import json
import math
from functools import cache, lru_cache
from typing import Any

from ai.calling.completion import Reply, Request
from ai.calling.guarding import guarded
from ai.errors import ProviderUnavailable
from ai.masking import keep_secret
from ai.providers.failures import failure, retry_after
from ai.providers.wires import HTTPX, tame

NAME = "langchain"
FINISHED = frozenset({"stop", "end_turn", "STOP", "complete", "stop_sequence"})
CUT_OFF = frozenset({"length", "max_tokens", "MAX_TOKENS"})
DECLINED = frozenset({"content_filter", "refusal", "safety", "SAFETY"})
RAISED = {"LengthFinish": "MAX_TOKENS", "ContentFilter": "SAFETY"}
SHAPE = "Reply with one JSON value of this JSON schema, and nothing else:\n"


class LangChain:
    """A `Completer`. `model` is written `provider:model`; its key comes from that provider's own variable."""

    name = NAME

    def __init__(self, *, model: str, api_key: str = "", endpoint: str = "") -> None:
        self.model = model
        self._key, self._endpoint = api_key, endpoint
        keep_secret(api_key)

    def prepare(self) -> None:
        """Build a chat model once, since that loads the vendor's own library."""
        _model(self.model, self._key, self._endpoint, 0.0, 1, 1)

    def complete(self, request: Request[Any], *, timeout: float) -> Reply:
        """Ask once; the schema travels in the instructions, since not every vendor has a place for it."""
        system = f"{request.system}\n\n{SHAPE}{json.dumps(request.json_schema)}"
        with guarded(NAME, said=request.prompt, known=_status):
            try:
                message = self._chat(request, timeout).invoke(
                    [("system", system), ("human", request.prompt)]
                )
            except Exception as error:
                if finish := _finish_of(error):
                    return Reply(text="", model=self.model, finish=finish)
                raise
            return _reply(message, self.model)

    def _chat(self, request: Request[Any], timeout: float) -> Any:
        chat = _model(
            self.model,
            self._key,
            self._endpoint,
            request.temperature,
            request.max_output_tokens,
            math.ceil(timeout),
        )
        if self.model.startswith("openai:"):
            return chat.bind(response_format={"type": "json_object"})
        return chat


@cache
def _library() -> Any:
    from langchain.chat_models import init_chat_model  # noqa: PLC0415

    return init_chat_model


@lru_cache(maxsize=64)
def _model(model: str, api_key: str, endpoint: str, *settings: float) -> Any:
    """Return the chat model for these settings; making one is slow, so that timeouts are in whole seconds."""
    temperature, max_tokens, timeout = settings
    chat = _library()(
        model,
        temperature=temperature,
        max_tokens=int(max_tokens),
        timeout=timeout,
        max_retries=0,
        **({"api_key": api_key} if api_key else {}),
        **({"base_url": endpoint} if endpoint else {}),
        **({"http_client": _openai_wire()} if model.startswith("openai:") else {}),
    )
    tame(chat)
    return chat


@cache
def _openai_wire() -> Any:
    import openai  # noqa: PLC0415

    return openai.DefaultHttpxClient(**HTTPX)


def _reply(message: Any, asked: str) -> Reply:
    told, usage = message.response_metadata, message.usage_metadata or {}
    reason = str(told.get("finish_reason") or told.get("stop_reason") or told.get("done_reason"))
    return Reply(
        text=message.text if isinstance(message.text, str) else message.text(),
        model=str(told.get("model_name") or told.get("model") or asked),
        finish=_finish(reason),
        input_tokens=usage.get("input_tokens", 0),
        output_tokens=usage.get("output_tokens", 0),
    )


def _finish(reason: str) -> str:
    if reason in FINISHED:
        return "STOP"
    if reason in CUT_OFF:
        return "MAX_TOKENS"
    return "SAFETY" if reason in DECLINED else reason


def _finish_of(error: Exception) -> str:
    """Return how a reply ended that some clients raise as an error: cut off, or declined; empty for all others."""
    return next((kind for name, kind in RAISED.items() if name in type(error).__name__), "")


def _status(error: BaseException) -> ProviderUnavailable | None:
    code = getattr(error, "status_code", None) or getattr(error, "code", None)
    if not isinstance(code, int):
        return None
    response = getattr(error, "response", None)
    return failure(NAME, code, wait=retry_after(getattr(response, "headers", None)))
