"""Prints how far the rater agrees with people who graded the same answers, and what fools it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ai.quality import Measure, measures
from ai.rating.graded import DataMissing, Graded, read_graded

NAME, FIGURE = 48, 10


class Command(BaseCommand):
    """Measures on questions that the fit has not seen; with --strict it ends with status 1 where a goal is missed."""

    help = "Measure the rater on answers that people graded; see ai/rating/fit.py for their source."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--engine", choices=["embedded"], default="embedded", help="the rater to measure"
        )
        parser.add_argument(
            "--data", type=Path, required=True, help="the folder of the graded answers"
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
        graded = _read(options["data"], options["limit"])
        self.stdout.write(f"{len(graded)} answers, rated by a model that has not seen the question")
        self.stdout.write(_line("measure", "figure", "goal", "ok?"))
        missed = 0
        for measure in measures(graded):
            self.stdout.write(_row(measure))
            missed += not measure.is_met
        if missed and options["strict"]:
            raise CommandError(f"{missed} goals are missed.")


def _read(folder: Path, limit: int) -> list[Graded]:
    try:
        graded = read_graded(folder)
    except DataMissing as error:
        raise CommandError(f"{error} Name the folder of the graded answers with --data.") from error
    return graded[:: -(-len(graded) // limit)] if limit else graded


def _row(measure: Measure) -> str:
    goal = f"{'>=' if measure.at_least else '<='} {measure.goal:g}"
    return _line(measure.name, f"{measure.figure:.3f}", goal, "yes" if measure.is_met else "no")


def _line(name: str, *cells: str) -> str:
    return name.ljust(NAME) + "".join(cell.rjust(FIGURE) for cell in cells)
