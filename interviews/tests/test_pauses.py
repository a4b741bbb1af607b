"""Pauses in the mirror of spoken practice: numbers alone are kept, and no score reads them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.testing import make_api_client
from ai.testing import StubEar, make_recording
from interviews import services
from interviews.models import InterviewSession, Recording
from interviews.services.lookups import fresh
from interviews.testing import answer, ear_in_use, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]

SPEECH = ((0.0, 1.0), (3.5, 4.0), (6.0, 7.0))
WORDS = make_recording("k1 and k2, said slowly, and then at last k3 too")  # 5.1 seconds to the stub


def spoken(speech: tuple[tuple[float, float], ...]) -> InterviewSession:
    session = make_session(num_questions=1)
    with ear_in_use(StubEar(speech=speech)):
        answer(session, "", audio=WORDS)
    return fresh(session).session


def mirror(session: InterviewSession) -> Any:
    url = f"/api/interviews/{session.interview_id}/results/"
    return make_api_client(session.candidate).get(url).json()["turns"][0]["mirror"]


def page_of(session: InterviewSession) -> str:
    client = Client()
    client.force_login(session.candidate)
    return client.get(reverse("results", args=[session.token])).content.decode()


def test_a_spoken_answer_shows_its_long_pauses_and_their_share() -> None:
    session = spoken(SPEECH)

    found = mirror(session)

    assert found["pauses"] == 1
    assert found["pause_share"] == round(100 * 2.5 / (len(WORDS) / 10))
    assert f"1, {found['pause_share']} % of the time" in page_of(session)


def test_of_pauses_numbers_alone_are_kept() -> None:
    spoken(SPEECH)

    kept = Recording.objects.get().transcript

    assert kept is not None
    assert (kept["pauses"], kept["pause_seconds"]) == (1, 2.5)
    assert "speech" not in kept


@pytest.mark.parametrize("speech", [(), ((0.0, 9.0),)])
def test_no_pause_is_shown_where_there_is_none_or_none_is_known(
    speech: tuple[tuple[float, float], ...],
) -> None:
    session = spoken(speech)

    assert mirror(session)["pauses"] == (0 if speech else None)
    assert ("Pauses over two seconds" in page_of(session)) == bool(speech)
    assert "of the time" not in page_of(session)


def test_a_recording_from_before_pauses_were_counted_shows_none() -> None:
    session = spoken(SPEECH)
    recording = Recording.objects.get()
    assert recording.transcript is not None
    del recording.transcript["pauses"], recording.transcript["pause_seconds"]
    recording.save()

    assert mirror(session)["pauses"] is None
    assert mirror(session)["fillers"] == 0


def test_a_typed_answer_has_no_pauses() -> None:
    session = make_session(num_questions=1)
    answer(session)

    assert mirror(session)["pauses"] is mirror(session)["pause_share"] is None
    assert "Pauses over two seconds" not in page_of(session)


def test_pauses_change_no_score() -> None:
    scores = [
        services.session_results(fresh(spoken(speech)))["overall_score"] for speech in (SPEECH, ())
    ]

    assert scores == [100, 100]
