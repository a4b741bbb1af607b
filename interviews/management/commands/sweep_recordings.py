"""Removes the files of recordings whose rows are gone."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from interviews.services.recording_files import sweep_recordings


class Command(BaseCommand):
    """What the loop that catches up does, once; it can be told that most may go."""

    help = "Remove the files of recordings whose rows are gone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--even-most", action="store_true", help="also if most would go")

    def handle(self, *args: Any, **options: Any) -> None:
        swept = sweep_recordings(even_most=options["even_most"])
        if swept.refusal:
            raise CommandError(swept.refusal)
        self.stdout.write(f"{swept.removed} removed.")
