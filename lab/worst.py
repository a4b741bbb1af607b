"""Shows the answers whose level is furthest from people's, for a person to read and explain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import fill
from typing import TYPE_CHECKING

from lab.answers import Row

if TYPE_CHECKING:
    from lab.judge import Read

WIDTH = 100


def level_error(one: Read) -> float:
    """Return how many levels the reader gives an answer above people's; below 0 if it gives less."""
    return float(one.reading.level - one.row["level"])


def worst_of(read: Sequence[Read], number: int) -> list[Read]:
    """Return the answers with the largest errors in level, the largest first; of equal ones the earlier first."""
    return sorted(read, key=lambda one: -abs(level_error(one)))[:number]


def described(one: Read, question: Row) -> Iterator[str]:
    """Yield the lines that show an answer: levels, question, answer, and each point's state by the reader and by people."""
    row, reading = one.row, one.reading
    doubt = "" if reading.sure else ", unsure"
    yield (
        f"{level_error(one):+.2f}  ours {reading.level:.2f}{doubt}, people {row['level']}  "
        f"({row['q']}, {row['kind']})"
    )
    yield fill(f"Question: {question['text']}", WIDTH)
    if row.get("asked"):
        yield fill(f"Asked: {row['asked']}", WIDTH)
    yield fill(f"Answer: {row['answer']}", WIDTH)
    for at, (text, point) in enumerate(zip(question["key_points"], reading.points, strict=True)):
        people = one.states.get(f"k{at + 1}", "not agreed")
        yield f"  ours {point.state:12} {point.p_said:.2f}   people {people:10}   {text}"


def print_worst(read: Sequence[Read], number: int, questions: Mapping[str, Row]) -> None:
    for place, one in enumerate(worst_of(read, number), start=1):
        lines = described(one, questions[one.row["q"]])
        print(f"\n{place}. {next(lines)}", *lines, sep="\n")
