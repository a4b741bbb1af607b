"""Reports what the engine reads in the bank's reference answers and in their wrong twins: `python -m lab.bank_reading`.

For editors, never a gate: the engine may err. `manage.py check_bank` checks the questions themselves.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ai.providers.embedded import EmbeddedModel
from ai.rating import PointState, read_answer
from lab.project import load_project

if TYPE_CHECKING:
    from interviews.bank_lint import Located

DENIED = "It is a myth that {}{}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what is found in every Nth question of a folder of bank files, the shipped ones unless another is given."""
    parser = argparse.ArgumentParser(prog="lab.bank_reading")
    parser.add_argument("--folder", type=Path, help="another folder of files")
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="read every Nth question only"
    )
    given = parser.parse_args(arguments)
    for finding in readings(_questions(given.folder)[:: given.every]):
        print(f"- {finding}")


def _questions(folder: Path | None) -> list[Located]:
    load_project()
    from interviews.bank_files import FOLDER, read_files  # noqa: PLC0415 - after `load_project`
    from interviews.bank_lint import located  # noqa: PLC0415 - after `load_project`

    return located(read_files(folder or FOLDER))


def readings(questions: Iterable[Located]) -> Iterator[str]:
    """Yield the key points that are not read in a reference answer, and those that are read in its wrong twin.

    The twin denies every key point. The reader errs at times: look at the question first, and leave it if it is right.
    Questions in languages that the embedded engine does not rate are left out.
    """
    for question in questions:
        if question.file.language in EmbeddedModel.languages:
            yield from _found(question, "does not say", _reference(question), said=False)
            yield from _found(question, "denied, still says", _twin(question), said=True)


def _found(question: Located, finding: str, answer: str, *, said: bool) -> Iterator[str]:
    entry = question.entry
    points = [point["text"] for point in entry.key_points]
    reading = read_answer(entry.text, points, answer, question_type=entry.question_type)
    for number, (text, point) in enumerate(zip(points, reading.points, strict=True), start=1):
        if (point.state is PointState.SAID) is said:
            yield f"{question}: the reference answer {finding} key point {number}: {text}"


def _reference(question: Located) -> str:
    return question.entry.reference_answer


def _twin(question: Located) -> str:
    texts = (point["text"] for point in question.entry.key_points)
    return " ".join(DENIED.format(text[0].lower(), text[1:]) for text in texts)


if __name__ == "__main__":
    main()
