"""Prints what moves the scores of the configured model though it must not: `python -m lab.quality --metamorphic --attacks`.

It reads questions from the database that the settings name. With `--strict` it ends with status 1 if a goal is missed.
How the shipped reader agrees with people is for `lab.judge`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TypeVar

from ai.planning import planned_from_bank
from ai.schemas import PlannedQuestion
from ai.service import AIService
from lab.attacks import attacks
from lab.measures import Measure
from lab.metamorphic import resistance, shifts
from lab.project import load_project

T = TypeVar("T")
NAME, FIGURE = 48, 10
QUESTIONS = 20


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the configured model and print a table of figures beside goals."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if not (given.metamorphic or given.attacks):
        parser.error("Say what to measure: --metamorphic, --attacks or both.")
    service = _configured_service()
    print(f"the configured model: {service.model.name}")
    print(_line("measure", "figure", "goal", "ok?"))
    missed = 0
    for measure in figures(service, given):
        print(_row(measure))
        missed += not measure.is_met
    if missed and given.strict:
        sys.exit(f"{missed} goals are missed.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lab.quality")
    parser.add_argument(
        "--metamorphic",
        action="store_true",
        help="measure how far padding, flattery and the like move the scores of the configured model",
    )
    parser.add_argument(
        "--attacks", action="store_true", help="let 420 attacks try to steer the configured model"
    )
    parser.add_argument(
        "--limit", type=int, default=0, metavar="N", help="about N answers, evenly spread; 0: all"
    )
    parser.add_argument("--strict", action="store_true", help="fail if a goal is missed")
    return parser


def _configured_service() -> AIService:
    """Return the service that interviews use."""
    load_project()
    from interviews.services.engine import ai_service  # noqa: PLC0415 - after `load_project`

    return ai_service()


def figures(service: AIService, given: argparse.Namespace) -> Iterator[Measure]:
    """Return the measures that were asked for."""
    limit: int = given.limit
    return chain(
        shifts(service, sample_questions(limit or QUESTIONS)) if given.metamorphic else (),
        resistance(service, spread(list(attacks()), limit)) if given.attacks else (),
    )


def sample_questions(limit: int) -> list[PlannedQuestion]:
    """Return English questions of the bank with a reference answer, evenly spread."""
    from interviews.models import BankQuestion  # noqa: PLC0415 - after `load_project`

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


if __name__ == "__main__":
    main()
