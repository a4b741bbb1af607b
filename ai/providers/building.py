"""Builds the language model that an installation is configured for."""

from __future__ import annotations

from ai.calling import Caller, Completer, Limits, Store
from ai.calling.patience import Patience
from ai.providers.gemini import Gemini
from ai.providers.genai import GenAI
from ai.providers.langchain import LangChain
from ai.providers.language_model import LanguageModel

BUDGET_SHARE = 1.25


def completer(
    provider: str,
    model: str,
    *,
    api_key: str = "",
    endpoint: str = "",
    thinking_tokens: int | None = None,
) -> Completer:
    """Return one model of one provider; nothing is loaded or connected yet."""
    if provider == "genai":
        return GenAI(
            model=model, api_key=api_key, endpoint=endpoint, thinking_tokens=thinking_tokens
        )
    if provider == "gemini":
        return Gemini(model=model, api_key=api_key, endpoint=endpoint)
    return LangChain(model=model, api_key=api_key, endpoint=endpoint)


def language_model(
    completers: list[Completer], *, store: Store, timeout: float, calls_at_once: int
) -> LanguageModel:
    """Return an `InterviewModel` that asks `completers` in turn; a whole request may take 1.25 times `timeout`."""
    limits = Limits(timeout=timeout, budget=timeout * BUDGET_SHARE)
    caller = Caller(completers, store, limits, patience=Patience(calls_at_once))
    return LanguageModel(caller, completers[0].name)
