"""What a restart test has in a database of its own: `make` sets candidates up, `read` lets time pass and tells all rows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import django
from django.conf import settings


def call(what: str, *arguments: str, **environment: str) -> Any:
    """Run a part of this in a process with another database, and return what it tells."""
    command = [sys.executable, "-m", "interviews.tests.restart_world", what, *arguments]
    surroundings = {**os.environ, **environment}
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=surroundings, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return json.loads(done.stdout)


def make(count: str, questions: str) -> list[dict[str, str]]:
    from django.core.management import call_command  # noqa: PLC0415 - needs the apps to be set up

    from interviews.testing import make_bank  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    make_bank(int(questions))
    return [_candidate(int(questions)) for _number in range(int(count))]


def _candidate(questions: int) -> dict[str, str]:
    from django.test import Client  # noqa: PLC0415
    from rest_framework_simplejwt.tokens import RefreshToken  # noqa: PLC0415

    from interviews.testing import make_session  # noqa: PLC0415

    session = make_session(num_questions=questions, follow_ups_per_question=0)
    client, user = Client(), session.candidate
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    access = str(RefreshToken.for_user(user).access_token)  # type: ignore[attr-defined]
    return {"token": session.token, "access": access, "cookie": cookie}


def read() -> dict[str, list[dict[str, Any]]]:
    from django.utils import timezone  # noqa: PLC0415

    from interviews import services  # noqa: PLC0415
    from interviews.models import InterviewSession, Turn  # noqa: PLC0415

    past = timezone.now() - timedelta(seconds=1)
    InterviewSession.objects.filter(lease_until__isnull=False).update(lease_until=past)
    Turn.objects.filter(next_attempt_at__isnull=False).update(next_attempt_at=past)
    services.catch_up()
    return {s.token: [_turn(t) for t in s.turn_list] for s in InterviewSession.objects.all().load()}


def _turn(turn: Any) -> dict[str, Any]:
    answer = turn.given_answer
    return {
        "number": turn.number,
        "question": turn.question_id,
        "answer": answer.text if answer else None,
        "evaluation": turn.evaluation,
        "ratings": len(turn.rating_list),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "interviewer.settings")
    django.setup()
    from ai.testing import StubModel
    from interviews.testing import model_in_use

    with model_in_use(StubModel()):
        told = {"make": make, "read": read}[sys.argv[1]](*sys.argv[2:])
    sys.stdout.write(json.dumps(told))
