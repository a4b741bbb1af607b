"""Reading runs no graph and calls no provider, however often and wherever somebody looks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from channels.routing import get_default_application
from channels.testing import WebsocketCommunicator
from django.db import connections
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.testing import make_api_client, make_user
from ai.testing import StubEar, StubModel, make_recording
from interviews import services
from interviews.errors import StillWorking
from interviews.models import Answer, InterviewSession, Turn
from interviews.services.lookups import fresh
from interviews.services.recordings import keep_recording
from interviews.services.streaming import stream_response
from interviews.services.tickets import issue_ticket
from interviews.services.turn import catch_up, lease
from interviews.services.turn import run as turn_run
from interviews.services.turn.answer import Submission, record_answer
from interviews.services.turn.lease import claim
from interviews.services.turn.renewal import Renewal
from interviews.testing import answer, ear_in_use, make_screening, make_session, model_in_use

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bank", "stub")]
ROUNDS = 200


class SlowModel(StubModel):
    """Takes two calls for one evaluation, as for an answer with words to the rater."""

    def evaluate(self, *args: Any, **kwargs: Any) -> Any:
        self._work("evaluate first")
        return super().evaluate(*args, **kwargs)


def interrupted() -> InterviewSession:
    """Return a session whose worker died after it had stored the answer."""
    session = make_session()
    record_answer(fresh(session), Submission(1, "k1 k2 k3", "key"))
    return session


def unrated() -> InterviewSession:
    """Return a finished session with a rating that is due."""
    session = make_session(num_questions=1)
    record_answer(fresh(session), Submission(1, "k1 k2 k3", "key"))
    now = timezone.now()
    Turn.objects.update(flow="closed", next_attempt_at=now - timedelta(seconds=1))
    InterviewSession.objects.update(status="completed", finished_at=now)
    return session


def run_out() -> InterviewSession:
    """Return a session whose open question's time is over, with a draft."""
    session = make_session(timed=True)
    services.save_draft(user=session.candidate, token=session.token, turn=1, text="k1 k2")
    Turn.objects.update(deadline=timezone.now() - timedelta(minutes=1))
    return session


def look_by_socket(session: InterviewSession) -> dict[str, Any]:
    """Connect, and return the state that the socket tells."""
    ticket = issue_ticket(user=session.candidate, token=session.token)

    async def connect() -> dict[str, Any]:
        path = f"/ws/interviews/{session.token}/"
        socket = WebsocketCommunicator(get_default_application(), path)
        assert (await socket.connect(timeout=30))[0]
        await socket.send_json_to({"type": "auth", "ticket": ticket})
        state: dict[str, Any] = await socket.receive_json_from(30)
        await socket.disconnect()
        return state

    return async_to_sync(connect)()


def look_everywhere(session: InterviewSession) -> None:
    """Read all that shows something of a session: pages, API and socket."""
    page, api = Client(), make_api_client(session.candidate)
    page.force_login(session.candidate)
    room, interview = f"/room/{session.token}/", session.interview_id
    for path in (room, f"{room}results/", "/dashboard/", "/history/", f"/interviews/{interview}/"):
        assert page.get(path).status_code in {200, 302}, path
    assert page.get(room, headers={"X-Requested-With": "fetch"}).status_code == 200
    for path in ("", f"session/{session.token}/", f"{interview}/", f"{interview}/results/"):
        assert api.get(f"/api/interviews/{path}").status_code == 200, path
    look_by_socket(session)


@pytest.mark.parametrize("make", [interrupted, unrated, run_out])
def test_looking_everywhere_calls_no_model(
    make: Callable[[], InterviewSession], stub: StubModel
) -> None:
    session = make()
    stub.calls.clear()

    look_everywhere(session)

    assert stub.calls == []


def test_a_review_calls_no_model(stub: StubModel) -> None:
    owner, page = User.objects.create_superuser("owner@example.org", "x" * 12), Client()
    waiting = make_screening(owner, make_user())
    session = services.start_interview(interview=waiting.interview, user=waiting.candidate)
    record_answer(fresh(session), Submission(1, "k1 k2 k3", "key"))
    page.force_login(owner)
    stub.calls.clear()

    reply = page.get(f"/staff/sessions/{session.token}/")

    assert (reply.status_code, stub.calls) == (200, [])


@pytest.mark.parametrize("make", [interrupted, unrated, run_out])
def test_the_loop_does_what_reading_leaves(
    make: Callable[[], InterviewSession], stub: StubModel
) -> None:
    make()
    stub.calls.clear()

    services.catch_up()

    assert stub.calls[0] == "evaluate 1"
    assert Turn.objects.get(number=1).evaluation == "scored"


def test_a_question_whose_time_is_over_takes_its_draft_when_somebody_looks(stub: StubModel) -> None:
    session = run_out()

    state = look_by_socket(session)

    assert state["question"] is None
    given = Answer.objects.get()
    assert (given.text, given.modality) == ("k1 k2", "draft")


@contextmanager
def spoken(settings: Settings, folder: Path) -> Iterator[tuple[InterviewSession, StubEar]]:
    """Give a session whose time is over, with a recording that nobody has heard, and the ear."""
    settings.RECORDINGS_DIR = folder
    with ear_in_use(StubEar()) as ear:
        assert ear is not None
        session = make_session(timed=True)
        audio = make_recording("k1 k2")
        keep_recording(user=session.candidate, token=session.token, turn=1, audio=audio)
        Turn.objects.update(deadline=timezone.now() - timedelta(minutes=1))
        yield session, ear


def test_what_was_said_is_heard_by_the_loop_and_not_by_a_reader(
    settings: Settings, tmp_path: Path
) -> None:
    with spoken(settings, tmp_path) as (session, ear):
        look_everywhere(session)
        calls_of_readers = list(ear.calls)
        services.catch_up()

    assert calls_of_readers == []
    assert Answer.objects.get().text == "k1 k2"


def test_what_is_known_of_a_recording_is_the_draft_at_once(
    settings: Settings, tmp_path: Path
) -> None:
    with spoken(settings, tmp_path) as (session, _ear):
        session.turns.get().recordings.update(transcript={"text": "k1 as heard"})
        look_by_socket(session)

    assert Answer.objects.get().text == "k1 as heard"


def test_a_recording_is_heard_by_one_worker_at_a_time(settings: Settings, tmp_path: Path) -> None:
    with spoken(settings, tmp_path) as (session, ear):
        lease = claim(fresh(session))
        services.catch_up()
        with pytest.raises(StillWorking):
            submit(session, "too late")

    assert lease is not None
    assert ear.calls == []
    assert Turn.objects.get().flow == "asked"


@pytest.mark.parametrize("what", ["missing", "a folder"])
def test_a_recording_that_cannot_be_read_does_not_hold_up_its_question(
    settings: Settings, tmp_path: Path, what: str
) -> None:
    with spoken(settings, tmp_path) as (session, _ear):
        recording = session.turns.get().recordings.get()
        recording.file.unlink()
        if what == "a folder":
            recording.file.mkdir()
        services.catch_up()

    assert Answer.objects.get().text == ""
    assert session.turns.count() == 2


def submit(session: InterviewSession, text: str = "k1 k2 k3") -> Any:
    return services.submit_response(
        user=session.candidate, token=session.token, submission=Submission(1, text, "key")
    )


def stream(session: InterviewSession) -> None:
    async def run() -> None:
        submission = Submission(1, "k1 k2 k3", "key")
        async for _step in stream_response(
            user=session.candidate, token=session.token, submission=submission
        ):
            pass

    asyncio.run(run())


def rate_late(session: InterviewSession) -> None:
    record_answer(fresh(session), Submission(1, "k1 k2 k3", "key"))
    Turn.objects.update(flow="closed")
    catch_up.rate(Turn.objects.get())


@contextmanager
def at_work(work: Callable[[], object]) -> Iterator[threading.Thread]:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    yield thread
    thread.join()


@pytest.fixture
def short_lease(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let leases last a second, and let nothing that renews longer ones be at work still."""
    settings.TURN_LEASE_SECONDS = 1
    own = Renewal()
    for module in (lease, turn_run):
        monkeypatch.setattr(module, "renewal", own)


@pytest.mark.usefixtures("short_lease")
@pytest.mark.parametrize("work", [submit, stream, rate_late])
@pytest.mark.parametrize("follow_ups", [0, 1])
def test_work_that_outlasts_its_lease_is_done_once_however_often_somebody_looks(
    work: Callable[[InterviewSession], object], follow_ups: int
) -> None:
    session = fresh(make_session(follow_ups_per_question=follow_ups)).session
    assert session.candidate.pk
    with model_in_use(SlowModel(delay=0.8)) as model:
        with at_work(lambda: work(session)) as thread:
            for _round in range(ROUNDS):
                look_everywhere(session)
                services.catch_up(patience=timedelta(seconds=1))
                if not thread.is_alive():
                    break
        calls = [call for call in model.calls if call.startswith("evaluate")]

    assert calls == ["evaluate first", "evaluate 1"]
    turn = Turn.objects.get(number=1)
    assert (turn.flow, turn.evaluation) == ("closed", "scored")
    assert Answer.objects.count() == 1


def test_an_answer_sent_again_may_carry_the_interview_on(stub: StubModel) -> None:
    session = interrupted()

    again = submit(session)

    assert again.is_replay
    assert stub.calls.count("evaluate 1") == 1


def test_after_the_work_the_reader_sees_the_next_question(stub: StubModel) -> None:
    session = interrupted()
    services.catch_up()

    assert look_by_socket(session)["question"]["turn"] == 2
    assert answer(session).reply["status"] == "completed"
