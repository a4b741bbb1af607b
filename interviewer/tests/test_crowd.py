"""A small crowd meets no error on the default; `python -m benchmarks crowd` sends 300."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

CROWD = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from benchmarks import crowd
for name, figure in crowd.run(6, quiet=0.0):
    print(f"{name}|{figure}")
"""


def test_a_crowd_that_comes_at_once_meets_no_error(tmp_path: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "VAR_DIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", CROWD],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    rows = dict(line.split("|") for line in done.stdout.splitlines() if "|" in line)
    errors = next(figure for name, figure in rows.items() if "errors of" in name)
    assert errors == "0"
