"""docs/live-room.md says what the socket does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from django.conf import settings

from interviews.live import limits, messages, places
from interviews.live.events import CODES

DOCUMENT = Path(settings.BASE_DIR / "docs" / "live-room.md").read_text(encoding="utf-8")
SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for path in Path(settings.BASE_DIR / "interviews" / "live").glob("*.py")
)
NAME = re.compile(r"`([a-z0-9_.]+)`")


def table(heading: str) -> dict[str, list[str]]:
    """Return the rows of a section's table by the plain text of their first cell."""
    section = DOCUMENT.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section.splitlines()
        if line.startswith("|")
    ]
    return {row[0].strip("`"): row[1:] for row in rows[2:]}


def test_every_message_of_a_client_is_documented_with_its_members() -> None:
    models = get_args(get_args(messages.ClientMessage)[0])
    members = {
        get_args(model.model_fields["type"].annotation)[0]: set(model.model_fields) - {"type"}
        for model in models
    }

    documented = {
        name: set(NAME.findall(row[0])) for name, row in table("What the client sends").items()
    }

    assert documented == members


def test_every_message_of_the_server_is_documented() -> None:
    sent = set(re.findall(r'"type": "([a-z.]+)"', SOURCES)) - {"signed.out", "rights.changed"}

    assert set(table("What the server sends")) == sent


def test_every_close_code_is_documented() -> None:
    used = set(re.findall(r"leave\((\d{4})\)", SOURCES))

    assert set(table("Close codes")) == used


def test_every_error_code_is_documented_with_whether_to_try_again() -> None:
    documented = {code: row[0] == "yes" for code, row in table("Error codes").items()}

    assert documented == dict(CODES.values())


@pytest.mark.parametrize(
    ("what", "figures"),
    [
        ("a frame", [limits.MAX_FRAME // 1024]),
        ("messages", [limits.MESSAGES, int(limits.PER_SECONDS)]),
        ("sockets of one person", [places.MOST_SOCKETS, int(limits.SILENT_AFTER)]),
        ("an answer or a draft", [20_000]),
        ("without a ping", [int(limits.IDLE_AFTER)]),
    ],
)
def test_documented_limits_are_the_ones_in_force(what: str, figures: list[int]) -> None:
    written = table("Limits")[what][0]

    assert [int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", written)] == figures


def documented_members(kind: str) -> set[str]:
    return set(NAME.findall(table("What the server sends")[kind][0]))


def check_members(event: dict[str, Any]) -> None:
    """Assert that an event has no member that the document keeps to itself."""
    assert set(event) - {"type"} <= documented_members(event["type"])
