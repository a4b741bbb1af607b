"""What a rating request holds, and what is made of a reply to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ai.defence import prepare
from ai.errors import ReplyUnusable
from ai.loopback.counting import tokens
from ai.loopback.http import Seen
from ai.loopback.replies import rating_reply
from ai.providers import judging
from ai.replies import Judgement
from ai.schemas import Evaluation
from ai.testing import make_planned_question
from ai.tests.loopback import WORDS, asked, line

QUESTION = make_planned_question()


def evaluated(**changes: Any) -> tuple[Evaluation, int]:
    """Rate `WORDS` by a model whose reply is changed; return the evaluation and the number of calls."""

    def answer(seen: Seen) -> Any:
        return {**rating_reply(seen.prompt, level=4), **changes}

    with line(answer=answer) as wire:
        evaluation = wire.service.evaluate_response(
            QUESTION, asked=asked(QUESTION), answer={"text": WORDS, "modality": "text"}
        )
        return evaluation, len(wire.model.seen)


def request(shuffle: Callable[[list[str]], None], text: str = WORDS) -> str:
    case = judging.Case(QUESTION, asked(QUESTION), [], "en")
    return judging.rate_request(case, prepare(text).text, shuffle).prompt


def test_key_points_come_in_an_order_of_their_own() -> None:
    def reverse(lines: list[str]) -> None:
        lines.reverse()

    assert request(lambda _lines: None).index("k1:") < request(lambda _lines: None).index("k3:")
    assert request(reverse).index("k3:") < request(reverse).index("k1:")


def test_every_anchor_and_key_point_is_sent() -> None:
    prompt = request(lambda _lines: None)

    assert all(f"{level}: {text}" in prompt for level, text in QUESTION["anchors"].items())
    assert all(point["text"] in prompt for point in QUESTION["key_points"])


def test_a_quote_shows_its_key_point_and_carries_the_level() -> None:
    evaluation, _calls = evaluated(quotes=["k2: then add an index", "c1: I would look"])

    assert evaluation["covered"] == ["k2"]
    assert evaluation["ratings"][0]["score"] == 4
    assert [e["quote"] for e in evaluation["ratings"][0]["evidence"]] == [
        "I would look",
        "then add an index",
    ]


def test_quotation_marks_around_a_quote_are_no_part_of_it() -> None:
    evaluation, _calls = evaluated(quotes=['k2: "then add an index"'])

    assert evaluation["covered"] == ["k2"]


def test_a_quote_without_an_id_carries_the_level_and_shows_no_key_point() -> None:
    evaluation, calls = evaluated(quotes=["then add an index"])

    assert calls == 1
    assert evaluation["covered"] == []
    assert evaluation["ratings"][0]["score"] == 4
    assert [e["quote"] for e in evaluation["ratings"][0]["evidence"]] == ["then add an index"]


def test_an_invented_quote_covers_nothing_and_carries_no_level() -> None:
    evaluation, _calls = evaluated(quotes=["k2: I would shard the table"])

    assert evaluation["covered"] == []
    assert evaluation["ratings"][0]["score"] == 1
    assert evaluation["flags"] == ["evidence_not_found"]
    assert evaluation["needs_person"]


@pytest.mark.parametrize(
    "changes",
    [
        {"quotes": ["k9: then add an index"]},
        {"levels": [{"id": "c2", "level": 4}]},
        {"levels": [{"id": "c1", "level": 4}, {"id": "c1", "level": 5}]},
        {"levels": []},
        {"sure": 2},
    ],
)
def test_a_reply_with_unknown_ids_is_asked_for_once_more_and_then_left(
    changes: dict[str, Any],
) -> None:
    evaluation, calls = evaluated(**changes)

    assert calls == 2
    assert evaluation["status"] == "pending"


def test_the_problem_with_ids_is_named_without_the_reply() -> None:
    case = judging.Case(QUESTION, asked(QUESTION), [], "en")
    check = judging.rate_request(case, WORDS, lambda _lines: None).check
    reply = Judgement.model_validate(
        {**rating_reply(request(lambda _lines: None), level=4), "quotes": ["k9: a secret"]}
    )

    problem = ReplyUnusable(check(reply))

    assert "c1, k1, k2, k3" in str(problem)
    assert "secret" not in str(problem)


def test_the_loopback_counts_a_token_per_four_characters() -> None:
    assert tokens("four", "five5") == 3

    with line(counts=True) as wire:
        evaluation = wire.service.evaluate_response(
            QUESTION, asked=asked(QUESTION), answer={"text": WORDS, "modality": "text"}
        )

    seen = wire.model.seen[0]
    assert evaluation["provenance"] is not None
    assert evaluation["provenance"]["input_tokens"] > tokens(seen.system, seen.prompt)
    assert 20 < evaluation["provenance"]["output_tokens"] < 100
