"""A burst of threads leaves no memory behind."""

from __future__ import annotations

import subprocess
import sys

import pytest

from interviewer.memory import STATM, resident_bytes

MB = 1024 * 1024
BURST = """
import sys, threading, time
from interviewer import memory
if "lean" in sys.argv:
    memory.keep_lean(every=0.05)
gate, stop = threading.Barrier(101), threading.Event()
def work():
    kept = [bytes(700) for _ in range(1_000)]
    gate.wait(); stop.wait()
threads = [threading.Thread(target=work) for _ in range(100)]
for thread in threads: thread.start()
gate.wait(); most = memory.resident_bytes(); stop.set()
for thread in threads: thread.join()
sum(range(10_000_000))
end = time.monotonic() + 20
while "lean" in sys.argv and memory.resident_bytes() > most - 40 * 1024 * 1024 and time.monotonic() < end: time.sleep(0.05)
print(most - memory.resident_bytes())
"""


@pytest.mark.skipif(not STATM.exists(), reason="counts memory as Linux does")
def test_memory_of_a_burst_goes_back_to_the_system() -> None:
    given_back = subprocess.run(
        [sys.executable, "-c", BURST, "lean"], capture_output=True, text=True, check=True
    ).stdout

    assert int(given_back) > 40 * MB
    assert resident_bytes() > MB
