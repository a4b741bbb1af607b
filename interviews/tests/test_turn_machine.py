"""The life of a turn as a state machine: whatever happens in whatever order, the promises hold."""

from __future__ import annotations

import itertools
import os
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ai.testing import StubModel
from interviews import services
from interviews.errors import Conflict, InvalidInput, KeyReused, StillWorking
from interviews.models import Answer, InterviewSession, Rating, Turn
from interviews.services.cleaning import clean_answer
from interviews.services.lookups import fresh
from interviews.services.starting import resume
from interviews.services.turn.answer import Submission, record_answer
from interviews.services.turn.lease import claim
from interviews.testing import make_bank, make_session, model_in_use

ANSWERS = st.sampled_from(["k1", "k1 k2", "k1 k2 k3", "nothing of it", "k3 \x00 \ud800"])
QUESTIONS = 3
EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "20"))


class Interviewing(RuleBasedStateMachine):
    """A candidate, a flaky provider, crashing workers and a clock."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.numbers = itertools.count()
        self.model = StubModel()
        self.context = model_in_use(self.model)
        self.context.__enter__()
        make_bank()
        self.session = make_session(num_questions=QUESTIONS, follow_ups_per_question=1, timed=True)
        self.acknowledged: dict[int, tuple[str, str]] = {}
        self.drafts: dict[int, str] = {}

    def teardown(self) -> None:
        try:
            self.check_it_can_finish()
        finally:
            self.context.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    @property
    def open_number(self) -> int:
        turn = fresh(self.session).open_turn
        return turn.number if turn else 0

    def submit(self, submission: Submission) -> Any:
        return services.submit_response(
            user=self.session.candidate, token=self.session.token, submission=submission
        )

    def attempt(self, submission: Submission) -> Any:
        try:
            return self.submit(submission)
        except StillWorking as error:
            return error

    def is_too_late(self, submission: Submission) -> bool:
        """After the end of its time a question takes its draft, and the answer conflicts."""
        if Turn.objects.open().filter(deadline__gte=timezone.now()).exists():
            return False
        if Turn.objects.open().filter(deadline__isnull=True).exists():
            return False
        with pytest.raises(Conflict):
            self.submit(submission)
        return True

    @precondition(lambda self: self.open_number)
    @rule(text=ANSWERS)
    def answer(self, text: str) -> None:
        number, key = self.open_number, f"key {next(self.numbers)}"
        if self.is_too_late(Submission(number, text, key)):
            return
        done = self.attempt(Submission(number, text, key))
        self.acknowledged[number] = (key, Answer.objects.get(turn__number=number).text)
        assert isinstance(done, StillWorking) or done.reply["turn"] == number

    @precondition(lambda self: self.open_number)
    @rule()
    def skip(self) -> None:
        number, key = self.open_number, f"key {next(self.numbers)}"
        if self.is_too_late(Submission(number, "", key, skipped=True)):
            return
        self.attempt(Submission(number, "", key, skipped=True))
        assert Answer.objects.get(turn__number=number).modality == "skipped"

    @precondition(lambda self: self.acknowledged)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.acknowledged)))
        key, text = self.acknowledged[number]
        again = self.attempt(Submission(number, text, key))
        assert isinstance(again, StillWorking) or again.is_replay

    @precondition(lambda self: self.acknowledged)
    @rule(data=st.data(), text=ANSWERS)
    def answer_from_another_tab(self, data: st.DataObject, text: str) -> None:
        number = data.draw(st.sampled_from(sorted(self.acknowledged)))
        with pytest.raises(Conflict):
            self.submit(Submission(number, f"{text} again", f"key {next(self.numbers)}"))

    @precondition(lambda self: self.acknowledged)
    @rule(data=st.data())
    def use_a_key_again_for_other_words(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.acknowledged)))
        with pytest.raises(KeyReused):
            self.submit(Submission(number, "other words", self.acknowledged[number][0]))

    @rule(number=st.integers(0, 30))
    def send_nothing(self, number: int) -> None:
        with pytest.raises(InvalidInput):
            self.submit(Submission(number, "  "))

    @precondition(lambda self: self.open_number)
    @rule(text=ANSWERS)
    def type_on(self, text: str) -> None:
        number = self.open_number
        services.save_draft(
            user=self.session.candidate, token=self.session.token, turn=number, text=text
        )
        self.drafts[number] = Turn.objects.get(number=number).draft

    @precondition(lambda self: self.open_number)
    @rule(text=ANSWERS)
    def crash_after_saving(self, text: str) -> None:
        number, key = self.open_number, f"key {next(self.numbers)}"
        record_answer(fresh(self.session), Submission(number, clean_answer(text), key))
        self.acknowledged[number] = (key, Answer.objects.get(turn__number=number).text)

    @rule()
    def crash_while_working(self) -> None:
        claim(fresh(self.session))

    @rule()
    def time_passes(self) -> None:
        past = timezone.now() - timedelta(seconds=1)
        InterviewSession.objects.filter(lease_until__isnull=False).update(lease_until=past)
        Turn.objects.filter(next_attempt_at__isnull=False).update(next_attempt_at=past)

    @precondition(lambda self: self.open_number)
    @rule()
    def the_question_runs_out(self) -> None:
        Turn.objects.open().update(deadline=timezone.now() - timedelta(minutes=2))

    @rule(is_down=st.booleans())
    def the_provider_changes_its_mind(self, is_down: bool) -> None:
        self.model.is_down = is_down

    @rule()
    def come_back(self) -> None:
        resume(fresh(self.session))

    @rule()
    def catch_up(self) -> None:
        services.catch_up()

    @invariant()
    def what_was_acknowledged_is_stored_as_it_was(self) -> None:
        for number, (key, text) in self.acknowledged.items():
            stored = Answer.objects.get(turn__number=number)
            assert (stored.key, stored.text) == (key, text)

    @invariant()
    def an_expired_question_has_its_draft(self) -> None:
        for given in Answer.objects.filter(modality="draft").select_related("turn"):
            assert given.text == self.drafts.get(given.turn.number, "")

    @invariant()
    def turns_are_in_order_and_rated_once(self) -> None:
        turns = fresh(self.session).turns
        assert [turn.number for turn in turns] == list(range(1, len(turns) + 1))
        assert sum(turn.is_open for turn in turns) <= 1
        for turn in turns:
            scored = turn.evaluation == Turn.Evaluation.SCORED
            assert len(turn.rating_list) == int(scored)

    def check_it_can_finish(self) -> None:
        self.model.is_down = False
        for _step in range(20):
            self.time_passes()
            services.catch_up()
            number = self.open_number
            if not number:
                break
            self.submit(Submission(number, "k1 k2 k3"))
        self.time_passes()
        services.catch_up()
        done = fresh(self.session)
        assert done.status == InterviewSession.Status.COMPLETED
        asked = [turn.question_id for turn in done.turns if not turn.is_follow_up]
        assert len(asked) == len(set(asked)) == QUESTIONS
        by_hand = Turn.Evaluation.NOT_SCORED
        assert {turn.evaluation for turn in done.turns} <= {"scored", by_hand}
        assert Rating.objects.count() == sum(t.evaluation == "scored" for t in done.turns)


@pytest.mark.django_db
def test_the_promises_hold_in_any_order() -> None:
    small = settings(
        max_examples=EXAMPLES,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )

    run_state_machine_as_test(Interviewing, settings=small)
