"""Counts honest labelled answers that a guard stops: `python -m lab.guards`. None of them should be."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator

from ai.asides import aside_kind
from ai.code_only import is_code_alone
from ai.defence import prepare, suspects
from ai.language import other_language
from ai.rating.guards import is_echo
from lab.answers import KEPT_ASIDE, Row, questions, rows_of, training_files

Guard = Callable[[Row, Row], bool]
GUARDS: dict[str, Guard] = {
    "flagged as words to the rater": lambda row, _q: bool(suspects(prepare(row["answer"]).text)),
    "taken for an echo": lambda row, q: is_echo(row.get("asked") or q["text"], row["answer"]),
    "taken for something said to us": lambda row, q: (
        aside_kind(row["answer"], question=row.get("asked") or q["text"]) is not None
    ),
    "taken for another language": lambda row, q: bool(
        other_language(row["answer"], expected=q.get("language", "en"))
    ),
    "taken for code alone": lambda row, _q: is_code_alone(row["answer"]),
}


def stopped(rows: Iterable[Row]) -> Iterator[tuple[str, Row]]:
    """Yield each guard that stops an answer, with the answer."""
    known = questions()
    for row in rows:
        yield from ((name, row) for name, guard in GUARDS.items() if guard(row, known[row["q"]]))


def main() -> None:
    """Print how many answers of the training files, and of those set aside, each guard stops."""
    for title, files in (("training", training_files()), ("set aside", [KEPT_ASIDE])):
        rows = [row for file in files for row in rows_of(file)]
        found = list(stopped(rows))
        for name in GUARDS:
            number = sum(guard == name for guard, _row in found)
            share = 100 * number / len(rows)
            sys.stdout.write(f"{title}: {number} of {len(rows)} ({share:.2f} %) {name}\n")


if __name__ == "__main__":
    main()
