"""What was left behind: expired questions, interrupted turns, pending ratings, forgotten sessions."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.testing import make_user
from ai.testing import StubModel
from interviews import services
from interviews.errors import Conflict, LeaseLost, StillWorking
from interviews.models import Answer, InterviewSession, Rating, Turn
from interviews.services.lookups import fresh
from interviews.services.starting import resume
from interviews.services.turn import catch_up
from interviews.services.turn.answer import Submission, record_answer
from interviews.services.turn.graph_input import answer_state
from interviews.services.turn.lease import claim
from interviews.services.turn.outcome import record_outcome
from interviews.services.turn.retry import BACKOFF, GAVE_UP
from interviews.services.turn.run import Run, run_graph
from interviews.testing import answer, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]
LONG_AGO = timedelta(days=100)


def submit(session: InterviewSession, text: str, turn: int = 1) -> object:
    return services.submit_response(
        user=session.candidate, token=session.token, submission=Submission(turn, text)
    )


def run_out(session: InterviewSession) -> None:
    session.turns.open().update(deadline=timezone.now() - timedelta(minutes=5))


def due_now() -> None:
    Turn.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))


def test_an_expired_question_takes_the_draft_as_its_answer() -> None:
    session = make_session(timed=True)
    services.save_draft(user=session.candidate, token=session.token, turn=1, text="k1 k2")
    run_out(session)

    done = services.catch_up()

    assert done["expired"] == 1
    given = Answer.objects.get()
    assert (given.text, given.modality) == ("k1 k2", "draft")
    assert session.turns.get(number=2).flow == Turn.Flow.ASKED


def test_an_expired_question_without_a_draft_is_rated_1_and_says_why() -> None:
    session = make_session(timed=True)
    run_out(session)

    services.catch_up()

    rating = Rating.objects.get()
    assert rating.score == 1
    assert "time ran out" in rating.rationale


def test_a_late_answer_conflicts_and_the_draft_stands() -> None:
    session = make_session(timed=True)
    services.save_draft(user=session.candidate, token=session.token, turn=1, text="k1")
    run_out(session)

    with pytest.raises(Conflict) as caught:
        submit(session, "k1 k2 k3, far too late")

    assert Answer.objects.get().text == "k1"
    assert caught.value.state is not None
    assert caught.value.state["question"]["turn"] == 2


def test_the_network_has_some_seconds_of_grace() -> None:
    session = make_session(timed=True)
    session.turns.open().update(deadline=timezone.now() - timedelta(seconds=3))

    submit(session, "k1 k2 k3")

    assert Answer.objects.get().modality == "text"


def test_a_session_whose_time_is_over_ends_with_its_draft() -> None:
    session = make_session(session_time_limit_minutes=5)
    services.save_draft(user=session.candidate, token=session.token, turn=1, text="k1")
    InterviewSession.objects.update(deadline=timezone.now() - timedelta(minutes=1))

    seen = resume(fresh(session))
    services.catch_up()

    assert seen.open_turn is None
    assert Answer.objects.get().text == "k1"
    assert fresh(session).status == InterviewSession.Status.EXPIRED


def test_a_draft_of_a_closed_question_is_not_kept() -> None:
    session = make_session()
    answer(session)

    saved = services.save_draft(user=session.candidate, token=session.token, turn=1, text="late")

    assert saved is False


def test_an_answer_that_was_just_taken_is_left_to_who_took_it() -> None:
    session = make_session()
    record_answer(fresh(session), Submission(1, "k1 k2 k3", "key"))

    call_command("catch_up", stdout=StringIO())
    assert session.turns.get(number=1).flow == "answered"

    Answer.objects.update(created_at=timezone.now() - timedelta(seconds=3))
    call_command("catch_up", stdout=StringIO())
    assert session.turns.get(number=1).flow == "closed"


def test_an_interrupted_turn_is_carried_on_by_catch_up() -> None:
    session = make_session()
    record_answer(fresh(session), Submission(1, "k1 k2 k3", "key"))

    assert services.catch_up()["carried_on"] == 1
    assert services.catch_up()["carried_on"] == 0


def test_while_somebody_else_works_the_candidate_is_asked_to_wait() -> None:
    session = make_session()
    record_answer(fresh(session), Submission(1, "k1 k2 k3", "key"))
    claim(fresh(session))

    with pytest.raises(StillWorking):
        services.submit_response(
            user=session.candidate,
            token=session.token,
            submission=Submission(1, "k1 k2 k3", "key"),
        )

    assert services.catch_up()["carried_on"] == 0


def test_looking_while_somebody_else_works_rates_nothing_twice() -> None:
    session = make_session()
    record_answer(fresh(session), Submission(1, "k1 k2 k3", "key"))
    mine = fresh(session)
    lease = claim(mine)
    assert lease is not None

    resume(fresh(session))
    record_outcome(mine, mine.turns[0], lease, run_graph(answer_state(mine, mine.turns[0])))

    assert Rating.objects.count() == 1
    assert fresh(session).open_turn is not None


def test_a_lease_that_ran_out_is_taken_over_and_the_stale_result_dropped() -> None:
    session = make_session()
    record_answer(fresh(session), Submission(1, "k1 k2 k3", "key"))
    mine = fresh(session)
    lease = claim(mine)
    assert lease is not None
    turn = mine.turns[0]
    result = run_graph(answer_state(mine, turn))
    InterviewSession.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert services.catch_up()["carried_on"] == 1
    with pytest.raises(LeaseLost):
        record_outcome(mine, turn, lease, result)

    assert Rating.objects.count() == 1
    assert Turn.objects.count() == 2


def test_what_was_loaded_before_somebody_elses_work_cannot_be_claimed() -> None:
    session = make_session()
    stale = fresh(session)
    answer(session)

    assert claim(stale) is None


def test_what_was_loaded_while_somebody_worked_cannot_be_claimed_when_they_are_done() -> None:
    lease = claim(fresh(make_session()))
    assert lease is not None
    stale = fresh(InterviewSession.objects.get())

    lease.release()

    assert claim(stale) is None
    assert claim(fresh(stale)) is not None


def test_a_crash_in_the_graph_gives_the_lease_back(monkeypatch: pytest.MonkeyPatch) -> None:
    session = make_session()
    monkeypatch.setattr(Run, "_next_result", lambda _run, _updates: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        answer(session)

    assert InterviewSession.objects.get().lease_until is None
    assert Answer.objects.count() == 1


def test_a_pending_rating_is_caught_up_after_the_outage(stub: StubModel) -> None:
    session = make_session()
    stub.is_down = True
    answer(session)
    stub.is_down = False
    due_now()

    done = services.catch_up()

    assert done["rated"] == 1
    turn = Turn.objects.get(number=1)
    assert (turn.evaluation, Rating.objects.get().score) == (Turn.Evaluation.SCORED, 5)


def test_attempts_back_off_and_then_go_to_a_person(stub: StubModel) -> None:
    session = make_session()
    stub.is_down = True
    answer(session)
    waits = []
    for _attempt in BACKOFF:
        turn = Turn.objects.get(number=1)
        assert turn.next_attempt_at is not None
        waits.append(turn.next_attempt_at - timezone.now())
        due_now()
        services.catch_up()

    turn = Turn.objects.get(number=1)
    for wait, planned in zip(waits, BACKOFF, strict=True):
        assert planned - timedelta(seconds=10) < wait <= planned
    assert (turn.evaluation, turn.reason, turn.needs_person) == ("not_scored", GAVE_UP, True)
    assert services.catch_up()["rated"] == 0


def test_a_rating_that_is_not_due_is_left_alone(stub: StubModel) -> None:
    session = make_session()
    stub.is_down = True
    answer(session)
    stub.is_down = False

    assert services.catch_up()["rated"] == 0


def test_a_rating_given_up_is_tried_again_when_somebody_asks(stub: StubModel) -> None:
    owner = make_user()
    session = make_screening(owner, make_user())
    services.start_interview(interview=session.interview, user=session.candidate)
    stub.is_down = True
    answer(session)
    Turn.objects.filter(number=1).update(evaluation="not_scored", attempts=5)
    stub.is_down = False
    turn = Turn.objects.get(number=1)

    assert services.retry_rating(turn=turn, actor=owner) is True
    with pytest.raises(Conflict):
        services.retry_rating(turn=turn, actor=owner)


def test_two_workers_do_not_rate_the_same_turn(stub: StubModel) -> None:
    session = make_session()
    stub.is_down = True
    answer(session)
    stub.is_down = False
    due_now()
    one, two = Turn.objects.get(number=1), Turn.objects.get(number=1)

    assert catch_up.rate(one) is True
    assert catch_up.rate(two) is False
    assert Rating.objects.count() == 1


def test_a_forgotten_session_is_abandoned_and_a_fresh_one_is_not() -> None:
    old, new = make_session(), make_session()
    InterviewSession.objects.filter(pk=old.pk).update(last_seen_at=timezone.now() - LONG_AGO)

    done = services.catch_up()

    old.refresh_from_db()
    new.refresh_from_db()
    assert done["abandoned"] == 1
    assert (old.status, new.status) == ("abandoned", "active")


def test_a_session_past_its_deadline_asks_nothing_more() -> None:
    session = make_session(session_time_limit_minutes=5)
    loaded = fresh(session)
    record_answer(loaded, Submission(1, "k1 k2 k3", "key"))
    InterviewSession.objects.update(deadline=timezone.now() - timedelta(minutes=1))

    services.catch_up()

    seen = fresh(session)
    assert seen.status == InterviewSession.Status.EXPIRED
    assert len(seen.turns) == 1
