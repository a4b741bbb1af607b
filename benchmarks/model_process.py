"""A language model in a process of its own: Gemini's protocol on a port of this machine, with a reply after so many seconds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from lab.loopback.http import LoopbackModel, model_server
from lab.loopback.replies import good_reply


@contextmanager
def model_process(delay: float = 0.0) -> Iterator[dict[str, str]]:
    """Serve a model and yield the environment in which the product talks to it through google-genai."""
    command = [sys.executable, "-m", "benchmarks.model_process", str(delay)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        yield {"AI_PROVIDER": "genai", "GOOGLE_API_KEY": "benchmark", "AI_ENDPOINT": address}
        process.stdin.close()


def main() -> None:
    """Serve until standard input is closed."""
    with model_server(LoopbackModel(answer=good_reply, delay=float(sys.argv[1]))) as address:
        print(address, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
