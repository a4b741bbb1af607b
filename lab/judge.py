"""Prints how the shipped reader agrees with people on the answers set aside: `python -m lab.judge`.

With `--data FOLDER` it also reads the course and school answers of `lab.graded` there, which takes minutes; with `--worst N` it shows the N answers whose level is furthest off. It ends with status 1 if a figure is below its floor, so that a worse reader does not pass CI. Nothing here was trained on, but
the makers of the project wrote these answers: how real applicants' answers are read was not measured.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import fmean

import numpy as np

from ai.rating import AnswerReading, PointState, read_answer
from lab import graded
from lab.answers import KEPT_ASIDE, Row, agreed_points, questions, rows_of
from lab.worst import print_worst

SAID, ABSENT = {"yes"}, {"no", "denied"}
SECOND_BATCH = {"textbook", "textbook_part", "twin", "plain_wrong"}
BATCHES = ("first", "second", "third")
FAR = 1.5
LARGEST_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class Read:
    """A labelled answer, and what the reader makes of it."""

    row: Row
    states: dict[str, str]
    reading: AnswerReading

    @property
    def batch(self) -> str:
        if "id" in self.row:
            return "third"
        return "second" if self.row["kind"] in SECOND_BATCH else "first"

    @property
    def labelled(self) -> Iterator[tuple[str, str, int]]:
        """Yield each point's id, its label and its place; two people agree on it."""
        for key, state in self.states.items():
            yield key, state, int(key[1:]) - 1


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure beside its goal and the floor that CI holds; None if there is none. Small ones are good if `is_least_best`."""

    name: str
    value: float
    goal: float | None = None
    floor: float | None = None
    is_least_best: bool = False

    @property
    def is_met(self) -> bool:
        return self.goal is None or self._is_as_good_as(self.goal)

    @property
    def is_above_floor(self) -> bool:
        return self.floor is None or self._is_as_good_as(self.floor)

    def _is_as_good_as(self, bound: float) -> bool:
        return self.value <= bound if self.is_least_best else self.value >= bound


def read_all(rows: Iterable[Row]) -> list[Read]:
    """Read English answers, as many at once as the reader takes."""
    known = questions()
    english = [row for row in rows if known[row["q"]]["language"] == "en"]
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda row: _read(row, known[row["q"]]), english))


def _read(row: Row, question: Row) -> Read:
    reading = read_answer(
        question["text"],
        question["key_points"],
        row["answer"],
        question_type=question["type"],
        asked=row.get("asked", ""),
        earlier=row.get("earlier", ""),
    )
    return Read(row, {key: label[0] for key, label in agreed_points(row).items()}, reading)


def within_answer_auc(read: Sequence[Read]) -> float:
    """Return how often a said point has a higher chance than an unsaid one of the same answer, the mean over answers.

    Points that are only touched are left out.
    """
    return fmean(found for one in read if (found := _auc(one)) is not None)


def _auc(one: Read) -> float | None:
    points = one.reading.points
    said = [points[at].p_said for _, state, at in one.labelled if state in SAID]
    absent = [points[at].p_said for _, state, at in one.labelled if state in ABSENT]
    pairs = list(product(said, absent))
    if not pairs:
        return None
    return fmean((high > low) + (high == low) / 2 for high, low in pairs)


def share_read_as(read: Sequence[Read], label: str, state: PointState) -> float:
    """Return the share of the points with a label that the reader gives a state."""
    hits = [
        one.reading.points[at].state is state
        for one in read
        for _, given, at in one.labelled
        if given == label
    ]
    return fmean(hits) if hits else 0.0


def changes_noticed(read: Sequence[Read]) -> float:
    """Return the share of changed points that are read as said in the original and not in its twin."""
    originals = {one.row["q"]: one for one in read if one.row["kind"] == "textbook"}
    noticed = [
        originals[twin.row["q"]].reading.points[at].state is PointState.SAID
        and twin.reading.points[at].state is not PointState.SAID
        for twin in read
        if twin.row["kind"] == "twin" and twin.row["q"] in originals
        for key, state, at in twin.labelled
        if state == "denied" and originals[twin.row["q"]].states.get(key) == "yes"
    ]
    return fmean(noticed)


def correlation(read: Sequence[Read]) -> float:
    levels, given = _levels(read)
    return float(np.corrcoef(levels, given)[0, 1])


def mean_error(read: Sequence[Read]) -> float:
    levels, given = _levels(read)
    return float(np.abs(np.array(levels) - np.array(given)).mean())


def _levels(read: Sequence[Read]) -> tuple[list[float], list[float]]:
    return [one.reading.level for one in read], [float(one.row["level"]) for one in read]


def share_unsure(read: Sequence[Read], *, at_least: float = 0.0) -> float:
    """Return the share marked unsure, of the answers whose level is off by `at_least` and more."""
    off = [one for one in read if abs(one.reading.level - one.row["level"]) >= at_least]
    return fmean(not one.reading.sure for one in off) if off else 1.0


def figures(read: Sequence[Read]) -> Iterator[Figure]:
    """Yield the table of figures."""
    by_batch = {name: [one for one in read if one.batch == name] for name in BATCHES}
    for name, goal, floor in (("first", 0.92, 0.7), ("second", 0.96, 0.8), ("third", None, None)):
        yield Figure(
            f"within-answer AUC, {name} batch", within_answer_auc(by_batch[name]), goal, floor
        )
    contradicted = share_read_as(read, "denied", PointState.SAID)
    yield Figure("contradicted points shown as said", contradicted, 0.05, 0.3, is_least_best=True)
    recognised = share_read_as(read, "denied", PointState.CONTRADICTED)
    yield Figure("contradicted points recognised", recognised, 0.8, 0.3)
    wrongly = share_read_as(read, "yes", PointState.CONTRADICTED)
    yield Figure("said points called contradicted", wrongly, 0.015, 0.1, is_least_best=True)
    yield Figure("twins: the changed point noticed", changes_noticed(read), 0.85, 0.3)
    for name, floor in (("first", 0.6), ("second", 0.5), ("third", None)):
        yield Figure(f"level, {name} batch: r", correlation(by_batch[name]), 0.88, floor)
        yield Figure(
            f"level, {name} batch: mean error",
            mean_error(by_batch[name]),
            0.6,
            1.2,
            is_least_best=True,
        )
    yield Figure(
        "answers marked unsure", share_unsure(read), LARGEST_SHARE, 0.25, is_least_best=True
    )
    yield Figure("errors of 1.5 levels marked unsure", share_unsure(read, at_least=FAR), 0.6, 0.1)


def mean_levels(read: Sequence[Read]) -> list[tuple[str, float, float, int]]:
    """Return for each kind of answer the mean level by the reader and by people, and how many there are."""
    kinds: dict[str, list[Read]] = defaultdict(list)
    for one in read:
        kinds[one.row["kind"].partition(":")[0]].append(one)
    return [_mean_level(kind, own) for kind, own in sorted(kinds.items())]


def _mean_level(kind: str, read: Sequence[Read]) -> tuple[str, float, float, int]:
    levels, given = _levels(read)
    return kind, fmean(levels), fmean(given), len(read)


def graded_figures(folder: Path) -> Iterator[Figure]:
    """Yield how far the reader agrees with those who graded a course and a school. Raises `DataMissing`."""
    course, school = graded.read_course(folder), graded.read_school(folder)
    yield Figure("computing course: r", graded.correlation(course), 0.58)
    yield Figure("computing course: RMSE of 5", graded.rmse(course), 1.0, is_least_best=True)
    yield Figure("school science: AUC of correct", graded.auc_of_correct(school), 0.82)
    high = graded.contradictory_rated_high(school)
    yield Figure("school: contradictory rated 4 and more", high, 0.08, is_least_best=True)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="lab.judge")
    parser.add_argument("--data", type=Path, help="the folder of the graded course and school")
    parser.add_argument(
        "--worst", type=int, default=0, metavar="N", help="show the N largest errors in level"
    )
    given = parser.parse_args(arguments)
    folder: Path | None = given.data
    read = read_all(rows_of(KEPT_ASIDE))
    table = [*figures(read), *(graded_figures(folder) if folder else ())]
    print(f"{len(read)} English answers set aside, written by the makers of the project.")
    _print_figures(table)
    print(f"\n{'mean level of':40}{'ours':>8}{'people':>8}{'answers':>8}")
    for kind, ours, people, count in mean_levels(read):
        print(f"{kind:40}{ours:8.2f}{people:8.2f}{count:8}")
    print_worst(read, given.worst, questions())
    below = [one.name for one in table if not one.is_above_floor]
    if below:
        sys.exit(f"Below the floor: {', '.join(below)}")


def _print_figures(table: Iterable[Figure]) -> None:
    print(f"{'':40}{'figure':>8}{'goal':>8}{'floor':>8}")
    for one in table:
        goal, floor = (
            f"{bound:.3g}" if bound is not None else "" for bound in (one.goal, one.floor)
        )
        print(
            f"{one.name:40}{one.value:8.3f}{goal:>8}{floor:>8}{'' if one.is_met else '  not reached'}"
        )


if __name__ == "__main__":
    main()
