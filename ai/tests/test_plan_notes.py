"""What is said of a plan before an interview begins."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai.plan_notes import plan_notes
from ai.planning import plan_questions
from ai.providers.embedded import EmbeddedModel
from ai.schemas import BankItem, Difficulty, PlanNote, QuestionType
from ai.service import AIService
from ai.testing import StubModel, make_planned_question, make_spec
from ai.tests.test_planning import make_bank, make_item


def notes(bank: list[BankItem], **changes: Any) -> list[PlanNote]:
    spec = make_spec(**changes)
    return plan_notes(spec, plan_questions(spec, bank=bank), bank=bank)


def told(bank: list[BankItem], **changes: Any) -> dict[str, str]:
    return {note["code"]: note["text"] for note in notes(bank, **changes)}


def test_a_plan_that_keeps_everything_has_no_notes() -> None:
    assert notes(make_bank(), position="Senior software engineer (m/f/d)") == []


def test_an_unknown_job_is_told_with_the_nearest_positions() -> None:
    (note,) = notes(make_bank(), position="Dental nurse")

    assert note == {
        "code": "unknown_position",
        "text": "No questions for this job: these are general ones.",
        "positions": ["Nurse", "Software engineer"],
    }


def test_another_name_of_a_position_is_told_with_the_position() -> None:
    found = told(make_bank(), position="Backend developer, Berlin")

    assert found == {"near_position": "This job is taken as “Software engineer”."}


def test_a_position_without_questions_of_the_kind_gets_general_ones() -> None:
    bank = [
        make_item("own"),
        *(make_item(f"g{n}", "general", question_type="behavioral") for n in (1, 2)),
    ]

    found = told(bank, interview_type="behavioral")

    assert list(found) == ["general_questions"]


@pytest.mark.parametrize(
    ("wanted", "there", "text"),
    [
        ("hard", ["hard", "hard", "medium"], "1 of 3 questions is medium instead of hard."),
        ("hard", ["hard", "medium", "medium"], "2 of 3 questions are medium instead of hard."),
        ("hard", ["easy", "medium", "medium"], "All questions are medium or easy instead of hard."),
        ("easy", ["hard"], "The question is hard instead of easy."),
        ("medium", ["easy", "medium"], "1 of 2 questions is easier or harder than medium."),
    ],
)
def test_another_difficulty_is_told(wanted: str, there: list[str], text: str) -> None:
    bank = [make_item(str(n), difficulty=level) for n, level in enumerate(there)]

    assert told(bank, difficulty=wanted, num_questions=len(there)) == {"other_difficulty": text}


def test_another_kind_is_told_but_not_of_a_mixed_interview() -> None:
    bank = [make_item("a", question_type="behavioral"), make_item("b")]

    assert told(bank, interview_type="system_design") == {
        "other_kind": "All questions are of another kind than system design."
    }
    assert told(bank, interview_type="mixed") == {}


def test_english_questions_in_another_language_are_told() -> None:
    bank = [make_item("a", language="de"), make_item("b"), make_item("c")]

    assert told(bank, language="de", num_questions=3) == {
        "other_language": "2 of 3 questions are in English: there are too few in German."
    }


def test_questions_that_a_model_wrote_are_for_the_job() -> None:
    spec = make_spec(position="Circus clown", num_questions=1, language="de")

    assert plan_notes(spec, [make_planned_question()], bank=make_bank()) == []


def test_a_question_that_was_rewritten_by_hand_counts_as_written_for_the_interview() -> None:
    bank = [make_item("a", "general"), make_item("b", "general")]
    spec = make_spec(position="Circus clown", num_questions=2, language="de")
    plan = plan_questions(spec, bank=bank)
    as_planned = [note["code"] for note in plan_notes(spec, plan, bank=bank)]

    plan[0]["text"] = "Wie bringen Sie ein Kind zum Lachen?"
    (_unknown, language) = plan_notes(spec, plan, bank=bank)
    plan[1]["text"] = "Was tun Sie, wenn niemand lacht?"

    assert as_planned == ["unknown_position", "other_language"]
    assert language["text"].startswith("1 of 2 questions is in English")
    assert plan_notes(spec, plan, bank=bank) == []


@pytest.mark.parametrize(
    ("text", "is_the_banks"),
    [
        ("Imagine that as a Circus clown you\n have an idea.", True),
        ("Imagine that as a  you have an idea.", False),
        ("Imagine that as a Circus clown you have no idea.", False),
    ],
)
def test_an_adapted_question_is_the_banks_with_any_job_in_it(text: str, is_the_banks: bool) -> None:
    item = make_item(
        "a", "general", adaptable=True, text="Imagine that as a {position} you have an idea."
    )
    spec = make_spec(position="Lion tamer", num_questions=1)
    (question,) = plan_questions(spec, bank=[item])

    question["text"] = text

    assert bool(plan_notes(spec, [question], bank=[item])) is is_the_banks


def test_a_kind_that_was_written_by_hand_is_not_called_general() -> None:
    bank = [make_item("own"), make_item("g", "general", question_type="behavioral")]
    spec = make_spec(interview_type="behavioral", num_questions=1)
    plan = plan_questions(spec, bank=bank)
    as_planned = [note["code"] for note in plan_notes(spec, plan, bank=bank)]

    plan.append({**plan[0], "bank_id": "own"})
    plan[0]["text"] = "Tell me about a build of yours that broke."

    assert as_planned == ["general_questions"]
    assert "general_questions" not in {n["code"] for n in plan_notes(spec, plan, bank=bank)}


def test_the_embedded_engine_says_which_answers_it_does_not_rate() -> None:
    service = AIService(EmbeddedModel())
    practice = service.plan_notes(make_spec(language="fr"), bank=make_bank())
    (screening,) = service.language_notes(make_spec(language="es", mode="screening"))

    assert practice[-1]["code"] == "not_rated"
    assert practice[-1]["text"].startswith("Answers in French are kept, but not rated here.")
    assert screening["text"].endswith("A person reads them.")
    assert service.language_notes(make_spec()) == []
    assert AIService(StubModel()).language_notes(make_spec(language="fr")) == []


def test_a_bank_that_is_too_small_is_told_before_the_start() -> None:
    (note,) = AIService(StubModel()).plan_notes(make_spec(), bank=[])

    assert note["code"] == "too_few_questions"
    assert "holds 0 questions" in note["text"]


def test_nothing_is_known_of_questions_that_a_model_will_write() -> None:
    class Writer(StubModel):
        writes_questions = True

    model = Writer()

    assert AIService(model).plan_notes(make_spec(position="Clown"), bank=make_bank()) == []
    assert model.calls == []


@settings(max_examples=20, deadline=None)
@given(
    wanted=st.fixed_dictionaries(
        {
            "interview_type": st.sampled_from([*get_args(QuestionType), "mixed"]),
            "difficulty": st.sampled_from(get_args(Difficulty)),
            "language": st.sampled_from(["en", "de"]),
            "num_questions": st.integers(1, 8),
        }
    ),
    seed=st.text(max_size=4),
    some=st.sets(st.integers(0, 107), min_size=60),
)
def test_the_notes_of_a_plan_do_not_hang_on_its_seed(
    wanted: dict[str, Any], seed: str, some: set[int]
) -> None:
    bank = [item for at, item in enumerate(make_bank()) if at in some]
    for at, item in enumerate(bank):
        item["language"] = "de" if at % 3 else "en"
    language = wanted["language"]
    reachable = [i for i in bank if i["position"] != "nurse" and i["language"] in {language, "en"}]

    if len(reachable) >= wanted["num_questions"]:
        assert notes(bank, **wanted, seed=seed) == notes(bank, **wanted, seed="another")
