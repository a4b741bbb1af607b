"""What a page costs in queries does not depend on how much there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.testing import PASSWORD, make_api_client, make_user
from interviews import services
from interviews.models import InterviewSession
from interviews.testing import answer, make_interview, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]


class House:
    """One superuser who also practises, and a screening interview with candidates."""

    def __init__(self) -> None:
        self.root = User.objects.create_superuser("r@example.org", PASSWORD, full_name="Root")
        self.screened = make_screening(self.root, make_user())
        self.screening = self.screened.interview
        services.start_interview(interview=self.screening, user=self.screened.candidate)
        answer(self.screened, "k1")
        self.session = self.finish(self.root)
        self.web = Client()
        self.web.force_login(self.root)
        self.api = make_api_client(self.root)
        self.grow()

    @staticmethod
    def finish(candidate: User) -> InterviewSession:
        session = make_session(candidate, num_questions=2)
        while session.turns.open().exists():
            answer(session, "k1")
        return session

    def grow(self) -> None:
        """Add what a page could cost more for."""
        for _ in range(3):
            self.finish(self.root)
            make_session(self.root)
            make_interview(self.root)
            candidate = make_user()
            waiting = services.assign_interview(
                interview=self.screening, candidate=candidate, actor=self.root
            )
            services.start_interview(interview=self.screening, user=candidate)
            answer(waiting, "k1")
            make_screening(self.root, self.root)

    def queries(self, get: Callable[[House], Any]) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert get(self).status_code == 200
        return len(captured)


def page(name: str, **kwargs: str) -> Callable[[House], Any]:
    def get(house: House) -> Any:
        return house.web.get(
            reverse(name, kwargs={k: house_value(house, v) for k, v in kwargs.items()})
        )

    return get


def house_value(house: House, name: str) -> object:
    return {
        "session": house.session.token,
        "screened": house.screened.token,
        "screened pk": house.screened.pk,
        "screening": house.screening.pk,
        "practice": house.session.interview_id,
    }[name]


def api(path: str) -> Callable[[House], Any]:
    return lambda house: house.api.get(path.format(house=house))


PAGES: dict[str, tuple[Callable[[House], Any], int]] = {
    "dashboard": (page("dashboard"), 10),
    "history": (page("history"), 12),
    "results": (page("results", token="session"), 11),
    "screenings": (page("screenings"), 8),
    "screening": (page("screening", pk="screening"), 10),
    "review": (page("review", token="screened"), 11),
    "admin interviews": (page("admin:interviews_interview_changelist"), 12),
    "admin interview": (page("admin:interviews_interview_change", object_id="screening"), 20),
    "admin sessions": (page("admin:interviews_interviewsession_changelist"), 12),
    "admin session": (
        page("admin:interviews_interviewsession_change", object_id="screened pk"),
        14,
    ),
    "admin bank": (page("admin:interviews_bankquestion_changelist"), 12),
    "admin trail": (page("admin:interviews_auditevent_changelist"), 12),
    "admin users": (page("admin:accounts_user_changelist"), 12),
    "api interviews": (api("/api/interviews/"), 5),
    "api users": (api("/api/users/"), 4),
    "api session": (api("/api/interviews/session/{house.session.token}"), 6),
    "api results": (api("/api/interviews/{house.session.interview_id}/results"), 9),
}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_costs_the_same_whatever_there_is(name: str) -> None:
    get, limit = PAGES[name]
    house = House()
    house.queries(get)
    few = house.queries(get)

    house.grow()

    assert house.queries(get) == few
    assert few <= limit


def test_a_turn_costs_16_statements_over_rest_whatever_was_said_before() -> None:
    candidate = make_user()
    session = make_session(candidate, num_questions=5, follow_ups_per_question=0)
    client = make_api_client(candidate)
    costs = []
    for turn in range(1, 5):
        body = {"session_token": session.token, "turn": turn, "response_text": "k1 k2 k3"}
        with CaptureQueriesContext(connection) as captured:
            assert client.post("/api/interviews/session/submit", body).status_code == 200
        costs.append(len(captured))

    assert len(set(costs[1:])) == 1
    assert costs[0] <= costs[1] <= 16  # no rating is looked for before there is one
