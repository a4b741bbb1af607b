"""The README tells the truth: its commands work, and it names every setting."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.django_db(transaction=True)
def test_the_curl_lines_take_a_whole_interview(live_server: LiveServer) -> None:
    if shutil.which("curl") is None:
        pytest.skip("There is no curl here.")
    call_command("load_bank", verbosity=0)
    block = next(part for part in README.split("```")[1::2] if "API=" in part)
    script = block.removeprefix("bash\n").replace("http://127.0.0.1:8000", live_server.url)

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    question, follow_up, step, score = done.stdout.splitlines()
    assert question.endswith("?")
    assert follow_up.endswith("?")
    assert (step, score) == ("complete", "0")


def test_every_setting_is_explained() -> None:
    sources = [ROOT / "interviewer" / name for name in ("settings.py", "conf.py", "ai_conf.py")]
    reads = r'(?:env\.\w+|truth|number|choice|urls|origin|rate|secret|redis_url|time_zone|email|database|money|prices|speech_model|_thinking)\(\s*"([A-Z_]+)"'
    named = {name for source in sources for name in re.findall(reads, source.read_text("utf-8"))}

    assert len(named) > 20
    assert {name for name in named if f"`{name}`" not in README} == set()


def test_the_example_environment_holds_only_real_settings() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")

    for name in re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE):
        assert f"`{name}`" in README


def test_the_readme_leads_to_the_details_of_the_api() -> None:
    assert "](docs/rest.md)" in README
    assert (ROOT / "docs" / "rest.md").is_file()
