"""The planner: what it prefers, and what it never does."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai.errors import BankTooSmall
from ai.planning import match_position, plan_questions
from ai.schemas import BankItem, Difficulty, InterviewSpec, PlannedQuestion, QuestionType
from ai.testing import make_key_point, make_spec

NAMES = {
    "software_engineer": ["Software engineer", "backend developer", "programmer"],
    "nurse": ["Nurse", "registered nurse", "care assistant"],
    "general": [],
}
COMPETENCIES = ["Alpha", "Beta", "Gamma"]


def make_item(item_id: str, position: str = "software_engineer", **changes: object) -> BankItem:
    item: BankItem = {
        "id": item_id,
        "position": position,
        "position_names": NAMES[position],
        "question_type": "technical",
        "difficulty": "medium",
        "language": "en",
        "competency": "Alpha",
        "text": f"Question {item_id}?",
        "adaptable": False,
        "reference_answer": "Something.",
        "key_points": [make_key_point(1)],
        "anchors": {"1": "Nothing", "3": "Some", "5": "All"},
        "terms": [],
        "time_limit_seconds": 120,
    }
    item.update(changes)  # type: ignore[typeddict-item]
    return item


def make_bank() -> list[BankItem]:
    """Return every position, kind and difficulty in three competencies."""
    return [
        make_item(
            f"{position}-{kind}-{level}-{competency}",
            position,
            question_type=kind,
            difficulty=level,
            competency=competency,
        )
        for position in NAMES
        for kind in get_args(QuestionType)
        for level in get_args(Difficulty)
        for competency in COMPETENCIES
    ]


def ids(plan: list[PlannedQuestion]) -> list[str]:
    return [question["bank_id"] for question in plan]


@pytest.mark.parametrize(
    ("title", "position"),
    [
        ("Senior Backend Developer", "software_engineer"),
        ("software engineer (m/f/d)", "software_engineer"),
        ("Registered Nurse, night shift", "nurse"),
        ("Senior backend dev", "software_engineer"),
        ("Backend development", "software_engineer"),
        ("Back end developer, Java", "software_engineer"),
        ("Developer, backend", "software_engineer"),
        ("Sofware enginer", "software_engineer"),
        ("Head of nurses", ""),
        ("Nurse recruiter", ""),
        ("Nursery gardener", ""),
        ("Civil engineer", ""),
        ("Software sales", ""),
        ("Nurses", "nurse"),
        ("Accountant", ""),
        ("Circus clown", ""),
        ("", ""),
    ],
)
def test_a_job_title_finds_its_position(title: str, position: str) -> None:
    assert match_position(title, make_bank()) == position


def test_questions_are_of_the_position_kind_and_difficulty_asked_for() -> None:
    spec = make_spec(
        position="Nurse", interview_type="technical", difficulty="hard", num_questions=3
    )

    plan = plan_questions(spec, bank=make_bank())

    assert {question["question_type"] for question in plan} == {"technical"}
    assert {question["difficulty"] for question in plan} == {"hard"}
    assert all(bank_id.startswith("nurse-") for bank_id in ids(plan))


def test_neighbouring_difficulties_fill_up_before_far_ones() -> None:
    bank = [make_item(level, difficulty=level) for level in ("easy", "medium", "hard")]

    plan = plan_questions(make_spec(difficulty="easy", num_questions=2), bank=bank)

    assert ids(plan) == ["easy", "medium"]


def test_competencies_are_spread() -> None:
    plan = plan_questions(make_spec(num_questions=3), bank=make_bank())

    assert {question["competency"] for question in plan} == set(COMPETENCIES)


def test_a_mixed_interview_takes_the_kinds_in_turn() -> None:
    plan = plan_questions(make_spec(interview_type="mixed", num_questions=8), bank=make_bank())

    kinds = [question["question_type"] for question in plan]
    assert sorted(kinds[:4]) == sorted(get_args(QuestionType)) == sorted(kinds[4:])


def test_a_mixed_interview_uses_the_kinds_that_exist() -> None:
    bank = [make_item(str(n), question_type="behavioral") for n in range(3)]

    assert len(plan_questions(make_spec(interview_type="mixed", num_questions=3), bank=bank)) == 3


def test_general_questions_fit_an_unknown_position() -> None:
    spec = make_spec(position="Circus clown", interview_type="behavioral", num_questions=3)

    assert all(
        bank_id.startswith("general-") for bank_id in ids(plan_questions(spec, bank=make_bank()))
    )


def test_another_position_is_never_in_reach() -> None:
    bank = [make_item("own"), make_item("other", "nurse")]

    with pytest.raises(BankTooSmall, match=r"holds 1 questions .* 2 are asked for"):
        plan_questions(make_spec(num_questions=2), bank=bank)


def test_an_empty_bank_says_so() -> None:
    with pytest.raises(BankTooSmall, match="holds 0 questions"):
        plan_questions(make_spec(), bank=[])


def test_seen_questions_return_only_when_the_others_are_used_up() -> None:
    bank = [make_item(str(n)) for n in range(4)]

    plan = plan_questions(make_spec(num_questions=3), bank=bank, seen={"0", "1"})

    assert set(ids(plan)[:2]) == {"2", "3"}
    assert ids(plan)[2] in {"0", "1"}


def test_the_language_asked_for_comes_first_and_english_fills_up() -> None:
    bank = [make_item("de", language="de"), make_item("en"), make_item("fr", language="fr")]

    plan = plan_questions(make_spec(language="de", num_questions=2), bank=bank)

    assert ids(plan) == ["de", "en"]


def test_where_the_trade_is_asked_about_the_kind_comes_before_the_language() -> None:
    bank = [
        make_item("story", question_type="behavioral", language="de"),
        make_item("trade", question_type="technical"),
    ]

    plan = plan_questions(make_spec(language="de", num_questions=1), bank=bank)

    assert ids(plan) == ["trade"]


def test_english_is_used_where_the_language_has_no_questions() -> None:
    plan = plan_questions(make_spec(language="es", num_questions=2), bank=make_bank())

    assert len(plan) == 2


def test_the_position_goes_into_adaptable_texts_only() -> None:
    text = "Why {position}?"
    bank = [make_item("a", text=text, adaptable=True), make_item("b", text=text)]

    plan = plan_questions(make_spec(position=" Programmer "), bank=bank)

    texts = {question["bank_id"]: question["text"] for question in plan}
    assert texts == {"a": "Why Programmer?", "b": text}


def test_questions_are_numbered_and_carry_what_a_rater_needs() -> None:
    plan = plan_questions(make_spec(), bank=make_bank())

    assert [question["number"] for question in plan] == [1, 2]
    assert all(question["key_points"] and question["anchors"]["5"] for question in plan)


def test_another_seed_gives_another_plan() -> None:
    plans = {
        tuple(ids(plan_questions(make_spec(seed=str(n), num_questions=6), bank=make_bank())))
        for n in range(5)
    }

    assert len(plans) > 1


SPECS = st.builds(
    make_spec,
    num_questions=st.integers(1, 20),
    interview_type=st.sampled_from([*get_args(QuestionType), "mixed"]),
    difficulty=st.sampled_from(get_args(Difficulty)),
    seed=st.text(max_size=5),
)


@settings(max_examples=60, deadline=None)
@given(
    spec=SPECS,
    seen=st.sets(st.sampled_from([item["id"] for item in make_bank()])),
    order=st.permutations(make_bank()),
)
def test_a_plan_is_full_without_repeats_and_depends_on_its_inputs_alone(
    spec: InterviewSpec, seen: set[str], order: list[BankItem]
) -> None:
    reachable = [item["id"] for item in make_bank() if item["position"] != "nurse"]

    plan = ids(plan_questions(spec, bank=make_bank(), seen=seen))

    assert len(set(plan)) == spec["num_questions"]
    assert plan == ids(plan_questions(spec, bank=order, seen=seen))
    fresh = [item_id for item_id in reachable if item_id not in seen]
    assert len(set(plan) & seen) == max(0, spec["num_questions"] - len(fresh))
