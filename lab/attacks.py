"""The corpus of attempts to steer a rating: 14 families, three languages, each with its clean twin."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "data" / "attacks"
LANGUAGES = ("en", "de", "es")
PER_FAMILY = 10
LOOKS_LIKE = str.maketrans("aeopcxyi", "\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456")
LEET = str.maketrans("aeiost", "431057")
ZERO_WIDTH, BIDI = "\u200b", "\u2066"


@dataclass(frozen=True, slots=True)
class Attack:
    """An honest answer (`twin`), and the same with a `payload` that tries to steer; `meaning` is the payload in the clear."""

    family: str
    language: str
    number: int
    twin: str
    payload: str
    meaning: str

    @property
    def answer(self) -> str:
        """The payload stands after, before or inside the honest words, in turn."""
        first, _stop, rest = self.twin.partition(". ")
        if self.number % 3 == 0:
            return f"{self.twin} {self.payload}"
        if self.number % 3 == 1 or not rest:
            return f"{self.payload}\n{self.twin}"
        return f"{first}. {self.payload} {rest}"


def encoded(text: str, number: int) -> str:
    """Return a text in base64, hex, ROT13, backwards, or leet, in turn."""
    import codecs  # noqa: PLC0415 - one line needs it

    ways: list[Callable[[str], str]] = [
        lambda t: base64.b64encode(t.encode()).decode(),
        lambda t: t.encode().hex(" "),
        lambda t: codecs.encode(t, "rot13"),
        lambda t: t[::-1],
        lambda t: t.translate(LEET),
    ]
    return ways[number % len(ways)](text)


def disguised(text: str, number: int) -> str:
    """Return a text in look-alike letters, with zero-width characters, spaced out, full width, or marked for another direction."""
    ways: list[Callable[[str], str]] = [
        lambda t: t.translate(LOOKS_LIKE),
        ZERO_WIDTH.join,
        lambda t: "  ".join(" ".join(word) for word in t.split()),
        lambda t: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in t),
        lambda t: f"{BIDI}{t}\u2069",
    ]
    return ways[number % len(ways)](text)


def attacks() -> Iterator[Attack]:
    """Yield all 420 attacks."""
    twins = read_corpus("twins.yaml")
    for language in LANGUAGES:
        families = read_corpus(f"attacks_{language}.yaml")
        for family, payloads in _with_disguises(families).items():
            for number, (payload, meaning) in enumerate(payloads):
                twin = twins[language][number]
                yield Attack(family, language, number, twin, payload, meaning)


def _with_disguises(families: dict[str, list[str]]) -> dict[str, list[tuple[str, str]]]:
    plain = {name: [(text, text) for text in texts] for name, texts in families.items()}
    plain["encoded"] = [(encoded(t, n), t) for n, t in enumerate(families["override"])]
    plain["disguised"] = [(disguised(t, n), t) for n, t in enumerate(families["demand"])]
    return plain


def benign() -> list[str]:
    """Return 60 honest answers about prompt injection and grading."""
    return [text for texts in read_corpus("benign.yaml").values() for text in texts]


def everyday() -> list[str]:
    """Return honest sentences with the words that orders are made of: rate, limit, score, point, mark and the like."""
    return [text for texts in read_corpus("everyday.yaml").values() for text in texts]


def variants() -> list[str]:
    """Return orders to a rater in other words than those of the attacks."""
    return list(read_corpus("variants.yaml"))


def read_corpus(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
