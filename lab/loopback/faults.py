"""The ways in which a provider can fail, by name."""

from __future__ import annotations

from typing import Literal, get_args

Fault = Literal[
    "400",
    "403",
    "429",
    "500",
    "503",
    "504",
    "odd_error",
    "odd_status",
    "redirect",
    "html",
    "nested",
    "huge",
    "nested_text",
    "odd_fields",
    "odd_name",
    "prompt_blocked",
    "safety",
    "recitation",
    "max_tokens",
    "empty",
    "no_candidates",
    "two_candidates",
    "fenced",
    "trailing_comma",
    "not_json",
    "wrong_shape",
    "unknown_finish",
    "slow",
    "stalled",
    "reset",
]
FAULTS: tuple[Fault, ...] = get_args(Fault)
STATUS = {
    "400": (400, "INVALID_ARGUMENT"),
    "403": (403, "PERMISSION_DENIED"),
    "429": (429, "RESOURCE_EXHAUSTED"),
    "500": (500, "INTERNAL"),
    "503": (503, "UNAVAILABLE"),
    "504": (504, "DEADLINE_EXCEEDED"),
    "odd_status": (409, ""),
}
