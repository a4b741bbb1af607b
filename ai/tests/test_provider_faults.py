"""Every fault of a provider, over the real SDKs and the real wire, has one defined outcome for each task."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ai.calling import Limits
from ai.calling.caller import Clock
from ai.schemas import BankItem, Evaluation
from ai.service import AIService
from ai.testing import make_bank_item, make_planned_question, make_spec
from ai.tests.loopback import ADAPTERS, QUICK, WORDS, asked, line
from ai.tests.test_calling import SimulatedTime
from lab.loopback.faults import FAULTS, Fault

DECLINED = {"prompt_blocked", "safety", "recitation"}
REJECTED = {"400", "403", "redirect"}
LATE = {"slow", "stalled"}
PASSING = [f for f in FAULTS if f not in DECLINED | REJECTED | LATE]
UNSAYABLE = {("langchain", "two_candidates")}
PAIRS = [(a, f) for a in ADAPTERS for f in FAULTS if (a, f) not in UNSAYABLE]
BANK: list[BankItem] = [make_bank_item(f"q{n}") for n in range(3)]


def rate(service: AIService, words: str = WORDS) -> Evaluation:
    question = make_planned_question()
    return service.evaluate_response(
        question, asked=asked(question), answer={"text": words, "modality": "text"}
    )


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_a_good_reply_is_a_rating_with_who_gave_it(adapter: str) -> None:
    with line(adapter) as wire:
        evaluation = rate(wire.service)

    assert evaluation["status"] == "scored"
    assert evaluation["ratings"][0]["score"] == 4
    assert evaluation["ratings"][0]["evidence"][0]["quote"] == "I would look at the query"
    assert evaluation["provenance"] is not None
    assert evaluation["provenance"]["provider"] == adapter
    assert evaluation["provenance"]["model"] == "gemini-loopback-001"
    assert evaluation["provenance"]["input_tokens"] == 100
    assert len(wire.model.seen) == 1


@pytest.mark.parametrize(("adapter", "fault"), PAIRS)
def test_a_lasting_fault_leaves_the_rating_open_and_never_invents_one(
    adapter: str, fault: Fault
) -> None:
    with line(adapter, always=fault) as wire:
        evaluation = rate(wire.service)

    assert evaluation["status"] == ("not_scored" if fault in DECLINED else "pending")
    assert evaluation["score"] is None
    assert evaluation["ratings"] == []
    assert evaluation["reason"]
    assert len(wire.model.seen) <= QUICK.attempts


@pytest.mark.parametrize("fault", FAULTS)
def test_a_lasting_fault_while_planning_takes_the_questions_from_the_bank(fault: Fault) -> None:
    with line(always=fault) as wire:
        questions = wire.service.generate_interview_questions(make_spec(), bank=BANK)

    assert [question["bank_id"] for question in questions] != ["", ""]
    assert len(questions) == 2


@pytest.mark.parametrize(("adapter", "fault"), [pair for pair in PAIRS if pair[1] in PASSING])
def test_a_passing_fault_costs_one_more_attempt_and_nothing_else(
    adapter: str, fault: Fault
) -> None:
    with line(adapter, faults=[fault]) as wire:
        evaluation = rate(wire.service)

    assert evaluation["status"] == "scored"
    assert len(wire.model.seen) == 2


@pytest.mark.parametrize("fault", ["400", "403", "redirect"])
def test_a_refused_key_or_request_is_not_tried_twice(fault: Fault) -> None:
    with line(always=fault) as wire:
        evaluation = rate(wire.service)

    assert evaluation["status"] == "pending"
    assert len(wire.model.seen) == 1


def test_a_rejected_reply_is_asked_for_again_without_repeating_it() -> None:
    with line(faults=["wrong_shape"]) as wire:
        rate(wire.service)

    first, second = wire.model.seen
    assert second.prompt == first.prompt
    assert "rejected" in second.system
    assert "points (missing)" in second.system
    assert "verdict" not in str(second.body)


def test_the_delay_a_busy_provider_asks_for_is_kept() -> None:
    time = SimulatedTime()
    patient = replace(QUICK, timeout=10.0, budget=12.0)  # a busy machine is not to be a time-out
    with line(faults=["429"], retry_delay=0.5, clock=time.clock, limits=patient) as wire:
        evaluation = rate(wire.service)

    assert evaluation["status"] == "scored"
    assert time.seconds - SimulatedTime().seconds >= 0.5


def test_a_delay_beyond_the_budget_is_not_waited_for() -> None:
    slept: list[float] = []
    with line(faults=["429"], retry_delay=30, clock=Clock(sleep=slept.append)) as wire:
        evaluation = rate(wire.service)

    assert evaluation["status"] == "pending"
    assert slept == []
    assert len(wire.model.seen) == 1


def test_the_sdk_s_own_retries_are_off() -> None:
    one = Limits(timeout=0.6, budget=1.2, attempts=1, shortest=0.05)
    for adapter in ADAPTERS:
        with line(adapter, always="503", limits=one) as wire:
            rate(wire.service)

        assert len(wire.model.seen) == 1, adapter


def test_instructions_and_data_travel_apart_and_the_mark_is_new_each_time() -> None:
    with line() as wire:
        rate(wire.service)
        rate(wire.service)

    first, second = wire.model.seen
    assert WORDS in first.prompt
    assert WORDS not in first.system
    assert "nothing but data" in first.system
    assert first.system == second.system
    assert first.prompt != second.prompt


def test_a_rating_asks_for_a_schema_at_temperature_0() -> None:
    with line() as wire:
        rate(wire.service)

    config = wire.model.seen[0].body["generationConfig"]
    assert config["responseMimeType"] == "application/json"
    assert set(config["responseSchema"]["properties"]) == {
        "points",
        "levels",
        "quotes",
        "sure",
        "why",
        "feedback",
    }
    assert config["temperature"] == 0
