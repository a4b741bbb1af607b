"""Makes candidates with running sessions for a benchmark."""

from __future__ import annotations

import uuid

from accounts.models import User
from accounts.tokens import RefreshToken
from ai.testing import StubModel
from interviews import services
from interviews.models import BankQuestion, InterviewSession
from interviews.testing import make_bank, make_interview, model_in_use

ANSWER = "k1 k2 k3 and a few words more, as somebody would say them."
QUESTIONS = 20


def start_session() -> tuple[str, str]:
    """Return the access token of a new candidate and the token of their session of 20 questions."""
    session = start_candidate()
    return str(RefreshToken.for_user(session.candidate).access_token), session.token


def start_candidate(*, follow_ups: int = 0) -> InterviewSession:
    """Return a running session of 20 questions of a new candidate."""
    if not BankQuestion.objects.exists():
        make_bank(QUESTIONS)
    candidate = User.objects.create_user(f"{uuid.uuid4().hex}@example.org", full_name="Bench")
    interview = make_interview(
        candidate, num_questions=QUESTIONS, follow_ups_per_question=follow_ups
    )
    with model_in_use(StubModel()):
        return services.start_interview(interview=interview, user=candidate).session
