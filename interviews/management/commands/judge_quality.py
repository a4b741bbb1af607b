"""Prints how far the rater agrees with people who graded the same answers, and what fools it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ai.attacks import attacks
from ai.metamorphic import resistance, shifts
from ai.planning import planned_from_bank
from ai.quality import Measure, measures
from ai.rating.graded import DataMissing, Graded, read_graded
from ai.schemas import PlannedQuestion
from interviews.models import BankQuestion
from interviews.services.engine import ai_service

T = TypeVar("T")
NAME, FIGURE = 48, 10


class Command(BaseCommand):
    """Measures on questions that the fit has not seen; with --strict it ends with status 1 where a goal is missed."""

    help = "Measure the rater on answers that people graded; see ai/rating/fit.py for their source."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--engine", choices=["embedded"], default="embedded", help="the rater to measure"
        )
        parser.add_argument(
            "--data", type=Path, help="the folder of the graded answers (embedded rater only)"
        )
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
        parser.add_argument("--strict", action="store_true", help="fail where a goal is missed")

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
        if options["metamorphic"] or options["attacks"]:
            service = ai_service()
            self.stdout.write(f"the configured model: {service.model.name}")
            return chain(
                shifts(service, sample_questions(limit or 20)) if options["metamorphic"] else (),
                resistance(service, spread(list(attacks()), limit)) if options["attacks"] else (),
            )
        if options["data"] is None:
            raise CommandError("Name the folder of the graded answers with --data.")
        graded = _read(options["data"], limit)
        self.stdout.write(f"{len(graded)} answers, rated by a model that has not seen the question")
        return measures(graded)


def sample_questions(limit: int) -> list[PlannedQuestion]:
    """Return English questions of the bank with a reference answer, evenly spread."""
    bank = BankQuestion.objects.active().filter(language="en").exclude(reference_answer="")
    items = spread([item for item in bank.as_items() if item["key_points"]], limit)
    return [planned_from_bank(number, item) for number, item in enumerate(items, start=1)]


def spread(rows: list[T], limit: int) -> list[T]:
    return rows[:: -(-len(rows) // limit)] if limit and rows else rows


def _read(folder: Path, limit: int) -> list[Graded]:
    try:
        graded = read_graded(folder)
    except DataMissing as error:
        raise CommandError(f"{error} Name the folder of the graded answers with --data.") from error
    return spread(graded, limit)


def _row(measure: Measure) -> str:
    goal = f"{'>=' if measure.at_least else '<='} {measure.goal:g}"
    return _line(measure.name, f"{measure.figure:.3f}", goal, "yes" if measure.is_met else "no")


def _line(name: str, *cells: str) -> str:
    return name.ljust(NAME) + "".join(cell.rjust(FIGURE) for cell in cells)
