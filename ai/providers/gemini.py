"""Gemini over google-generativeai, over REST, with our own timeout and no retries of its own."""

from __future__ import annotations

import json
import threading
import warnings
from functools import cache, partial
from typing import Any

from ai.calling.completion import Reply, Request
from ai.calling.guarding import guarded
from ai.errors import ProviderUnavailable
from ai.masking import keep_secret
from ai.providers.failures import REDIRECTS, failure, retry_after, retry_delay
from ai.providers.wires import CHUNK, at_most

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
        keep_secret(api_key)

    def prepare(self) -> None:
        _client(self._key, self._endpoint)

    def complete(self, request: Request[Any], *, timeout: float) -> Reply:
        """Ask `generateContent` once; without `retry: None` the library would block for up to 600 s."""
        with guarded(NAME, said=request.prompt, known=_status):
            response = self._model(request).generate_content(
                request.prompt, request_options={"timeout": timeout, "retry": None}
            )
            return _reply(response.to_dict(), self.model)

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
    client: Any = GenerativeServiceClient(transport="rest", client_options=options)
    client.transport._session.hooks["response"].append(_checked)
    return client


def _checked(response: Any, *_args: Any, **_kwargs: Any) -> Any:
    """Put a body into a response that the library can read as it is; close one that it had better not see."""
    try:
        response._content = _body(response)
    except BaseException:
        response.close()
        raise
    return response


def _body(response: Any) -> bytes:
    """Read a reply in bounds, follow no redirect, and leave thoughts out: the library knows no such part."""
    if response.status_code in REDIRECTS:
        raise failure(NAME, response.status_code)
    body = at_most(iter(partial(response.raw.read1, CHUNK, decode_content=True), b""))
    return _without_thoughts(body) if b"thought" in body else body


def _without_thoughts(body: bytes) -> bytes:
    reply = json.loads(body)
    for candidate in reply.get("candidates", ()):
        content = candidate.get("content", {})
        if "parts" in content:
            content["parts"] = [part for part in content["parts"] if not part.get("thought")]
    return json.dumps(reply).encode()


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


def _status(error: Any) -> ProviderUnavailable | None:
    from google.api_core.exceptions import GoogleAPICallError  # noqa: PLC0415

    if not isinstance(error, GoogleAPICallError):
        return None
    headers = getattr(error.response, "headers", None)
    wait = retry_delay(error.details or ()) or retry_after(headers)
    return failure(NAME, int(error.code or 0), _word(error), wait=wait)


def _word(error: Any) -> str:
    """Return the status that the body of a refusal names."""
    try:
        return str(error.response.json()["error"]["status"])
    except (AttributeError, LookupError, TypeError, ValueError):
        return ""
