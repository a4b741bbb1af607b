"""Without its extra a provider or a database names the pip command; by default nothing optional is loaded."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from django.core.exceptions import ImproperlyConfigured

from interviewer.extras import require
from interviewer.tests.test_settings import start

MISSING = {
    "postgres": ("psycopg", "psycopg_pool"),
    "genai": ("google.genai",),
    "langchain": ("langchain",),
    "tts": ("google.cloud.texttospeech_v1",),
}
POSTGRES = {"DATABASE_URL": "postgres://someone:canary@127.0.0.1:1/nothing"}


class Case(NamedTuple):
    """A setting that needs an extra, and the command that installs it."""

    extra: str
    setting: str
    remedy: str
    environment: dict[str, str]


CASES = [
    Case("postgres", "DATABASE_URL", "--require-hashes -r requirements-postgres.lock", POSTGRES),
    Case("genai", "AI_PROVIDER=genai", "'.[genai]'", {"AI_PROVIDER": "genai"}),
    Case("langchain", "AI_PROVIDER=langchain", "'.[langchain]'", {"AI_PROVIDER": "langchain"}),
    Case(
        "tts",
        "VOICE_PROVIDER=google",
        "'.[tts]'",
        {"VOICE_PROVIDER": "google", "GOOGLE_API_KEY": "any"},
    ),
]
# What `manage.py serve` imports until it listens, what a page adds, and what rating an answer adds.
SERVE = """
import json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "interviewer.settings"
import interviewer.asgi
import interviewer.management.commands.serve
from django.test import Client
from ai.testing import make_planned_question
from interviews.services.engine import ai_service
assert Client().get("/", headers={"Host": "localhost"}).status_code == 200
question = make_planned_question()
asked = {"turn": 1, "question_number": 1, "text": "Why?", "is_follow_up": False, "key_point_id": ""}
answer = "I keep an index on each column that we look for."
ai_service().model.evaluate(question, asked=asked, answer=answer, earlier=[], language="en")
assert "onnxruntime" in sys.modules
print(json.dumps(sorted(sys.modules)))
"""
UNWANTED = (
    *("google.genai", "google.generativeai", "google.cloud", "google.api_core", "google.auth"),
    *("google.protobuf", "grpc", "langchain", "langchain_openai", "openai", "psycopg", "pygal"),
    *("faster_whisper", "ctranslate2", "av", "huggingface_hub", "redis", "channels_redis"),
)


def without(folder: Path, *modules: str) -> dict[str, str]:
    """Return an environment in which Python does not find these modules, though they are installed."""
    lines = ["import sys", *(f"sys.modules[{module!r}] = None" for module in modules)]
    (folder / "sitecustomize.py").write_text("\n".join(lines), encoding="utf-8")
    return {"PYTHONPATH": str(folder)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.extra)
@pytest.mark.parametrize("command", ["serve", "check", "migrate"])
def test_a_missing_extra_is_told_in_a_sentence_with_the_command(
    tmp_path: Path, command: str, case: Case
) -> None:
    blind = without(tmp_path, *MISSING[case.extra])

    done = start(tmp_path, "manage.py", command, **blind, **case.environment)

    (told,) = done.stderr.splitlines()
    assert done.returncode == 1
    assert case.setting in told
    assert f"-m pip install {case.remedy}" in told
    assert "canary" not in told


def test_whoever_wants_the_traceback_gets_it(tmp_path: Path) -> None:
    blind = without(tmp_path, *MISSING["postgres"])

    done = start(tmp_path, "manage.py", "check", "--traceback", **blind, **POSTGRES)

    assert "Traceback" in done.stderr


def test_with_every_extra_there_is_nothing_to_say() -> None:
    for extra in MISSING:
        require(extra, setting="ANY=thing")


def test_half_an_extra_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg_pool", None)

    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL needs packages"):
        require("postgres", setting="DATABASE_URL")


def test_the_default_engine_loads_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    blind = without(tmp_path, *MISSING["postgres"])

    done = start(tmp_path, "-c", SERVE, **blind)

    assert done.returncode == 0, done.stderr
    loaded = [
        name
        for name in json.loads(done.stdout)
        if any(name == one or name.startswith(f"{one}.") for one in UNWANTED)
    ]
    assert set(loaded) <= set(MISSING["postgres"])
