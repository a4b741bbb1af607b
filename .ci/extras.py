"""Builds the wheel and resolves every extra; with --install, installs each in a throw-away environment and imports it."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UV = Path(sys.executable).parent / "uv"
MODULES = {
    "postgres": ["psycopg", "psycopg_pool"],
    "genai": ["google.genai"],
    "langchain": ["langchain", "langchain_openai"],
    "tts": ["google.cloud.texttospeech_v1"],
    "dev": ["pytest", "mypy", "playwright", "schemathesis"],
}


def extras() -> list[str]:
    """Return the names of all extras; each has its modules in `MODULES`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = list(project["optional-dependencies"])
    if set(names) != set(MODULES):
        raise SystemExit(f"pyproject.toml has the extras {names}, .ci/extras.py {list(MODULES)}.")
    return names


def build(folder: Path) -> Path:
    run(UV, "build", "--quiet", "--wheel", "--out-dir", folder, ROOT)
    (wheel,) = folder.glob("*.whl")
    return wheel


def resolve(wheel: Path, extra: str) -> None:
    wanted = f"interviewer[{extra}] @ {wheel.as_uri()}\n"
    run(
        UV,
        "pip",
        "compile",
        "--quiet",
        "--no-header",
        "-",
        "-o",
        wheel.with_suffix(".txt"),
        stdin=wanted,
    )


def install(wheel: Path, extra: str, folder: Path) -> None:
    python = folder / extra / "bin" / "python"
    run(UV, "venv", "--quiet", folder / extra)
    run(
        UV,
        "pip",
        "install",
        "--quiet",
        "--python",
        python,
        f"interviewer[{extra}] @ {wheel.as_uri()}",
    )
    run(python, "-W", "ignore", "-c", f"import {', '.join(MODULES[extra])}")


def run(*command: str | Path, stdin: str = "") -> None:
    subprocess.run([str(part) for part in command], input=stdin, text=True, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--install", action="store_true")
    wants_all = parser.parse_args().install
    with tempfile.TemporaryDirectory() as name:
        wheel = build(Path(name))
        for extra in extras():
            resolve(wheel, extra)
            if wants_all:
                install(wheel, extra, Path(name))
            print(f"{extra}: {'installed and imported' if wants_all else 'resolved'}", flush=True)


if __name__ == "__main__":
    main()
