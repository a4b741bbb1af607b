"""A practice session, a screening session, and everybody who might look at them."""

from __future__ import annotations

from django.contrib.auth.models import Permission

from accounts.models import User
from accounts.testing import make_superuser, make_user
from ai.testing import StubModel
from interviews import services
from interviews.models import Turn
from interviews.testing import answer, make_recruiter, make_screening, make_session


def make_auditor(*, staff: bool = False) -> User:
    """Make somebody with the right to view everything, and no other."""
    auditor = make_user(staff=staff)
    auditor.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return auditor


class World:
    """A practice session and a screening session, each with one answer that could not be scored."""

    def __init__(self, stub: StubModel) -> None:
        self.owner = make_recruiter(full_name="Olga Owner")
        self.practice = make_session()
        self.screening = make_screening(self.owner, make_user())
        services.start_interview(interview=self.screening.interview, user=self.screening.candidate)
        stub.is_down = True
        for session in (self.practice, self.screening):
            answer(session)
        Turn.objects.filter(number=1).update(evaluation="not_scored", needs_person=True)
        stub.is_down = False

    def readers(self) -> dict[str, tuple[User, bool]]:
        """Return people, and whether they may read the screening."""
        return {
            "owner": (self.owner, True),
            "superuser": (make_superuser(), True),
            "auditor": (make_auditor(), True),
            "other recruiter": (make_recruiter(), False),
            "owner without a right": (self._stripped(), False),
            "staff": (make_user(staff=True), False),
            "its candidate": (self.screening.candidate, False),
        }

    def _stripped(self) -> User:
        """Return somebody who owns screenings, and has lost the right to work with them."""
        former = make_recruiter()
        make_screening(former, make_user())
        former.user_permissions.clear()
        return User.objects.get(pk=former.pk)
