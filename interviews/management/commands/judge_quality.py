"""Prints what moves the scores of the configured model though it must not: changes that do not count, and attacks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ai.attacks import attacks
from ai.measures import Measure
from ai.metamorphic import resistance, shifts
from ai.planning import planned_from_bank
from ai.schemas import PlannedQuestion
from interviews.models import BankQuestion
from interviews.services.engine import ai_service

T = TypeVar("T")
NAME, FIGURE = 48, 10


class Command(BaseCommand):
    """Measures the configured model; with --strict it ends with status 1 if a goal is missed."""

    help = "Measure what moves the scores of the configured model; how it agrees with people is for lab.judge."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--metamorphic",
            action="store_true",
            help="measure how far padding, flattery and the like move the scores of the configured model",
        )
        parser.add_argument(
            "--attacks",
            action="store_true",
            help="let 420 attacks try to steer the configured model",
        )
        parser.add_argument(
            "--limit",
            type=int,
            default=0,
            metavar="N",
            help="about N answers, evenly spread; 0: all",
        )
        parser.add_argument("--strict", action="store_true", help="fail if a goal is missed")

    def handle(self, *args: Any, **options: Any) -> None:
        figures = self._figures(options)
        self.stdout.write(_line("measure", "figure", "goal", "ok?"))
        missed = 0
        for measure in figures:
            self.stdout.write(_row(measure))
            missed += not measure.is_met
        if missed and options["strict"]:
            raise CommandError(f"{missed} goals are missed.")

    def _figures(self, options: dict[str, Any]) -> Iterator[Measure]:
        """Return what is asked for, with a line that says what is measured."""
        limit = options["limit"]
        if not (options["metamorphic"] or options["attacks"]):
            raise CommandError("Say what to measure: --metamorphic, --attacks or both.")
        service = ai_service()
        self.stdout.write(f"the configured model: {service.model.name}")
        return chain(
            shifts(service, sample_questions(limit or 20)) if options["metamorphic"] else (),
            resistance(service, spread(list(attacks()), limit)) if options["attacks"] else (),
        )


def sample_questions(limit: int) -> list[PlannedQuestion]:
    """Return English questions of the bank with a reference answer, evenly spread."""
    bank = BankQuestion.objects.active().filter(language="en").exclude(reference_answer="")
    items = spread([item for item in bank.as_items() if item["key_points"]], limit)
    return [planned_from_bank(number, item) for number, item in enumerate(items, start=1)]


def spread(rows: list[T], limit: int) -> list[T]:
    return rows[:: -(-len(rows) // limit)] if limit and rows else rows


def _row(measure: Measure) -> str:
    goal = f"{'>=' if measure.at_least else '<='} {measure.goal:g}"
    return _line(measure.name, f"{measure.figure:.3f}", goal, "yes" if measure.is_met else "no")


def _line(name: str, *cells: str) -> str:
    return name.ljust(NAME) + "".join(cell.rjust(FIGURE) for cell in cells)
