"""What nobody catches is told without keys, in commands and in their threads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = """
import threading

def fail():
    raise RuntimeError("Consumer 'api_key:AIza-canary-0123' has been suspended.")

thread = threading.Thread(target=fail)
thread.start()
thread.join()
fail()
"""


def test_a_command_that_breaks_tells_no_key() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", CODE],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.count("RuntimeError: Consumer") == 2
    assert "canary" not in done.stderr
