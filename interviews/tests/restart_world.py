"""What a restart test has in a database of its own: candidates in the middle of an interview, and the rows in the end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass

import django
from django.apps import apps
from django.conf import settings

ROWS = """
    SELECT s.token, t.number, t.question_id, a.text, t.evaluation,
        (SELECT count(*) FROM interviews_rating r WHERE r.turn_id = t.id)
    FROM interviews_interviewsession s
    JOIN interviews_turn t ON t.session_id = s.id
    LEFT JOIN interviews_answer a ON a.turn_id = t.id
    ORDER BY t.number
"""


@dataclass(frozen=True)
class Row:
    """A turn as it is stored."""

    number: int
    question: int
    answer: str | None
    evaluation: str
    ratings: int


def set_up(people: int, questions: int, **environment: str) -> list[dict[str, str]]:
    """Make tables and candidates in another process, in the database that `environment` names."""
    command = [sys.executable, "-m", "interviews.tests.restart_world", str(people), str(questions)]
    surroundings = {**os.environ, **environment}
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=surroundings, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    visits: list[dict[str, str]] = json.loads(done.stdout)
    return visits


def make(people: int, questions: int) -> list[dict[str, str]]:
    from django.core.management import call_command  # noqa: PLC0415 - needs the apps to be set up

    from interviews.testing import make_bank  # noqa: PLC0415

    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)
    make_bank(questions)
    return [_candidate(questions) for _number in range(people)]


def _candidate(questions: int) -> dict[str, str]:
    from django.test import Client  # noqa: PLC0415
    from rest_framework_simplejwt.tokens import RefreshToken  # noqa: PLC0415

    from interviews.testing import make_session  # noqa: PLC0415

    session = make_session(num_questions=questions, follow_ups_per_question=0)
    client, user = Client(), session.candidate
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    access = str(RefreshToken.for_user(user).access_token)
    return {"token": session.token, "access": access, "cookie": cookie}


def rows_of(port: int) -> dict[str, list[Row]]:
    """Return all turns by their session's token."""
    import psycopg  # noqa: PLC0415 - an extra

    found: dict[str, list[Row]] = {}
    with psycopg.connect(f"host=127.0.0.1 port={port} user=postgres dbname=postgres") as connection:
        for token, *row in connection.execute(ROWS):
            found.setdefault(token, []).append(Row(*row))
    return found


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "interviewer.settings")
    django.setup()
    from ai.testing import StubModel
    from interviews.testing import model_in_use

    with model_in_use(StubModel()):
        sys.stdout.write(json.dumps(make(int(sys.argv[1]), int(sys.argv[2]))))
