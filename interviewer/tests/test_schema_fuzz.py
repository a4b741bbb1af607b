"""The whole API against its own OpenAPI schema: schemathesis with all its checks, over a real server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rest_framework.throttling import SimpleRateThrottle

from accounts.models import User
from accounts.testing import make_superuser, make_user
from accounts.tokens import RefreshToken
from interviews import services
from interviews.models import BankQuestion
from interviews.testing import answer, make_bank, make_recruiter, make_screening, make_session

# An empty filter is no filter. What only the product can know is a 400 although the schema allows it: a password everybody uses, a time zone, who may
# set up a screening, an answer of spaces, what is base64 or sound, a key that was used or a tag that is old. Audio is a 503 while there is no speech provider.
CONFIG = """
[[operations]]
include-name = "GET /api/interviews/session/{{token}}"
parameters = {{ "path.token" = "{token}" }}

[[operations]]
include-name = ["POST /api/auth/register", "POST /api/auth/login", "POST /api/auth/token"]
checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "429"]

[[operations]]
include-name = ["GET /api/users", "GET /api/interviews"]
checks.negative_data_rejection.expected-statuses = ["200", "400", "401", "403", "404"]

[[operations]]
include-name = ["PUT /api/users/me", "PATCH /api/users/me"]
checks.positive_data_acceptance.expected-statuses = ["2xx", "400"]

[[operations]]
include-name = ["DELETE /api/users/me", "DELETE /api/users/{{id}}"]
checks.positive_data_acceptance.expected-statuses = ["2xx", "403", "404", "409"]

[[operations]]
include-name = [
  "POST /api/interviews", "GET /api/interviews/{{id}}", "PATCH /api/interviews/{{id}}", "DELETE /api/interviews/{{id}}"
]
checks.positive_data_acceptance.expected-statuses = ["2xx", "304", "400", "404", "409", "412", "422"]
checks.negative_data_rejection.expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "412", "415", "429"]

[[operations]]
include-name = [
  "POST /api/interviews/session/submit", "POST /api/interviews/session/transcribe", "POST /api/auth/ws-ticket"
]
checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "404", "409", "413", "415", "422", "503"]
checks.not_a_server_error.expected-statuses = ["2xx", "4xx", "503"]
"""
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "8"))


@pytest.fixture
def no_throttles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one client ask as often as it likes."""
    for scope in SimpleRateThrottle.THROTTLE_RATES:
        monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, scope, None)


def keep_account(user: User) -> None:
    """Finish a screening, so that the one who asks cannot delete the account that they ask with."""
    session = make_screening(make_recruiter(), user, num_questions=1, follow_ups_per_question=0)
    services.start_interview(interview=session.interview, user=user)
    answer(session)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("stub", "no_throttles")
@pytest.mark.parametrize("role", ["superuser", "candidate"])
def test_every_reply_is_as_the_schema_says(live_server: Any, tmp_path: Path, role: str) -> None:
    make_bank(20)
    BankQuestion.objects.update(
        position="general"
    )  # any position has questions, as in the shipped bank
    user = make_superuser() if role == "superuser" else make_user()
    session = make_session(user)
    make_screening(make_recruiter(), make_user())
    keep_account(user)
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG.format(token=session.token), encoding="utf-8")
    access = str(RefreshToken.for_user(user).access_token)
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
    options = ["--checks", "all", "--max-examples", str(EXAMPLES), "--seed", "1", "--no-color"]

    done = subprocess.run(
        [
            *command,
            f"{live_server.url}/api/schema",
            *options,
            "--header",
            f"Authorization: Bearer {access}",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-20_000:]
