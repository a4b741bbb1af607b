"""Runs every benchmark over a database of its own and prints one table."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Iterable

import django
from django.core.management import call_command


def main() -> None:
    """Use DATABASE_URL where it is set, else a new SQLite file; print figures as they come."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAR_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        run_all()


def run_all() -> None:
    from benchmarks import (  # noqa: PLC0415 - need the settings
        big_database,
        rater,
        slow_provider,
        sockets,
        tokens,
        turn_cpu,
    )

    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    rows, cpu_ms = turn_cpu.run()
    show(rows)
    show(slow_provider.run(cpu_ms))
    show(sockets.run())
    show(rater.run())
    show(tokens.run())
    show(big_database.run())


def show(rows: Iterable[tuple[str, str]]) -> None:
    for name, figure in rows:
        print(f"| {name} | {figure} |", flush=True)


if __name__ == "__main__":
    main()
