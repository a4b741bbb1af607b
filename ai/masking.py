"""Keeps keys, and the words of candidates, out of logs and messages."""

from __future__ import annotations

import logging
import re
import threading
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from functools import lru_cache
from urllib.parse import quote

MASK = "[masked]"
SHORTEST_SECRET, LONG_SECRET = 6, 16
RUN = 10
TEXTS_KEPT = 4
RECENT_TEXTS, RECENT_CHARACTERS = 32, 60_000
LONGEST_RECORD = 40_000
NAMES = (
    r"x-goog-api-key|x-api-key|api[_ -]?key|apikey|key|authorization|proxy-authorization|cookie|set-cookie|"
    r"(?:access|refresh|id|auth|session)[_-]?token|token|client[_-]secret|secret(?:[_-]key)?|"
    r"passw(?:or)?d|private[_-]key(?:[_-]id)?|signature"
)
KEY_SHAPED = re.compile(
    r"""
    -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----.*?(?:-----END\ [A-Z ]*PRIVATE\ KEY-----|\Z)
    | \bAIza[\w-]{4,} | \bAQ\.[\w-]{10,} | \bya29\.[\w.-]+ | \b1//[\w-]{10,} | \bGOCSPX-[\w-]+
    | \b(?:sk|pk|rk)[-_][\w-]{8,} | \bgsk_\w{8,} | \bhf_\w{8,} | \bgh[opsur]_\w{8,} | \bgithub_pat_\w{8,}
    | \bxox[a-z]-[\w-]{8,} | \bA[KS]IA[0-9A-Z]{12,} | \beyJ[\w-]{6,}(?:\.[\w-]+){1,2}
    """,
    re.VERBOSE | re.DOTALL,
)
SCHEME = re.compile(r"\b(Bearer(?:\s+|%20)|Basic\s+(?=[\w+/]{12}))[\w.~+/=-]{6,}", re.IGNORECASE)
NAMED = re.compile(
    rf"""(?:(?<![A-Za-z])|(?<=%[0-9A-F]{{2}}))({NAMES})(\\?["']?\s*(?:[:=]|%3D|%3A)\s*b?\\?["']?|["']\s*,\s*b?["'])([^\s"'\\,;&{{}}()<>\[\]]{{4,}})""",
    re.IGNORECASE,
)
IN_PATH = re.compile(
    r"((?:/|%2F)(?:rooms?|sessions?|interviews|reset(?:/|%2F)[\w%-]{1,64}?)(?:/|%2F))[\w%-]{16,}",
    re.IGNORECASE,
)
IN_URL = re.compile(r"(://)[^/\s:@]*:[^/\s@]+@")
ROW_VALUES = re.compile(r"^(\s*DETAIL:\s*)\S.*$", re.MULTILINE)
INPUT_VALUE = re.compile(r"(input_value=).*?(?=, input_type=|\]?\n|\]?\Z)", re.DOTALL)
ESCAPED = re.compile(
    r"\\+u([0-9a-fA-F]{4})|\\+x([0-9a-fA-F]{2})|\\+[nrtbf]|%[0-9A-Fa-f]{2}|.", re.DOTALL
)
KEPT = "\n\t\u200c\u200d"
UNSEEN = frozenset({"Cc", "Cf", "Cs"})

_known: set[str] = set()
_lock = threading.Lock()
_private: ContextVar[tuple[str, ...]] = ContextVar("private", default=())
_recent: deque[str] = deque(maxlen=RECENT_TEXTS)


def keep_secret(*values: str) -> None:
    """Mask these exact values from now on, wherever text goes to a log."""
    fitting = {form for value in values for form in (value, quote(value, safe=""))}
    with _lock:
        _known.update(form for form in fitting if len(form) >= SHORTEST_SECRET)


def keep_private(*texts: str) -> None:
    """Leave the words of these texts out of what the work at hand logs, and out of every error logged soon after."""
    known = _private.get()
    fresh = [text for text in dict.fromkeys(texts) if len(text) >= RUN and text not in known]
    if fresh:
        _private.set((*known, *fresh)[-TEXTS_KEPT:])
        _recent.extend(fresh)


def mask(text: str) -> str:
    """Return `text` without anything that is, or looks like, a key or a password, or stands for one in a path."""
    text = SCHEME.sub(rf"\1{MASK}", without_keys(text, shortest=SHORTEST_SECRET))
    text = IN_PATH.sub(rf"\1{MASK}", NAMED.sub(rf"\1\2{MASK}", text))
    return IN_URL.sub(rf"\1{MASK}@", text)


def without_keys(text: str, *, shortest: int = LONG_SECRET) -> str:
    """Return `text` without our own keys, and without anything that only a key looks like.

    What is shorter than `shortest` stays: a password can be an everyday word.
    """
    for secret in sorted(_known, key=len, reverse=True):
        text = text.replace(secret, MASK) if len(secret) >= shortest else text
    return KEY_SHAPED.sub(MASK, text)


def without_echo(text: str, said: Iterable[str]) -> str:
    """Return `text` without any run of ten letters or digits that also stands in one of `said`, escaped or not."""
    letters = list(_letters(text))
    plain = "".join(letter for letter, _start, _end in letters)
    runs = [_runs(one) for one in said]
    hidden = bytearray(len(text))
    for at in range(len(plain) - RUN + 1):
        if any(plain[at : at + RUN] in known for known in runs):
            first, last = letters[at][1], letters[at + RUN - 1][2]
            hidden[first:last] = b"\1" * (last - first)
    return _cut(text, hidden)


def _letters(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each letter and digit of a text, in lower case, with its place; what JSON and URLs escape is undone."""
    for match in ESCAPED.finditer(text):
        character = chr(int(code, 16)) if (code := match[1] or match[2]) else match[0]
        if len(character) == 1 and character.isalnum():
            yield character.casefold()[:1], match.start(), match.end()


@lru_cache(maxsize=16)
def _runs(text: str) -> frozenset[str]:
    plain = "".join(character.casefold()[:1] for character in text if character.isalnum())
    return frozenset(plain[at : at + RUN] for at in range(len(plain) - RUN + 1))


def _cut(text: str, hidden: bytearray) -> str:
    if not any(hidden):
        return text
    pieces, at = [], 0
    for match in re.finditer(b"\x01+", hidden):
        pieces += [text[at : match.start()], MASK]
        at = match.end()
    return "".join([*pieces, text[at:]])


def fit_for_log(text: str, *said: str) -> str:
    """Return `text` as a log may hold it: no keys, no values of rows, and no words of `said` or of the work at hand."""
    text = INPUT_VALUE.sub(rf"\1{MASK}", ROW_VALUES.sub(rf"\1{MASK}", _shortened(text)))
    private = dict.fromkeys((*said, *_private.get()))
    return without_echo(mask(text), private) if private else mask(text)


def _shortened(text: str) -> str:
    """Return the beginning and the end of a text that is too long, cut between words."""
    if len(text) <= LONGEST_RECORD:
        return text
    half = LONGEST_RECORD // 2
    return f"{text[:half].rpartition(' ')[0]} … {text[-half:].partition(' ')[2]}"


def recently_said() -> list[str]:
    """Return the latest private texts of this process, as many as can be looked for in no time."""
    found, left = [], RECENT_CHARACTERS
    for text in reversed(_recent.copy()):
        left -= len(text)
        if left < 0:
            break
        found.append(text)
    return found


def presentable(text: str) -> str:
    """Return what a provider wrote as people may see it: no control, direction or invisible characters, and no keys."""
    return without_keys(visible(text))


def visible(text: str) -> str:
    """Return `text` without control, direction and invisible characters; joiners that shape letters stay."""
    if text.isascii() and text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(c for c in lines if c in KEPT or unicodedata.category(c) not in UNSEEN)


class Masked(logging.Filter):
    """Masks a record, its traceback and its stack before any handler writes them."""

    formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record itself, so that every handler after this one gets it masked, too."""
        trace = record.exc_text or ""
        if record.exc_info and record.exc_info[0] is not None:
            trace = trace or self.formatter.formatException(record.exc_info)
        said = recently_said() if trace or record.levelno >= logging.ERROR else []
        record.msg, record.args = fit_for_log(_message(record), *said), None
        record.exc_text = fit_for_log(trace, *said) if trace else record.exc_text
        if record.stack_info:
            record.stack_info = fit_for_log(record.stack_info, *said)
        return True


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError, IndexError):
        return str(record.msg)
