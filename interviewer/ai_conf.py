"""Which models plan, rate and listen, read from the environment; a combination that cannot work stops the start."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from ai.masking import mask
from ai.speech.model_files import is_a_model
from interviewer.conf import number
from interviewer.extras import require

env = environ.Env()
MODEL = "gemini-3.8-flash"
PROVIDERS = ("embedded", "gemini", "genai", "langchain")
EXTRAS = ("genai", "langchain")
MICROS = 1_000_000
PRICES = '{"default": [1.0, 8.0]}'


@dataclass(frozen=True, slots=True)
class AISettings:
    """The language models. Caps are in millionths of the price table's currency, None for no cap."""

    provider: str = "embedded"
    model: str = MODEL
    fallback_model: str = ""
    api_key: str = field(default="", repr=False)
    endpoint: str = ""
    timeout_seconds: int = 20
    thinking_tokens: int | None = None
    screening_passes: int = 3
    calls_at_once: int = 128
    prices: dict[str, tuple[float, float]] = field(default_factory=dict)
    cap_per_interview: int | None = None
    cap_per_day: int | None = None

    @property
    def costs_money(self) -> bool:
        return self.provider != "embedded"


def ai_settings(provider: str) -> AISettings:
    """Read what belongs to `AI_PROVIDER`."""
    read = AISettings(
        provider=provider,
        model=env.str("AI_MODEL", default="") or MODEL,
        fallback_model=env.str("AI_FALLBACK_MODEL", default=""),
        api_key=env.str("GOOGLE_API_KEY", default=""),
        endpoint=env.str("AI_ENDPOINT", default=""),
        timeout_seconds=number("AI_TIMEOUT_SECONDS", default=20, low=1, high=60),
        thinking_tokens=_thinking("AI_THINKING_TOKENS"),
        screening_passes=number("AI_SCREENING_PASSES", default=3, low=1, high=9),
        calls_at_once=number("AI_CALLS_AT_ONCE", default=128, low=1, high=1000),
        prices=prices("AI_PRICES", default=PRICES),
        cap_per_interview=money("AI_MAX_COST_PER_INTERVIEW"),
        cap_per_day=money("AI_MAX_COST_PER_DAY"),
    )
    if read.costs_money:
        _check(read)
    return read


def _check(read: AISettings) -> None:
    provider = read.provider
    if provider in EXTRAS:
        require(provider, setting=f"AI_PROVIDER={provider}")
    if provider in {"gemini", "genai"} and not read.api_key:
        raise ImproperlyConfigured(f"AI_PROVIDER={provider} needs GOOGLE_API_KEY.")
    names = [name for name in (read.model, read.fallback_model) if name]
    if provider == "langchain" and not all(":" in name for name in names):
        raise ImproperlyConfigured(
            "AI_PROVIDER=langchain needs AI_MODEL written as provider:model, like openai:gpt-5."
        )
    if read.fallback_model == read.model:
        raise ImproperlyConfigured("AI_FALLBACK_MODEL is the same as AI_MODEL. Name another one.")


def check_speech(provider: str, ai: AISettings) -> str:
    """Return the file of Google's credentials for speech, or an empty string where the key serves."""
    path = str(env.str("GOOGLE_APPLICATION_CREDENTIALS", default=""))
    if path and not Path(path).is_file():
        raise ImproperlyConfigured(
            f"GOOGLE_APPLICATION_CREDENTIALS={mask(path)!r} is no file. Name the JSON file of a service account."
        )
    if provider == "google" and not path and not ai.api_key:
        raise ImproperlyConfigured(
            "SPEECH_PROVIDER=google needs GOOGLE_APPLICATION_CREDENTIALS or GOOGLE_API_KEY."
        )
    return path


def speech_model(name: str) -> Path | None:
    """Return the folder of another Whisper than the one `fetch_models` brings, None if that one serves."""
    path = str(env.str(name, default=""))
    if path and not is_a_model(Path(path)):
        raise ImproperlyConfigured(
            f"{name}={mask(path)!r} holds no model. Name a folder with a model for faster-whisper: "
            "model.bin, config.json, tokenizer.json and vocabulary.txt or vocabulary.json."
        )
    return Path(path) if path else None


def check_voice(provider: str, credentials: str, ai: AISettings) -> None:
    """Stop the start where the voice that is asked for cannot speak."""
    if provider == "espeak-ng" and shutil.which("espeak-ng") is None:
        raise ImproperlyConfigured(
            "VOICE_PROVIDER=espeak-ng needs that program: apt-get install espeak-ng."
        )
    if provider == "google" and not credentials and not ai.api_key:
        raise ImproperlyConfigured(
            "VOICE_PROVIDER=google needs GOOGLE_APPLICATION_CREDENTIALS or GOOGLE_API_KEY."
        )
    if provider == "google":
        require("tts", setting="VOICE_PROVIDER=google")


def money(name: str) -> int | None:
    """Read an amount such as 0.50 in millionths; None where it is not set."""
    value = os.environ.get(name, "").strip()
    if not value:
        return None
    try:
        amount = round(float(value) * MICROS)
    except (ValueError, OverflowError):
        amount = -1
    if amount < 0:
        raise ImproperlyConfigured(f"{name}={value!r} is no amount. Write it like 0.50.")
    return amount


def prices(name: str, *, default: str) -> dict[str, tuple[float, float]]:
    """Read a price table: a model's name (or how it begins) to [input, output] per million tokens."""
    value = os.environ.get(name) or default
    try:
        table = json.loads(value)
        return {str(model): (float(pair[0]), float(pair[1])) for model, pair in table.items()}
    except (ValueError, AttributeError, TypeError, LookupError):
        raise ImproperlyConfigured(
            f'{name} cannot be read. Write it like {{"gemini-3.8-flash": [0.5, 3.0]}}: per million tokens in and out.'
        ) from None


def _thinking(name: str) -> int | None:
    return number(name, default=0, low=0, high=100_000) if os.environ.get(name) else None
