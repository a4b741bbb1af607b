"""Settings from the environment: good defaults, and a clear word on each bad value."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def start(tmp_path: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python with a command, or with what just reads the settings, in this environment."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, *(command or ["-c", "import interviewer.settings"])],
        env={**kept, "VAR_DIR": str(tmp_path / "var"), "ENV_FILE": os.devnull, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def show(tmp_path: Path, *names: str, **environment: str) -> list[str]:
    """Return the settings of these names, as a process with this environment sees them."""
    code = "from interviewer import settings;" + ";".join(f"print(settings.{n})" for n in names)
    done = start(tmp_path, "-c", code, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DEBUG", "maybe", "Use 1 or 0"),
        ("HTTPS", "perhaps", "Use 1 or 0"),
        ("PORT", "eighty", "whole number from 1 to 65535"),
        ("PORT", "70000", "whole number from 1 to 65535"),
        ("AI_PROVIDER", "oracle", "Use one of"),
        ("SPEECH_PROVIDER", "parrot", "Use one of"),
        ("AI_PRICES", "cheap", "Write it like"),
        ("AI_PRICES", '{"m": [1]}', "Write it like"),
        ("AI_MAX_COST_PER_DAY", "a lot", "Write it like 0.50"),
        ("AI_MAX_COST_PER_INTERVIEW", "-1", "Write it like 0.50"),
        ("AI_TIMEOUT_SECONDS", "0", "whole number from 1 to 60"),
        ("AI_THINKING_TOKENS", "x", "whole number from 0"),
        ("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere.json", "is no file"),
        ("SPEECH_MODEL", "/nowhere", "holds no model"),
        ("LOG_LEVEL", "LOUD", "Use one of"),
        ("DATABASE_URL", "mysql://x/y", "SQLite or PostgreSQL"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL"),
        ("ALLOWED_ORIGINS", "example.org", "Write it like https://example.org"),
        ("ALLOWED_ORIGINS", "https://example.org/path", "Write it like https://example.org"),
        ("TURN_LEASE_SECONDS", "0", "whole number from 1 to 600"),
        ("MAX_ANSWER_CHARACTERS", "x", "whole number from 100"),
        ("TIME_ZONE", "Mars/Olympus", "TIME_ZONE"),
        ("SUBMIT_RATE", "often", "SUBMIT_RATE"),
        ("REDIS_URL", "localhost:6379", "REDIS_URL"),
        ("EMAIL_URL", "nonsense", "EMAIL_URL"),
        ("SECRET_KEY", "short", "SECRET_KEY"),
    ],
)
def test_a_bad_value_stops_the_start_and_names_itself(
    tmp_path: Path, name: str, value: str, told: str
) -> None:
    done = start(tmp_path, **{name: value})

    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last
    assert name in last
    assert told in last


@pytest.mark.parametrize(
    ("told", "environment"),
    [
        ("AI_PROVIDER=gemini needs GOOGLE_API_KEY", {"AI_PROVIDER": "gemini"}),
        ("AI_PROVIDER=genai needs GOOGLE_API_KEY", {"AI_PROVIDER": "genai"}),
        ("written as provider:model", {"AI_PROVIDER": "langchain"}),
        (
            "written as provider:model",
            {"AI_PROVIDER": "langchain", "AI_MODEL": "openai:x", "AI_FALLBACK_MODEL": "y"},
        ),
        (
            "AI_FALLBACK_MODEL is the same",
            {
                "AI_PROVIDER": "gemini",
                "GOOGLE_API_KEY": "k",
                "AI_FALLBACK_MODEL": "gemini-3.8-flash",
            },
        ),
        ("SPEECH_PROVIDER=google needs", {"SPEECH_PROVIDER": "google"}),
        ("VOICE_PROVIDER=google needs", {"VOICE_PROVIDER": "google"}),
        ("apt-get install espeak-ng", {"VOICE_PROVIDER": "espeak-ng", "PATH": "/nowhere"}),
    ],
)
def test_settings_that_do_not_go_together_stop_the_start(
    tmp_path: Path, told: str, environment: dict[str, str]
) -> None:
    done = start(tmp_path, **environment)

    assert done.returncode != 0
    assert told in done.stderr.strip().splitlines()[-1]


def test_a_key_is_all_that_gemini_needs(tmp_path: Path) -> None:
    seen = show(
        tmp_path, "AI.provider", "AI.model", "AI", AI_PROVIDER="gemini", GOOGLE_API_KEY="s3"
    )

    assert seen[:2] == ["gemini", "gemini-3.8-flash"]
    assert "s3" not in seen[2]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDIS_URL", "redis//:canary@localhost"),
        ("GOOGLE_APPLICATION_CREDENTIALS", '{"private_key": "-----BEGIN PRIVATE KEY-----canary"}'),
        ("SECRET_KEY", "canary"),
        ("DATABASE_URL", "mysql://user:canary@host/name"),
        ("EMAIL_URL", "nonsense://user:canary@host"),
    ],
)
def test_a_bad_value_that_is_secret_is_not_repeated(tmp_path: Path, name: str, value: str) -> None:
    done = start(tmp_path, **{name: value})

    assert done.returncode != 0
    assert name in done.stderr
    assert "canary" not in done.stderr.strip().splitlines()[-1]


def test_no_log_and_no_warning_tells_a_key(tmp_path: Path) -> None:
    code = (
        "import django, logging, os, warnings; django.setup(set_prefix=False);"
        "log = logging.getLogger('canary'); [log.warning(os.environ[name]) for name in os.environ];"
        "warnings.warn('AIzaSyCanary-0001 is not a valid FinishReason')"
    )

    done = start(
        tmp_path,
        "-c",
        code,
        DJANGO_SETTINGS_MODULE="interviewer.settings",
        LOG_LEVEL="DEBUG",
        SECRET_KEY="canary" * 10,
        OPENAI_API_KEY="canary-of-another-vendor",
        REDIS_URL="redis://user:canary-word@localhost:6379/0",
    )

    assert done.returncode == 0, done.stderr
    assert "is not a valid FinishReason" in done.stderr
    assert "[masked]" in done.stderr
    assert "canary-" not in done.stderr.casefold()
    assert "canarycanary" not in done.stderr


def test_production_needs_a_secret_of_its_own(tmp_path: Path) -> None:
    done = start(tmp_path, HTTPS="1")

    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr


def test_production_settings_pass_the_deployment_check(tmp_path: Path) -> None:
    key = "a9!kQ" * 12 + "zyxwvutsr"

    done = start(
        tmp_path,
        "manage.py",
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        HTTPS="1",
        SECRET_KEY=key,
    )

    assert done.returncode == 0, done.stderr


def test_a_machine_makes_its_secret_once(tmp_path: Path) -> None:
    first = show(tmp_path, "SECRET_KEY")

    assert len(first[0]) >= 50
    assert show(tmp_path, "SECRET_KEY") == first
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o077 == 0


def test_debug_is_off_unless_asked_for(tmp_path: Path) -> None:
    assert show(tmp_path, "DEBUG") == ["False"]
    assert show(tmp_path, "DEBUG", DEBUG="1") == ["True"]


def test_a_dot_env_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "some.env"
    file.write_text("PORT=8111\nHOST=0.0.0.0\n", encoding="utf-8")

    seen = show(tmp_path, "HOST", "PORT", ENV_FILE=str(file), PORT="8222")

    assert seen == ["0.0.0.0", "8222"]  # noqa: S104


def test_an_ipv6_address_is_written_as_urls_need_it(tmp_path: Path) -> None:
    name, allowed = show(tmp_path, "NAME_IN_URL", "ALLOWED_HOSTS", HOST="2001:db8::1")

    assert name == "[2001:db8::1]"
    assert "'[2001:db8::1]'" in allowed
