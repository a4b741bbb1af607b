"""Gemini over google-generativeai, over REST, with our own timeout and no retries of its own."""

from __future__ import annotations

import threading
import warnings
from functools import cache
from typing import Any

from ai.calling.completion import Reply, Request
from ai.errors import ProviderUnavailable
from ai.providers.failures import failure, retry_delay, short, unreachable

NAME = "gemini"


_importing = threading.Lock()


@cache
def sdk() -> Any:
    """Import the library when it is first used: that takes seconds, and it warns of its own end."""
    with _importing:
        return _imported()


def _imported() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        import google.generativeai as library  # noqa: PLC0415
    return library


class Gemini:
    """A `Completer`. `endpoint` is another address than Google's, for tests and gateways."""

    name = NAME

    def __init__(self, *, model: str, api_key: str, endpoint: str = "") -> None:
        self.model = model
        self._key, self._endpoint = api_key, endpoint

    def prepare(self) -> None:
        _client(self._key, self._endpoint)

    def complete(self, request: Request[Any], *, timeout: float) -> Reply:
        """Ask `generateContent` once; without `retry: None` the library would block for up to 600 s."""
        try:
            response = self._model(request).generate_content(
                request.prompt, request_options={"timeout": timeout, "retry": None}
            )
            return _reply(response.to_dict(), self.model)
        except ProviderUnavailable:
            raise
        except _call_errors() as error:
            raise _status(error) from None
        except _other_errors() as error:
            raise unreachable(NAME, error) from None

    def _model(self, request: Request[Any]) -> Any:
        client = _client(self._key, self._endpoint)
        model = sdk().GenerativeModel(
            self.model,
            system_instruction=request.system,
            generation_config={
                "temperature": request.temperature,
                "max_output_tokens": request.max_output_tokens,
                "candidate_count": 1,
                "response_mime_type": "application/json",
                "response_schema": request.json_schema,
            },
        )
        model._client = client
        return model


@cache
def _client(api_key: str, endpoint: str) -> Any:
    sdk()
    from google.ai.generativelanguage_v1beta import GenerativeServiceClient  # noqa: PLC0415

    options = {"api_key": api_key, **({"api_endpoint": endpoint} if endpoint else {})}
    return GenerativeServiceClient(transport="rest", client_options=options)


def _reply(response: dict[str, Any], asked: str) -> Reply:
    usage = response.get("usage_metadata") or {}
    candidates = response.get("candidates") or []
    came_in, total = usage.get("prompt_token_count", 0), usage.get("total_token_count", 0)
    first = candidates[0] if candidates else {}
    parts = (first.get("content") or {}).get("parts") or []
    return Reply(
        text="".join(part.get("text", "") for part in parts),
        model=response.get("model_version") or asked,
        finish=_finish(response, first),
        candidates=len(candidates),
        input_tokens=came_in,
        output_tokens=max(usage.get("candidates_token_count", 0), total - came_in),
    )


def _finish(response: dict[str, Any], first: dict[str, Any]) -> str:
    if (response.get("prompt_feedback") or {}).get("block_reason"):
        return "PROMPT_BLOCKED"
    kinds = sdk().protos.Candidate.FinishReason
    return str(kinds(first.get("finish_reason", 0)).name)


def _call_errors() -> tuple[type[Exception], ...]:
    from google.api_core.exceptions import GoogleAPICallError  # noqa: PLC0415

    return (GoogleAPICallError,)


def _other_errors() -> tuple[type[Exception], ...]:
    """Name what the layers below raise: no connection, no reply in time, a reply that is no message."""
    from google.api_core.exceptions import GoogleAPIError  # noqa: PLC0415
    from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415
    from google.protobuf.json_format import Error  # noqa: PLC0415

    return (GoogleAPIError, GoogleAuthError, Error, OSError, ValueError, AttributeError, TypeError)


def _status(error: Any) -> ProviderUnavailable:
    code = int(error.code or 0)
    wait = retry_delay(error.details or ())
    return failure(NAME, code, short(str(error.message).rpartition(": ")[2]), wait=wait)
