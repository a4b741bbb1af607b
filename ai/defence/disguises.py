"""The disguises that words to the rater wear, undone: other letters, gaps, leet, ROT13, backwards, encoded."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator

from ai.language import SMALL_WORDS
from ai.text import words

LIKENESS = str.maketrans(
    "аеорсухіјѕԁԛѡһӏвкмнтгпиАВЕКМНОРСТУХІЈЅαεορντικυβγΑΒΕΖΗΙΚΜΝΟΡΤΥΧıɡ",
    "aeopcyxijsdqwhlbkmhtrnuABEKMHOPCTYXIJSaeopvtikubyABEZHIKMNOPTYXig",
)
SHORTEST_SMALL, FEW = 3, 20
LEET = str.maketrans("0134578@$!", "oieastbasi")
SPACED = re.compile(r"(?<!\w)(?:\w[ .\-_*])+\w(?!\w)")
SPACE = re.compile(r"[ \t]+")
SIGN, SHORTEST_BLOB = "[A-Za-z0-9+/_-]", 16
LINES = re.compile(rf"{SIGN}(?:(?:[ \t]*\r?\n[ \t]*)?{SIGN}){{15,}}")
CHUNKS = re.compile(rf"{SIGN}{{16,}}(?:[ \t]+{SIGN}{{16,}})+(?:[ \t]+{SIGN}{{1,15}}(?!\w))?")
PERCENT = re.compile(r"%(2[BbFf])")
URL_SAFE = str.maketrans("-_", "+/")
HEX = re.compile(r"(?:[0-9a-fA-F]{2}[ :]?){12,}")
SMALL = frozenset(
    word for code in ("en", "de", "es") for word in SMALL_WORDS[code] if len(word) >= SHORTEST_SMALL
)
READABLE = re.compile(r"[\w\s.,:;!?'\"()/=-]{8,}")


def views(text: str) -> Iterator[str]:
    """Yield a text as it is and as it may be meant: look-alike letters, spaced letters, leet, ROT13, backwards, encoded."""
    yield text
    latin = text if text.isascii() else text.translate(LIKENESS)
    yield latin
    yield SPACE.sub(" ", SPACED.sub(_joined, latin))
    yield text.translate(LEET)
    yield from filter(reads_like_words, (codecs.encode(text, "rot13"), text[::-1]))
    yield from _decoded(text)


def reads_like_words(text: str) -> bool:
    """Tell whether small words, without which hardly a sentence is made, are at least a twentieth of a text."""
    tokens = words(text)
    return sum(map(SMALL.__contains__, tokens)) * FEW > len(tokens)


def _joined(match: re.Match[str]) -> str:
    """Join single letters; wider gaps between words stay."""
    return re.sub(r"(?<=\w)[ .\-_*](?=\w(?:\W|$))", "", match[0])


def _decoded(text: str) -> Iterator[str]:
    if "\n" in text or any(len(word) >= SHORTEST_BLOB for word in text.split()):
        whole = PERCENT.sub(_plain_sign, text)
        for blob in (*LINES.findall(whole), *CHUNKS.findall(whole)):
            yield from _from_base64("".join(blob.split()).translate(URL_SAFE))
    for run in HEX.findall(text):
        digits = re.sub(r"[ :]", "", run)
        yield from _readable(bytes.fromhex(digits[: len(digits) // 2 * 2]))


def _plain_sign(match: re.Match[str]) -> str:
    """Undo what a `data:` URL does to the two signs."""
    return chr(int(match[1], 16))


def _from_base64(blob: str) -> Iterator[str]:
    """Yield what a blob says, wherever it begins: a word before it may look like a part of it."""
    for start in range(4):
        whole = blob[start : len(blob) - ((len(blob) - start) % 4 == 1)]
        try:
            yield from _readable(base64.b64decode(whole + "=" * (-len(whole) % 4)))
        except binascii.Error:
            continue


def _readable(raw: bytes) -> Iterator[str]:
    text = raw.decode("utf-8", errors="replace")
    if READABLE.search(text):
        yield text
