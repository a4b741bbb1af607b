"""Job titles as people type them, against the shipped bank: none lands in another trade."""

from __future__ import annotations

from functools import cache
from typing import Any

from ai.planning import titles_of
from ai.schemas import BankItem
from ai.tests.data_files import read
from ai.titles import Titles
from interviews.bank_files import read_bank

LISTED: dict[str, Any] = read("job_titles.yaml")


@cache
def bank() -> list[BankItem]:
    rows = {row.position: row.as_item() for row in read_bank() if row.language == "en"}
    return list(rows.values())


def titles() -> Titles:
    return titles_of(bank())


def test_every_name_of_a_position_finds_it() -> None:
    names = {
        name: item["position"]
        for item in bank()
        if item["position"] != "general"
        for name in item["position_names"]
    }

    assert {name: titles().position_of(name) for name in names} == names


def test_titles_find_their_position_however_they_are_typed() -> None:
    wanted = {
        title: position.replace("_", "-")
        for position, listed in LISTED["means"].items()
        for title in listed
    }

    assert len(wanted) >= 400
    assert {title: titles().position_of(title) for title in wanted} == wanted


def test_titles_of_other_trades_find_none() -> None:
    listed = LISTED["of_no_position"]

    assert len(listed) >= 600
    assert {title: titles().position_of(title) for title in listed} == dict.fromkeys(listed, "")


def test_titles_that_are_not_clear_find_their_position_or_none() -> None:
    found = {title: titles().position_of(title) for title in LISTED["unclear"]}

    assert {
        title: position
        for title, position in found.items()
        if position not in {"", LISTED["unclear"][title].replace("_", "-")}
    } == {}


def test_the_mistakes_are_few_and_known() -> None:
    found = {title: titles().position_of(title) for title in LISTED["mistaken"]}

    assert len(found) <= 14
    assert found == {t: position.replace("_", "-") for t, position in LISTED["mistaken"].items()}


def test_the_nearest_position_comes_first() -> None:
    assert titles().nearest("Pediatric nurse")[0] == "nurse"
    assert titles().nearest("Music teacher")[0] == "teacher"
    assert "security-engineer" in titles().nearest("Pentester")
    assert len(titles().nearest("Circus clown")) == 3


def test_a_bank_without_positions_has_none_near() -> None:
    assert titles_of([]).nearest("Nurse") == []
    assert titles_of([]).position_of("Nurse") == ""
