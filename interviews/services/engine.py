"""The AI services this installation is configured for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from accounts.models import User
from ai.once import Once
from ai.planning import GENERAL, match_position
from ai.pool import ProviderPool
from ai.providers.base import SpeechToText, TextToSpeech
from ai.providers.building import completer, language_model
from ai.providers.embedded import EmbeddedModel
from ai.providers.google_cloud import Access
from ai.providers.google_speech import GoogleSpeech
from ai.providers.google_voice import GoogleVoice
from ai.providers.language_model import LanguageModel
from ai.providers.local_speech import LocalSpeech
from ai.providers.local_voice import LocalVoice
from ai.schemas import BankItem
from ai.service import AIService
from ai.speech.live import Limits
from ai.state import WorkflowContext
from interviews.models import BankQuestion, Interview, InterviewSession, Question
from interviews.services.shared import shared_cache
from interviews.services.slots import slot_given_back


@Once
def ai_service() -> AIService:
    """Return the one `AIService` of this process."""
    if not settings.AI.costs_money:
        return AIService(model=EmbeddedModel(), speech=configured_speech())
    model = configured_model()
    return AIService(
        model=model,
        speech=configured_speech(),
        screening_passes=settings.AI.screening_passes,
        second=model.after_another(),
    )


def configured_model() -> LanguageModel:
    """Return the language model of the settings, with the other one behind it; the shared cache keeps its breaker."""
    ai = settings.AI
    completers = [
        completer(
            ai.provider,
            name,
            api_key=ai.api_key,
            endpoint=ai.endpoint,
            thinking_tokens=ai.thinking_tokens,
        )
        for name in (ai.model, ai.fallback_model)
        if name
    ]
    return language_model(
        completers, store=shared_cache, timeout=ai.timeout_seconds, calls_at_once=ai.calls_at_once
    )


def configured_speech() -> SpeechToText | None:
    """Return what hears, or None where answers are typed only."""
    limits = Limits(
        max_bytes=settings.MAX_RECORDING_MB * 1024 * 1024,
        max_seconds=settings.MAX_RECORDING_SECONDS,
    )
    if settings.SPEECH_PROVIDER == "google":
        return GoogleSpeech(google_access(), store=shared_cache, max_seconds=limits.max_seconds)
    if settings.SPEECH_PROVIDER == "none":
        return None
    return LocalSpeech(
        settings.SPEECH_MODEL or settings.VAR_DIR / "models" / "whisper-base",
        workers=settings.SPEECH_WORKERS,
        threads=settings.SPEECH_THREADS,
        queue_size=settings.SPEECH_QUEUE,
        limits=limits,
    )


def google_access() -> Access:
    """Return how this installation reaches Google Cloud."""
    return Access(settings.GOOGLE_CREDENTIALS, settings.AI.api_key)


@Once
def question_voice() -> TextToSpeech | None:
    """Return the voice that reads questions on this server, or None where browsers do it."""
    if settings.VOICE_PROVIDER == "google":
        return GoogleVoice(google_access(), store=shared_cache)
    return LocalVoice() if settings.VOICE_PROVIDER == "espeak-ng" else None


@Once
def provider_pool() -> ProviderPool:
    """Return the threads of this process in which the live room calls providers."""
    return ProviderPool(settings.PROVIDER_POOL_SIZE)


@contextmanager
def no_connection_held() -> Iterator[None]:
    """Give the database connection, and this request's place to work, back while a provider is at work.

    Inside a transaction there is nothing to give back: only tests are in one here.
    """
    if not connection.in_atomic_block:
        connection.close()
    with slot_given_back():
        yield


def planning_context(session: InterviewSession) -> WorkflowContext:
    """Return the bank for planning a session, and what its candidate has met before."""
    return bank_context(session.interview, seen=seen_by(session.candidate))


def seen_by(candidate: User) -> set[str]:
    """Return the slugs of the bank's questions that somebody was asked before."""
    asked = Question.objects.filter(turns__session__candidate=candidate)
    return set(asked.values_list("bank_slug", flat=True))


def bank_context(interview: Interview, *, seen: set[str] | None = None) -> WorkflowContext:
    """Return the part of the bank that an interview can be planned from."""
    bank = bank_for(interview.position, interview.language)
    return WorkflowContext(ai=ai_service(), bank=bank, seen=frozenset(seen or ()))


def bank_for(title: str, language: str) -> list[BankItem]:
    """Return the questions for a job title and the general ones, in this language and in English.

    The whole bank takes 3 MB, for each candidate who starts.
    """
    questions = BankQuestion.objects.in_reach(language)
    position = match_position(title, questions.positions())
    return questions.of_positions(position, GENERAL).as_items()
