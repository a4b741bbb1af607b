"""Plans an interview from the question bank: fitting, spread over competencies, nothing twice."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from typing import cast

from ai.errors import BankTooSmall
from ai.schemas import BANK_ONLY, BankItem, InterviewSpec, PlannedQuestion, Position
from ai.titles import Titles, known_titles

GENERAL = "general"
ORDER = ("easy", "medium", "hard")
TRADE = ("technical", "system_design")
MIXED = ("technical", "behavioral", "situational", "system_design")


def plan_questions(
    spec: InterviewSpec, *, bank: Sequence[BankItem], seen: Collection[str] = ()
) -> list[PlannedQuestion]:
    """Choose `spec["num_questions"]` different questions; the same spec, bank and seed give the same plan.

    In reach are the position's own questions and the general ones. Preference, in this order: the interview's
    language (English fills up what is lacking; where the trade itself is asked about, the kind comes before the
    language), not in `seen`, the kind asked for (a mixed interview takes the kinds in turn), the position's own questions where they are technical, the nearest difficulty, a competency that is rare
    in the plan so far, and then a draw by the seed. Raises `BankTooSmall`, naming how many there are.
    """
    reachable = _in_reach(spec, bank)
    wanted = spec["num_questions"]
    if len(reachable) < wanted:
        raise BankTooSmall(
            f"The question bank holds {len(reachable)} questions that fit this position; "
            f"{wanted} are asked for. Choose fewer questions or another position."
        )
    chosen: list[BankItem] = []
    for _number in range(wanted):
        taken = {item["id"] for item in chosen}
        rest = [item for item in reachable if item["id"] not in taken]
        chosen.append(min(rest, key=lambda item: _rank(item, spec, chosen, seen)))
    return [_planned(number, item, spec) for number, item in enumerate(chosen, start=1)]


def _in_reach(spec: InterviewSpec, bank: Sequence[BankItem]) -> list[BankItem]:
    """Return the questions of this position and the general ones, in the interview's language and in English."""
    position = match_position(spec["position"], bank)
    by_id = {item["id"]: item for item in bank if item["position"] in {position, GENERAL}}
    fitting = list(by_id.values())
    return [item for item in fitting if item["language"] in {spec["language"], "en"}]


def match_position(title: str, positions: Sequence[Position]) -> str:
    """Return the position that a job title means, or an empty string if it means none, see `ai.titles`."""
    return titles_of(positions).position_of(title)


def titles_of(positions: Sequence[Position]) -> Titles:
    """Return the job titles of positions."""
    named = {
        (name, item["position"])
        for item in positions
        if item["position"] != GENERAL
        for name in item["position_names"]
    }
    return known_titles(tuple(sorted(named)))


def _rank(
    item: BankItem, spec: InterviewSpec, chosen: Sequence[BankItem], seen: Collection[str]
) -> tuple[object, ...]:
    competencies = Counter(other["competency"] for other in chosen)
    foreign = item["language"] != spec["language"]
    return (
        foreign and spec["interview_type"] not in TRADE,
        item["id"] in seen,
        _kind_distance(item, spec, chosen),
        foreign,
        item["position"] == GENERAL and item["question_type"] in {"technical", "system_design"},
        abs(ORDER.index(item["difficulty"]) - ORDER.index(spec["difficulty"])),
        competencies[item["competency"]],
        hashlib.sha256(f"{spec['seed']}:{item['id']}".encode()).hexdigest(),
    )


def _kind_distance(item: BankItem, spec: InterviewSpec, chosen: Sequence[BankItem]) -> int:
    """Return 0 for the kind asked for; in a mixed interview the kinds take turns."""
    kind = item["question_type"]
    if spec["interview_type"] != "mixed":
        return int(kind != spec["interview_type"])
    used = Counter(other["question_type"] for other in chosen)
    return used[kind] * len(MIXED) + (MIXED.index(kind) - len(chosen)) % len(MIXED)


def _planned(number: int, item: BankItem, spec: InterviewSpec) -> PlannedQuestion:
    planned = planned_from_bank(number, item)
    if item["adaptable"]:
        planned["text"] = item["text"].replace("{position}", spec["position"].strip())
    return planned


def planned_from_bank(number: int, item: BankItem) -> PlannedQuestion:
    """Return a question of the bank as one of an interview, with all of its content."""
    content = {name: value for name, value in item.items() if name not in BANK_ONLY}
    return cast("PlannedQuestion", {"number": number, "bank_id": item["id"], **content})
