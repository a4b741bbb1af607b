"""The path of an answer: stored first, carried on once, replayed harmlessly."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.testing import make_user
from ai.testing import StubModel
from interviews import services
from interviews.errors import Conflict, InvalidInput, KeyReused, NotFound
from interviews.models import Answer, InterviewSession, Rating, Turn
from interviews.services.turn.answer import Submission
from interviews.testing import answer, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]


def test_a_full_answer_leads_to_the_next_planned_question() -> None:
    session = make_session()

    submitted = answer(session)

    assert submitted.reply["next_step"] == "continue"
    assert submitted.reply["next_question"]["number"] == 2
    assert submitted.reply["evaluation"]["score"] == 100


def test_a_partial_answer_gets_a_follow_up_for_the_first_missing_point() -> None:
    session = make_session()

    submitted = answer(session, "only k1")

    assert submitted.reply["next_step"] == "follow_up"
    assert submitted.reply["next_question"]["text"] == "What about point 2?"
    assert submitted.reply["next_question"]["is_follow_up"] is True


def test_the_follow_up_budget_is_kept() -> None:
    session = make_session()
    answer(session, "only k1")

    submitted = answer(session, "still nothing")

    assert submitted.reply["next_step"] == "continue"


def test_the_last_answer_completes_the_session() -> None:
    session = make_session()
    answer(session)

    submitted = answer(session)

    assert submitted.reply["status"] == "completed"
    assert submitted.reply["next_question"] is None
    session.refresh_from_db()
    assert session.status == InterviewSession.Status.COMPLETED


def test_the_same_key_again_gets_the_same_reply_and_stores_nothing_more() -> None:
    session = make_session()
    first = answer(session, key="one")

    again = services.submit_response(
        user=session.candidate, token=session.token, submission=Submission(1, "k1 k2 k3", "one")
    )

    assert again.is_replay
    assert again.reply == first.reply
    assert Answer.objects.count() == 1
    assert Rating.objects.count() == 1


def test_the_same_words_without_a_key_are_a_replay() -> None:
    session = make_session()
    answer(session)

    again = services.submit_response(
        user=session.candidate, token=session.token, submission=Submission(1, "k1 k2 k3")
    )

    assert again.is_replay


def test_other_words_without_a_key_are_another_answer_and_conflict() -> None:
    session = make_session()
    answer(session)

    with pytest.raises(Conflict):
        services.submit_response(
            user=session.candidate, token=session.token, submission=Submission(1, "other words")
        )


def test_a_skip_without_a_key_is_another_answer_than_words() -> None:
    session = make_session()
    answer(session)

    with pytest.raises(Conflict):
        services.submit_response(
            user=session.candidate, token=session.token, submission=Submission(1, skipped=True)
        )


def test_the_same_words_without_a_key_answer_two_questions() -> None:
    session = make_session()
    answer(session)

    again = answer(session)

    assert not again.is_replay
    assert Answer.objects.count() == 2


def test_the_same_key_with_other_words_is_refused() -> None:
    session = make_session()
    answer(session, key="one")

    with pytest.raises(KeyReused):
        services.submit_response(
            user=session.candidate, token=session.token, submission=Submission(1, "other", "one")
        )


def test_another_key_on_an_answered_turn_conflicts_and_carries_the_state() -> None:
    session = make_session()
    answer(session, key="one")

    with pytest.raises(Conflict) as caught:
        services.submit_response(
            user=session.candidate, token=session.token, submission=Submission(1, "other", "two")
        )

    assert caught.value.state is not None
    assert caught.value.state["question"]["turn"] == 2


def test_a_stranger_finds_no_session() -> None:
    session = make_session()

    with pytest.raises(NotFound):
        services.submit_response(
            user=make_user(), token=session.token, submission=Submission(1, "k1")
        )


def test_a_skipped_question_is_rated_1_and_says_so() -> None:
    session = make_session()

    submitted = answer(session, "", skipped=True)

    rating = submitted.reply["evaluation"]["ratings"][0]
    assert (rating["score"], rating["rationale"]) == (1, "This question was skipped.")
    assert submitted.reply["next_step"] == "continue"


@pytest.mark.parametrize("blank", [" \n ", "\u200b \ufeff\u2060", "\U000e0041\u200e"])
def test_an_answer_with_nothing_to_see_is_refused_with_its_remedy(blank: str) -> None:
    session = make_session()

    with pytest.raises(InvalidInput, match="skip") as caught:
        answer(session, blank)

    assert caught.value.field == "response_text"


def test_an_answer_that_is_too_long_is_refused_whole() -> None:
    session = make_session()

    with pytest.raises(InvalidInput, match="20,001"):
        answer(session, "x" * 20_001)

    assert not Answer.objects.exists()


def test_what_no_database_can_hold_is_dropped_from_an_answer() -> None:
    session = make_session()

    answer(session, "k1\x00 k2 \ud800k3\r\nend")

    assert Answer.objects.get().text == "k1 k2 ?k3\nend"


def test_an_outage_leaves_the_rating_pending_and_the_next_question_comes(stub: StubModel) -> None:
    session = make_session()
    stub.is_down = True

    submitted = answer(session)

    assert submitted.reply["next_step"] == "continue"
    assert submitted.reply["evaluation"]["status"] == "pending"
    assert submitted.reply["evaluation"]["score"] is None
    turn = Turn.objects.get(number=1)
    assert turn.next_attempt_at is not None


def test_a_turn_costs_a_constant_number_of_queries() -> None:
    session = make_session(num_questions=5)
    answer(session)
    with CaptureQueriesContext(
        connection,
    ) as second:
        answer(session)
    answer(session)
    with CaptureQueriesContext(connection) as fourth:
        answer(session)

    assert len(second) == len(fourth)
    assert len(second) <= 40
