"""What may stand in a text: what databases can hold, what people can see, and names that write in both directions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
BLANK_SHAPES = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
TURNING = frozenset(
    {"R", "AL", "AN", "RLE", "RLO", "LRE", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI"}
)
ISOLATE, END = "\u2068", "\u2069"


def is_storable(value: Any) -> bool:
    """Tell whether every database can hold a text, or every text in JSON data: no NUL and no lone surrogate."""
    if isinstance(value, str):
        return UNSTORABLE.search(value) is None
    if isinstance(value, Mapping):
        return all(is_storable(name) and is_storable(item) for name, item in value.items())
    if isinstance(value, list | tuple):
        return all(map(is_storable, value))
    return True


def is_seen(text: str) -> bool:
    """Tell whether a text shows anything: a letter, a digit, a sign; not only spaces, marks and invisible characters."""
    return any(
        unicodedata.category(character)[0] not in "CZM" and character not in BLANK_SHAPES
        for character in text
    )


@deconstructible
class Visible:
    """A validator for names: invisible characters make none."""

    code = "required"

    def __call__(self, value: str) -> None:
        if not is_seen(value):
            raise ValidationError(_("Write something that can be seen."), code=self.code)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Visible)

    def __hash__(self) -> int:
        return hash(Visible)


def isolated(text: str) -> str:
    """Return a text that does not change the direction of what stands around it, for where no element does that.

    Most names need nothing; others are put between isolates (Unicode UAX 9, 2.4.2), without any that they hold.
    """
    if text.isascii() or not any(unicodedata.bidirectional(c) in TURNING for c in text):
        return text
    return f"{ISOLATE}{OVERRIDES.sub('', text)}{END}"
