"""What the recogniser is told beforehand: the language, and the words of the trade."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST_PROMPT = 400


def make_prompt(phrases: Sequence[str]) -> str | None:
    """Join the terms of a question, without repeats, up to 400 characters.

    None where there are none: an empty prompt makes Whisper lose whole utterances.
    """
    terms = dict.fromkeys(" ".join(phrase.split()) for phrase in phrases)
    prompt = ""
    for term in filter(None, terms):
        longer = f"{prompt}, {term}" if prompt else term
        if len(longer) < LONGEST_PROMPT:
            prompt = longer
    return f"{prompt}." if prompt else None


def whisper_language(language: str) -> str:
    """Return the primary part of a language tag: `de-AT` and `de_AT` are `de`."""
    return language.replace("_", "-").split("-")[0].strip().lower()
