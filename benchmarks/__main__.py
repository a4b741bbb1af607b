"""Runs every benchmark, or those that are named (`python -m benchmarks turn_cpu`), over a database of its own."""

from __future__ import annotations

import importlib
import os
import platform
import sys
import tempfile
from collections.abc import Iterable, Sequence

import django
from django.core.management import call_command

ALL = ("turn_cpu", "slow_provider", "sockets", "crowd", "rater", "tokens", "big_database")


def main() -> None:
    """Use DATABASE_URL where it is set, else a new SQLite file; print figures as they come."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAR_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        run_all(sys.argv[1:] or ALL)


def run_all(names: Sequence[str]) -> None:
    """Print one table."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    for name in names:
        show(importlib.import_module(f"benchmarks.{name}").run())


def show(rows: Iterable[tuple[str, str]]) -> None:
    for name, figure in rows:
        print(f"| {name} | {figure} |", flush=True)


if __name__ == "__main__":
    main()
