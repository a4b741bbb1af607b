"""Gemini over google-genai, the successor of google-generativeai; needs the extra `genai`."""

from __future__ import annotations

from functools import cache
from typing import Any

from ai.calling.completion import Reply, Request
from ai.calling.guarding import guarded
from ai.errors import ProviderUnavailable
from ai.masking import keep_secret
from ai.providers.failures import failure, retry_after, retry_delay
from ai.providers.wires import HTTPX

NAME = "genai"


class GenAI:
    """A `Completer`. `thinking_tokens` is what the model may think with, None for its own choice."""

    name = NAME

    def __init__(
        self, *, model: str, api_key: str, endpoint: str = "", thinking_tokens: int | None = None
    ) -> None:
        self.model = model
        self._key, self._endpoint, self._thinking = api_key, endpoint, thinking_tokens
        keep_secret(api_key)

    def prepare(self) -> None:
        _client(self._key, self._endpoint)

    def complete(self, request: Request[Any], *, timeout: float) -> Reply:
        """Ask `generateContent` once."""
        with guarded(NAME, said=request.prompt, known=_status):
            client = _client(self._key, self._endpoint)
            response = client.models.generate_content(
                model=self.model, contents=request.prompt, config=self._config(request, timeout)
            )
            return _reply(response, self.model)

    def _config(self, request: Request[Any], timeout: float) -> dict[str, Any]:
        thinking = {} if self._thinking is None else {"thinking_budget": self._thinking}
        return {
            "system_instruction": request.system,
            "temperature": request.temperature,
            "max_output_tokens": request.max_output_tokens,
            "candidate_count": 1,
            "response_mime_type": "application/json",
            "response_schema": request.json_schema,
            "http_options": {"timeout": max(1, round(timeout * 1000))},
            **({"thinking_config": thinking} if thinking else {}),
        }


@cache
def _client(api_key: str, endpoint: str) -> Any:
    from google import genai  # noqa: PLC0415
    from google.genai.types import HttpOptions  # noqa: PLC0415

    options = HttpOptions(base_url=endpoint or None, client_args=HTTPX)
    return genai.Client(api_key=api_key, http_options=options)


def _reply(response: Any, asked: str) -> Reply:
    usage, candidates = response.usage_metadata, response.candidates or []
    first = candidates[0] if candidates else None
    parts = (first.content.parts or []) if first and first.content else []
    came_in = (usage and usage.prompt_token_count) or 0
    total = (usage and usage.total_token_count) or 0
    return Reply(
        text="".join(part.text or "" for part in parts if not part.thought),
        model=response.model_version or asked,
        finish=_finish(response, first),
        candidates=len(candidates),
        input_tokens=came_in,
        output_tokens=max((usage and usage.candidates_token_count) or 0, total - came_in),
    )


def _finish(response: Any, first: Any) -> str:
    if response.prompt_feedback and response.prompt_feedback.block_reason:
        return "PROMPT_BLOCKED"
    reason = first.finish_reason if first else None
    return str(getattr(reason, "value", reason) or "")


def _status(error: Any) -> ProviderUnavailable | None:
    from google.genai import errors  # noqa: PLC0415

    if not isinstance(error, errors.APIError):
        return None
    code, word = int(error.code or 0), str(error.status or "")
    return failure(NAME, code, word, wait=_wait(error))


def _wait(error: Any) -> float:
    """Return the seconds to wait that a refusal names, in its body or in its headers."""
    details = error.details if isinstance(error.details, dict) else {}
    inner = details.get("error")
    listed = inner.get("details") if isinstance(inner, dict) else None
    named = retry_delay(listed) if isinstance(listed, list) else 0.0
    return named or retry_after(getattr(error.response, "headers", None))
