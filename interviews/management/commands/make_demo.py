"""Makes an admin, a candidate and something to look at; running it again changes nothing."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.models import User
from interviews import services
from interviews.models import Turn
from interviews.services.loaded_session import LoadedSession
from interviews.services.turn.answer import Submission

ADMIN, CANDIDATE = "admin@example.org", "candidate@example.org"
PRACTICE = {
    "position": "Backend developer",
    "interview_type": "technical",
    "difficulty": "medium",
    "num_questions": 3,
}
SCREENING = {
    "title": "Customer support, first interview",
    "position": "Customer support",
    "interview_type": "mixed",
    "difficulty": "easy",
    "num_questions": 3,
    "mode": "screening",
}


class Command(BaseCommand):
    """The demo's passwords are random and stand in a file that only this user can read."""

    help = "Make an admin, a candidate and demo interviews."

    def handle(self, *args: Any, **options: Any) -> None:
        if not User.objects.filter(email=ADMIN).exists():
            passwords = make_people()
            make_interviews()
            write_credentials(passwords)
        self.stdout.write(credentials_file().read_text(encoding="utf-8").rstrip())


def credentials_file() -> Any:
    return settings.VAR_DIR / "demo-accounts.txt"


def make_people() -> dict[str, str]:
    passwords = {email: secrets.token_urlsafe(9) for email in (ADMIN, CANDIDATE)}
    User.objects.create_superuser(ADMIN, passwords[ADMIN], full_name="Alex Admin")
    User.objects.create_user(CANDIDATE, passwords[CANDIDATE], full_name="Charlie Candidate")
    return passwords


def write_credentials(passwords: dict[str, str]) -> None:
    lines = [f"{email}   password: {password}" for email, password in passwords.items()]
    file = credentials_file()
    file.touch(mode=0o600)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def make_interviews() -> None:
    """One finished practice interview with strong, partial and missing answers, and one that waits."""
    admin, candidate = User.objects.get(email=ADMIN), User.objects.get(email=CANDIDATE)
    practice = services.create_interview(owner=candidate, **PRACTICE)
    answer_all(services.start_interview(interview=practice, user=candidate))
    screening = services.create_interview(owner=admin, **SCREENING)
    screening = services.publish_interview(interview=screening, actor=admin)
    services.assign_interview(interview=screening, candidate=candidate, actor=admin)


def answer_all(session: LoadedSession) -> None:
    """Answer with the reference answers: the first whole, then half, then not at all."""
    while (
        turn := Turn.objects.open().filter(session_id=session.pk).select_related("question").first()
    ) is not None:
        reference = turn.question.reference_answer
        half = reference[: reference.find(".", len(reference) // 2) + 1] or reference
        text = {1: reference, 2: half}.get(turn.question.number, "")
        given = Submission(
            turn.number,
            text if not turn.is_follow_up else "",
            "",
            skipped=not text or turn.is_follow_up,
        )
        services.submit_response(user=session.candidate, token=session.token, submission=given)
