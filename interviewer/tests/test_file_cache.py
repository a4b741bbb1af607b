"""What processes share without Redis: no count is lost, and each knows what another has found out."""

from __future__ import annotations

import errno
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ai.calling.breaker import FAILURES_IN_A_ROW, LOOK_AGAIN_SECONDS, Breaker
from ai.calling.completion import Reply
from ai.calling.store import count
from ai.errors import ProviderDown
from interviewer.file_cache import CountingFileCache

PARAMS = {"TIMEOUT": 86_400}
FAIL = """
import sys
from django.conf import settings
settings.configure()
from ai.calling.breaker import Breaker
from interviewer.file_cache import CountingFileCache
breaker = Breaker("gemini", CountingFileCache(sys.argv[1], {"TIMEOUT": 86_400}))
for _ in range(int(sys.argv[2])):
    breaker.failed(RuntimeError("503"), 0.1)
"""


def test_counts_of_many_threads_add_up(tmp_path: Path) -> None:
    cache = CountingFileCache(str(tmp_path / "new"), PARAMS)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: count(cache, "calls", timeout=60), range(200)))

    assert cache.get("calls") == 200


def test_a_provider_that_failed_in_one_process_is_left_alone_in_another(tmp_path: Path) -> None:
    now = [time.time()]
    breaker = Breaker("gemini", CountingFileCache(str(tmp_path), PARAMS), now=lambda: now[0])
    breaker.check()

    command = [sys.executable, "-c", FAIL, str(tmp_path), str(FAILURES_IN_A_ROW)]
    subprocess.run(command, check=True, timeout=60)
    now[0] += LOOK_AGAIN_SECONDS

    with pytest.raises(ProviderDown):
        breaker.check()
    assert breaker.state()["failures"] == FAILURES_IN_A_ROW


@pytest.mark.parametrize("damage", [b"", b"garbage", b"\x80\x04N.", "folder"])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, damage: bytes | str) -> None:
    shared = CountingFileCache(str(tmp_path), {})
    breaker = Breaker("stub:one", shared)
    for name in ("calls", "open_until", "wait_until", "failures_in_a_row"):
        shared.set(f"ai:stub:one:{name}", 1)
    for file in tmp_path.glob("*.djcache"):
        file.unlink()
        file.mkdir() if isinstance(damage, str) else file.write_bytes(damage)

    breaker.check()
    breaker.failed(RuntimeError("503"), 0.1)
    breaker.succeeded(Reply("", "m"), 0.1)

    assert breaker.state()["state"] == "ok"


def test_a_full_disk_costs_figures_and_no_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    shared = CountingFileCache(str(tmp_path), {})
    monkeypatch.setattr(tempfile, "mkstemp", full)
    monkeypatch.setattr(Path, "open", full)
    breaker = Breaker("stub:two", shared)

    breaker.check()
    breaker.failed(RuntimeError("503"), 0.1)

    assert breaker.state()["calls"] == 0
