"""Gemini over google-genai, the successor of google-generativeai; needs the extra `genai`."""

from __future__ import annotations

from functools import cache
from typing import Any

from ai.calling.completion import Reply, Request
from ai.errors import ProviderUnavailable
from ai.providers.failures import failure, retry_delay, unreachable

NAME = "genai"


class GenAI:
    """A `Completer`. `thinking_tokens` is what the model may think with, None for its own choice."""

    name = NAME

    def __init__(
        self, *, model: str, api_key: str, endpoint: str = "", thinking_tokens: int | None = None
    ) -> None:
        self.model = model
        self._key, self._endpoint, self._thinking = api_key, endpoint, thinking_tokens

    def prepare(self) -> None:
        _client(self._key, self._endpoint)

    def complete(self, request: Request[Any], *, timeout: float) -> Reply:
        """Ask `generateContent` once."""
        from google.genai import errors  # noqa: PLC0415

        client = _client(self._key, self._endpoint)
        try:
            response = client.models.generate_content(
                model=self.model, contents=request.prompt, config=self._config(request, timeout)
            )
        except errors.APIError as error:
            raise _status(error) from None
        except _no_reply() as error:
            raise unreachable(NAME, error) from None
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

    return genai.Client(api_key=api_key, http_options=HttpOptions(base_url=endpoint or None))


def _no_reply() -> tuple[type[Exception], ...]:
    """Name what either of the HTTP libraries it may use raises, and replies that are no message."""
    import httpx  # noqa: PLC0415

    found: list[type[Exception]] = [httpx.HTTPError, OSError, ValueError]
    try:
        import httpx2  # noqa: PLC0415
    except ImportError:
        return tuple(found)
    return (*found, httpx2.HTTPError)


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


def _status(error: Any) -> ProviderUnavailable:
    details = error.details if isinstance(error.details, dict) else {}
    listed = (details.get("error") or {}).get("details") or ()
    return failure(NAME, int(error.code or 0), error.status or "", wait=retry_delay(listed))
