"""Writes `docs/settings.md` from the code that reads the environment: `python -m interviewer.settings_reference`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from interviewer.settings_meanings import FIRST, GROUPS, Meaning

FOLDER = Path(__file__).resolve().parent
DOCUMENT = FOLDER.parent / "docs" / "settings.md"
NAME = re.compile(r"[A-Z][A-Z0-9_]+")
HEAD = """\
# Settings

This page is written by `python -m interviewer.settings_reference` from the code that reads the settings; do not edit it.
They come from the environment or from a file `.env` (`.env.example` is one to begin with). A bad value stops the start and says how to mend it.

## The twenty that matter first
"""
COLUMNS = "| name | default | value, unit | meaning |\n|---|---|---|---|"
READERS = {
    "truth": "0 or 1",
    "secret": "at least 50 characters",
    "rate": "requests per time",
    "origin": "an address without a path",
    "urls": "addresses without a path, by commas",
    "money": "amount in the currency of `AI_PRICES`",
}

OTHER_READERS = {
    *("env.str", "env.list", "os.environ.get", "number", "choice", "redis_url", "time_zone"),
    *("email", "database", "prices", "speech_model", "_thinking"),
}


@dataclass(frozen=True, slots=True)
class Read:
    """One place where the code reads a setting: its name, what may stand there, and the default if the code states one."""

    name: str
    values: str
    default: str | None


def reads() -> dict[str, Read]:
    """Return every setting that a module of this folder reads, by name."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.py"))]
    constants = {name: value for tree in trees for name, value in _constants(tree)}
    return {read.name: read for tree in trees for read in _reads_of(tree, constants)}


def _reads_of(tree: ast.Module, constants: dict[str, object]) -> Iterator[Read]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := _setting(node)):
            given = {word.arg: _value(word.value, constants) for word in node.keywords if word.arg}
            yield Read(name, _values(_reader(node), given), _default(given))


def _constants(tree: ast.Module) -> Iterator[tuple[str, object]]:
    """Yield the names that a module gives to literals, with what they stand for."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = _value(node.value, {})
            if value is not None:
                yield node.targets[0].id, value


def _setting(call: ast.Call) -> str:
    """Return the name of the setting that a call reads; empty if it reads none."""
    first = call.args[0] if call.args else None
    if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
        return ""
    reads_one = _reader(call) in {*READERS, *OTHER_READERS}
    return first.value if reads_one and NAME.fullmatch(first.value) else ""


def _reader(call: ast.Call) -> str:
    return ast.unparse(call.func)


def _value(node: ast.expr, constants: dict[str, object]) -> object:
    """Return a literal, or what a constant of the module stands for; None if it takes running to know."""
    if isinstance(node, ast.Name):
        return constants.get(node.id)
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def _values(reader: str, given: dict[str, object]) -> str:
    allowed = given.get("allowed")
    if isinstance(allowed, list | tuple):
        return ", ".join(f"`{value}`" for value in allowed)
    if isinstance(given.get("high"), int):
        return f"{given['low']:,} to {given['high']:,}"
    return READERS.get(reader, "")


def _default(given: dict[str, object]) -> str | None:
    default = given.get("default")
    if isinstance(default, bool):
        return str(int(default))
    return str(default) if default not in (None, "") else None


def row(meaning: Meaning, read: Read) -> str:
    default = meaning.default or (f"`{read.default}`" if read.default else "none")
    values = " ".join(part for part in (read.values, meaning.unit) if part)
    return f"| `{meaning.name}` | {default} | {values} | {meaning.text} |"


def document() -> str:
    """Return the whole page. Raises `KeyError` if a setting is explained that nothing reads."""
    read = reads()
    known = {meaning.name: meaning for _title, group in GROUPS for meaning in group}
    parts = [HEAD, _table([known[name] for name in FIRST], read)]
    for title, group in GROUPS:
        rest = [meaning for meaning in group if meaning.name not in FIRST]
        parts += [f"\n## {title}\n", _table(rest, read)]
    return "\n".join(parts) + "\n"


def _table(meanings: list[Meaning], read: dict[str, Read]) -> str:
    return "\n".join([COLUMNS, *(row(meaning, read[meaning.name]) for meaning in meanings)])


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
