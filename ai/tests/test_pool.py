"""The provider pool is bounded: what does not fit is refused, or waits only where somebody said so."""

from __future__ import annotations

import asyncio
import threading

import pytest

from ai.errors import Busy
from ai.pool import ProviderPool
from ai.service import AIService
from ai.state import LangGraphState, WorkflowContext
from ai.testing import StubModel, make_planned_question, make_spec
from ai.workflow import InterviewWorkflow

pytestmark = pytest.mark.asyncio


def answered(follow_ups: int) -> LangGraphState:
    return {
        "stage": "answer",
        "spec": make_spec(follow_ups_per_question=follow_ups),
        "questions": [make_planned_question(1), make_planned_question(2)],
        "history": [],
        "asked": {
            "turn": 1,
            "question_number": 1,
            "text": "Question 1?",
            "is_follow_up": False,
            "key_point_id": "",
        },
        "answer": {"text": "k1", "modality": "text"},
    }


async def run(state: LangGraphState, pool: ProviderPool) -> list[str]:
    context = WorkflowContext(ai=AIService(StubModel()), next_question_first=True, pool=pool)
    return [name async for update in InterviewWorkflow(context).updates(state) for name in update]


async def test_one_more_call_than_places_is_refused_and_a_place_comes_back() -> None:
    pool, gate = ProviderPool(1), threading.Event()
    first = asyncio.ensure_future(pool.run(gate.wait, 5))
    await asyncio.sleep(0.05)

    with pytest.raises(Busy):
        await pool.run(int)
    with pytest.raises(Busy):
        await pool.run_within(0.2, int)
    gate.set()

    assert await first is True
    assert await pool.run_within(1, int, "7") == 7


async def test_what_waits_gets_the_place_that_comes_free() -> None:
    pool, gate = ProviderPool(1), threading.Event()
    first = asyncio.ensure_future(pool.run(gate.wait, 5))
    await asyncio.sleep(0.05)
    second = asyncio.ensure_future(pool.run_within(5, int, "7"))
    await asyncio.sleep(0.05)

    gate.set()

    assert (await first, await second) == (True, 7)


async def test_an_error_gives_the_place_back() -> None:
    pool = ProviderPool(1)
    for _attempt in range(3):
        with pytest.raises(ValueError, match="invalid literal"):
            await pool.run(int, "seven")


async def test_the_next_planned_question_comes_first_only_where_no_follow_up_can_come() -> None:
    first = await run(answered(0), ProviderPool(1))
    last = await run(answered(1), ProviderPool(1))

    assert first.index("next_question") < first.index("evaluation")
    assert last.index("evaluation") < last.index("next_question")


async def test_a_full_pool_holds_up_no_planned_question() -> None:
    pool, gate = ProviderPool(1), threading.Event()
    busy = asyncio.ensure_future(pool.run(gate.wait, 5))
    await asyncio.sleep(0.05)
    context = WorkflowContext(ai=AIService(StubModel()), next_question_first=True, pool=pool)

    async for update in InterviewWorkflow(context).updates(answered(0)):
        if "next_question" in update:
            gate.set()

    assert await busy is True


async def test_streaming_leaves_the_default_executor_alone() -> None:
    await run(answered(1), ProviderPool(2))

    assert asyncio.get_running_loop()._default_executor is None  # type: ignore[attr-defined]
