"""Runs every benchmark over a database of its own and prints one table."""

from __future__ import annotations

import os
import sys
import tempfile

import django
from django.core.management import call_command


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAR_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
        django.setup()
        call_command("migrate", verbosity=0)
        from benchmarks import turn_cpu  # noqa: PLC0415 - needs the settings

        for module in (turn_cpu,):
            for name, figure in module.run():
                print(f"{name:<60} {figure:>12}")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
