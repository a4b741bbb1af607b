"""What the engine reads in reference answers and their wrong twins is reported to editors."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from ai.rating import PointState
from interviews.bank_files import BankFile
from interviews.bank_lint import located
from interviews.tests.test_bank import make_file, make_located, make_question, write
from lab import bank_reading


def test_what_the_engine_reads_is_reported_of_references_and_their_twins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def read(_question: str, points: list[str], answer: str, **_kind: str) -> SimpleNamespace:
        state = PointState.SAID if "myth" in answer else PointState.NOT_SAID
        return SimpleNamespace(points=[SimpleNamespace(state=state) for _point in points])

    monkeypatch.setattr(bank_reading, "read_answer", read)
    german = BankFile.model_validate(make_file(make_question(id="baker-loaf-de"), language="de"))

    found = list(bank_reading.readings([*make_located(), *located({"baker_de.yaml": german})]))

    assert len(found) == 8
    assert "the reference answer does not say key point 1: Bread dough" in found[0]
    assert "the reference answer denied, still says key point 4" in found[-1]


def test_the_command_prints_what_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path, make_file())
    monkeypatch.setattr(
        bank_reading, "readings", lambda questions: [f"{q}: read" for q in questions]
    )

    bank_reading.main(["--folder", str(folder), "--every", "1"])

    assert "- baker.yaml, baker-loaf: read" in capsys.readouterr().out
