"""Nobody else on the machine reads the database, the secrets or the recordings."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from interviewer.private import keep_private
from interviewer.tests.test_settings import start

USE = """
import os
os.umask(0)
import django
django.setup()
from django.conf import settings
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE IF NOT EXISTS t (n integer)")
    cursor.execute("INSERT INTO t VALUES (1)")
settings.RECORDINGS_DIR.mkdir(exist_ok=True)
(settings.RECORDINGS_DIR / "one").write_bytes(b"")
for path in [settings.VAR_DIR, *sorted(settings.VAR_DIR.rglob("*"))]:
    print(oct(path.stat().st_mode & 0o777), path.name)
"""


def modes(tmp_path: Path, code: str = USE) -> dict[str, str]:
    done = start(tmp_path, "-c", code, DJANGO_SETTINGS_MODULE="interviewer.settings")
    assert done.returncode == 0, done.stderr
    lines = (line.split(maxsplit=1) for line in done.stdout.splitlines())
    return {name: mode for mode, name in lines}


def test_all_files_are_private_whatever_the_umask(tmp_path: Path) -> None:
    found = modes(tmp_path)

    assert found["var"] == "0o700"
    assert {"secret_key", "interviewer.sqlite3", "interviewer.sqlite3-wal", "one"} <= found.keys()
    assert {mode for mode in found.values() if int(mode, 8) & 0o077} == set()


def test_an_older_installation_is_tightened_at_its_next_start(tmp_path: Path) -> None:
    modes(tmp_path)
    for path in [tmp_path / "var", *(tmp_path / "var").rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    for end in ("-wal", "-shm"):
        (tmp_path / "var" / f"interviewer.sqlite3{end}").touch(0o644)

    done = start(tmp_path)

    assert done.returncode == 0
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700
    for name in ("secret_key", *(f"interviewer.sqlite3{end}" for end in ("", "-wal", "-shm"))):
        assert stat.S_IMODE((tmp_path / "var" / name).stat().st_mode) == 0o600


def test_a_folder_for_all_and_what_is_not_there_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.umask", lambda _mask: 0)
    tmp_path.chmod(0o1777)

    keep_private(tmp_path, {"ENGINE": "interviewer.sqlite", "NAME": str(tmp_path / "missing")})

    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777
