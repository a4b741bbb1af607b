"""Prints what the question bank holds and what is to be mended in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from interviews.bank_files import FOLDER, BankError, BankFile, read_bank, read_files
from interviews.bank_lint import DIFFICULTIES, OF_FACTS, lint, located

TYPES = ("technical", "system_design", "behavioral", "situational")
WIDE, NARROW = 34, 15


class Command(BaseCommand):
    """Ends with status 1 where something is to be mended, so that CI can run it."""

    help = "Count the questions of the bank and name those that are to be mended."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=FOLDER, help="another folder of files")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            read_bank(options["folder"])
            files = read_files(options["folder"])
        except BankError as error:
            raise CommandError(str(error)) from error
        for line in statistics(files):
            self.stdout.write(line)
        findings = self._report(lint(files))
        if findings:
            raise CommandError(f"{findings} to be mended.")
        self.stdout.write("Nothing to be mended.")

    def _report(self, findings: Iterable[str]) -> int:
        lines = list(findings)
        for line in lines:
            self.stdout.write(f"- {line}")
        return len(lines)


def statistics(files: Mapping[str, BankFile]) -> Iterator[str]:
    """Yield a table of positions and types, each cell easy/medium/hard, and the totals per language."""
    questions = located(files)
    count: Counter[tuple[str, str, str]] = Counter(
        (q.group, q.entry.question_type, q.entry.difficulty) for q in questions
    )
    totals = Counter(q.group for q in questions)
    yield _line("position", [*TYPES, "all"])
    for group in sorted(totals):
        cells = [
            "/".join(str(count[group, kind, level]) for level in DIFFICULTIES) for kind in TYPES
        ]
        yield _line(group, [*(c if c != "0/0/0" else "-" for c in cells), str(totals[group])])
    languages = Counter(q.file.language for q in questions)
    parts = ", ".join(f"{language} {number}" for language, number in sorted(languages.items()))
    yield f"{len(questions)} questions: {parts}. Cells are {'/'.join(DIFFICULTIES)}."
    factual = [q.entry for q in questions if q.entry.question_type in OF_FACTS]
    sourced = sum(bool(entry.sources) for entry in factual)
    yield f"{sourced} of {len(factual)} questions about facts name a source."


def _line(first: str, cells: Iterable[str]) -> str:
    return first.ljust(WIDE) + "".join(cell.rjust(NARROW) for cell in cells)
