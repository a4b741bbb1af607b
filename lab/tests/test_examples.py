"""What the reader learns from says what its labels say."""

from __future__ import annotations

import random
from typing import Any

import pytest

from lab.answers import CLAIMS, questions, rows_of
from lab.reader.examples import UNKNOWN, Labelled, Pieces, composed, labelled, spoilt

KEPT_ASIDE = ("devops", "human resources", "hr ", "nurse", "sales")


@pytest.fixture(scope="module")
def claims() -> list[dict[str, Any]]:
    return list(rows_of(CLAIMS))


def test_no_claim_is_of_a_trade_that_was_set_aside(claims: list[dict[str, Any]]) -> None:
    trades = {claim["trade"].casefold() for claim in claims}

    assert not [trade for trade in trades if trade.startswith(KEPT_ASIDE)]


def test_every_point_has_a_piece_for_each_state(claims: list[dict[str, Any]]) -> None:
    points = [point for claim in claims for point in claim["points"]]

    assert all(point[name] for point in points for name in ("said", "denied", "near", "partly"))


def test_a_minimal_denial_shares_most_words_with_what_it_denies(
    claims: list[dict[str, Any]],
) -> None:
    pairs = [(p["said"][0], p["denied"][0]) for claim in claims for p in claim["points"]]
    shared = [set(said.split()) & set(denied.split()) for said, denied in pairs]

    assert all(said != denied for said, denied in pairs)
    near = [
        len(both) >= len(set(a.split())) / 2 for both, (a, _) in zip(shared, pairs, strict=True)
    ]
    assert sum(near) > 0.97 * len(near)


def test_a_composed_answer_holds_the_words_of_its_labels(claims: list[dict[str, Any]]) -> None:
    draw = random.Random(1)

    found = [answer for claim in claims if (answer := composed(claim, draw))]

    states = {state for answer in found for _, state, _ in answer.points}
    assert states == {"yes", "partly", "no", "denied"}
    for answer in found:
        assert all(quote in answer.answer for _, _, quote in answer.points)
        assert all(quote for _, state, quote in answer.points if state != "no")


def test_nothing_is_said_by_shuffled_words_and_lists() -> None:
    answer = Labelled(
        "Why?", [("Locks protect the rows", "yes", "Locks protect")], "Locks protect the rows."
    )

    found = [spoilt(answer, random.Random(seed)) for seed in range(6)]

    assert {one.answer for one in found} != {answer.answer}
    assert {state for one in found for _, state, _ in one.points} == {"no"}


def test_what_two_people_read_differently_is_not_learnt() -> None:
    known = next(iter(questions().values()))
    row = {
        "q": known["q"],
        "answer": "Yes.",
        "points": {"k1": ["yes", "Yes"], "k2": ["no"]},
        "points_second": {"k1": ["partly", "Yes"], "k2": ["no"]},
    }

    (example,) = Pieces().examples(labelled(row, known))

    assert example.labels[:2] == [UNKNOWN, 0]


def test_a_quote_marks_its_pieces_and_no_others() -> None:
    answer = "First we wait. Then we lock the rows. Then we go."
    item = Labelled("Why?", [("Locks the rows", "yes", "we lock the rows")], answer)

    (example,) = Pieces().examples(item)

    assert example.quotes[0].sum() == len(["we", "lock", "the", "rows"])


def test_a_point_is_said_only_in_the_window_that_holds_its_words() -> None:
    answer = "we lock the rows. " + "and then nothing happens at all. " * 80
    item = Labelled("Why?", [("Locks the rows", "yes", "we lock the rows")], answer)

    examples = list(Pieces().examples(item))

    assert len(examples) > 1
    assert [one.labels[0] for one in examples] == [1, *[0] * (len(examples) - 1)]
