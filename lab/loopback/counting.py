"""Counts tokens as nearly as that goes without anybody's tokenizer: four characters make one."""

from __future__ import annotations

import json
import math
from typing import Any

CHARACTERS = 4


def tokens(*texts: str) -> int:
    """Return the tokens of texts that are sent together, rounded up."""
    return math.ceil(sum(map(len, texts)) / CHARACTERS)


def schema_text(body: dict[str, Any]) -> str:
    """Return the reply's schema as compact JSON, since providers charge for it; empty where none was sent."""
    schema = body.get("generationConfig", {}).get("responseSchema")
    return json.dumps(schema, separators=(",", ":")) if schema else ""
