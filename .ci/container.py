"""Does in an empty folder what the Dockerfile does in an image: installs, collects, starts, asks for health, stops.

Paths of the image lie in the folder, and what needs root is left out. Without --install the environment that runs this
serves instead of a fresh one from the locks.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UV = Path(sys.executable).parent / "uv"
IMAGE_FOLDERS = ("/var/lib/interviewer", "/srv/static", "/tmp/build")  # noqa: S108 - as the Dockerfile has them
NEEDS_ROOT = "useradd"
PATIENCE = 300.0
STOP_WITHIN = 30.0


def instructions(text: str) -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions in order, each as its name and its arguments on one line."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    pairs = [line.partition(" ") for line in joined.splitlines() if line.strip()]
    return [(name, " ".join(rest.split())) for name, _, rest in pairs]


def arguments(found: Iterable[tuple[str, str]], name: str) -> list[str]:
    return [rest for instruction, rest in found if instruction == name]


def command_of(rest: str) -> list[str]:
    """Return the command that CMD or HEALTHCHECK names as a JSON list."""
    command: list[str] = json.loads(rest[rest.index("[") :])
    return command


def ignored(patterns: Iterable[str]) -> re.Pattern[str]:
    """Return what matches the paths that a .dockerignore leaves out; the folders that it names with all they hold."""
    lines = [line.strip() for line in patterns]
    wanted = [line for line in lines if line and not line.startswith("#")]
    return re.compile("|".join(f"(?:{_as_regex(line)}(?:/.*)?)" for line in wanted))


def _as_regex(pattern: str) -> str:
    return re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")


def context(root: Path) -> Iterator[str]:
    """Yield the files that are sent to the engine: those of the project that .dockerignore does not leave out."""
    left_out = ignored((root / ".dockerignore").read_text("utf-8").splitlines())
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    told = subprocess.run(listed, cwd=root, capture_output=True, text=True, check=True).stdout
    for name in told.splitlines():
        if (root / name).is_file() and not left_out.fullmatch(name):
            yield name


class Container:
    """A folder that stands for the container."""

    def __init__(self, folder: Path) -> None:
        self.found = instructions((ROOT / "Dockerfile").read_text("utf-8"))
        self.folder, self.app = folder, folder / "app"
        self.environment = {
            **{name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ},
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            **dict(pair.split("=", 1) for pair in self._variables()),
            "PORT": str(free_port()),
            "WITHOUT_SPEECH": "1",
        }

    def _variables(self) -> list[str]:
        return shlex.split(" ".join(map(self.inside, arguments(self.found, "ENV"))))

    def inside(self, text: str) -> str:
        """Return `text` with the image's folders as those in this one."""
        for path in IMAGE_FOLDERS:
            text = text.replace(path, str(self.folder / Path(path).name))
        return text

    def copy(self) -> None:
        for name in context(ROOT):
            target = self.app / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)

    def make_environment(self) -> None:
        """Make an empty environment, in which `pip` is uv: it checks the same hashes, and is quick enough for a gate."""
        binaries = self.folder / "venv" / "bin"
        subprocess.run(
            [UV, "venv", "--quiet", "--python", sys.executable, binaries.parent], check=True
        )
        pip = binaries / "pip"
        python = binaries / "python"
        pip.write_text(f'#!/bin/sh\nexec {UV} --no-config pip "$@" --quiet --python {python}\n')
        pip.chmod(0o755)
        self.environment["PATH"] = f"{binaries}:{os.environ['PATH']}"

    def build(self, *, install: bool) -> None:
        """Run what the Dockerfile runs."""
        for command in arguments(self.found, "RUN"):
            if NEEDS_ROOT in command or ("pip install" in command and not install):
                continue
            print(f"RUN {command}", flush=True)
            # How to reach the package index stands in the surroundings; the product sees none of them.
            around = os.environ if "pip install" in command else {}
            self.run(["sh", "-ec", self.inside(command)], **around)

    def run(self, command: list[str], *, quiet: bool = False, **around: str) -> None:
        environment = {**around, **self.environment}
        output = subprocess.DEVNULL if quiet else None
        subprocess.run(command, cwd=self.app, env=environment, check=True, stderr=output)

    def start(self) -> subprocess.Popen[bytes]:
        (command,) = arguments(self.found, "CMD")
        print(f"CMD {command}", flush=True)
        return subprocess.Popen(command_of(command), cwd=self.app, env=self.environment)

    def wait_until_healthy(self, server: subprocess.Popen[bytes]) -> None:
        (check,) = arguments(self.found, "HEALTHCHECK")
        end = time.monotonic() + PATIENCE
        while not self._is_healthy(command_of(check)):
            if server.poll() is not None or time.monotonic() > end:
                raise SystemExit("The server did not become healthy.")
            time.sleep(0.5)

    def _is_healthy(self, check: list[str]) -> bool:
        try:
            self.run(check, quiet=True)
        except subprocess.CalledProcessError:
            return False
        return True


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop it as an engine does. Raises `SystemExit` if it does not end well."""
    server.send_signal(signal.SIGTERM)
    try:
        code = server.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        server.kill()
        raise SystemExit("The server did not stop when it was asked to.") from None
    if code not in {0, -signal.SIGTERM}:
        raise SystemExit(f"The server ended with {code}.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--install", action="store_true")
    install = parser.parse_args().install
    with tempfile.TemporaryDirectory() as name:
        container = Container(Path(name))
        container.copy()
        if install:
            container.make_environment()
        container.build(install=install)
        server = container.start()
        try:
            container.wait_until_healthy(server)
            stop(server)
        finally:
            server.kill()
    print("Built, started, healthy and stopped.")


if __name__ == "__main__":
    main()
