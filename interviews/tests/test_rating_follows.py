"""Over REST the next question comes before the rating: in a screening always, in practice if the client prefers it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from accounts.testing import make_api_client, make_user
from ai.testing import StubModel
from interviews import services
from interviews.models import InterviewSession, Turn
from interviews.testing import make_screening, make_session, model_in_use

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bank")]
PATIENCE = 60


class HeldModel(StubModel):
    """Rates nothing before it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may_rate = threading.Event()

    def evaluate(self, *args: Any, **kwargs: Any) -> Any:
        assert self.may_rate.wait(PATIENCE)
        return super().evaluate(*args, **kwargs)


@pytest.fixture
def held() -> Iterator[HeldModel]:
    with model_in_use(HeldModel()) as model:
        yield model
        model.may_rate.set()


def submit(session: InterviewSession, **headers: str) -> dict[str, Any]:
    body = {"session_token": session.token, "turn": 1, "response_text": "k1 k2 k3"}
    client = make_api_client(session.candidate)
    reply = client.post(reverse("api-submit"), body, headers=headers)
    assert reply.status_code == 200
    return dict(reply.json())


def rated_in_the_end() -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if Turn.objects.get(number=1).evaluation == Turn.Evaluation.SCORED:
            return True
        time.sleep(0.05)
    return False


def test_practice_does_not_wait_for_its_rating_if_the_client_prefers_that(held: HeldModel) -> None:
    session = make_session(follow_ups_per_question=0)

    reply = submit(session, prefer="respond-async")

    assert reply["evaluation"]["status"] == "pending"
    assert reply["next_question"]["turn"] == 2
    held.may_rate.set()
    assert rated_in_the_end()
    state = make_api_client(session.candidate).get(reverse("api-session", args=[session.token]))
    assert state.json()["turns"][0]["evaluation"]["status"] == "scored"


def test_practice_waits_for_its_rating_as_a_rule(held: HeldModel) -> None:
    held.may_rate.set()

    reply = submit(make_session(follow_ups_per_question=0), prefer="handling=lenient")

    assert reply["evaluation"]["status"] == "scored"


def test_a_screening_goes_on_before_the_rating(held: HeldModel) -> None:
    session = make_screening(make_user(staff=True), make_user(), follow_ups_per_question=0)
    services.start_interview(interview=session.interview, user=session.candidate)

    reply = submit(session)

    assert reply["next_question"]["turn"] == 2
    assert Turn.objects.get(number=1).evaluation == Turn.Evaluation.PENDING
    held.may_rate.set()
    assert rated_in_the_end()
