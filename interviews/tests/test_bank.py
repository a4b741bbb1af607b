"""The shipped question bank, and the lint that keeps it good."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from ai.planning import plan_questions
from ai.testing import make_spec
from interviews import bank_lint
from interviews.bank_files import BankError, BankFile, read_bank, read_files
from interviews.bank_lint import Located, located
from interviews.models import BankQuestion
from interviews.services.engine import bank_for

FIVE = {level: f"Bakes at level {level}." for level in range(1, 6)}
THREE = {level: FIVE[level] for level in (1, 3, 5)}
CLOSED = {"text": "A point.", "paraphrases": ["a thing"], "follow_up": "Tell me."}


@pytest.fixture(scope="module")
def files() -> dict[str, BankFile]:
    return read_files()


def make_question(**changes: Any) -> dict[str, Any]:
    """Return a question that no rule finds fault with."""
    points = [
        ("Bread dough needs time to rise.", "you have to wait until it has grown"),
        ("Salt gives the loaf its taste.", "without salt it is dull"),
        ("A hot oven makes the crust crisp.", "great heat makes the outside crunchy"),
        ("Steam keeps the surface soft at first.", "water in the oven helps in the beginning"),
    ]
    return {
        "id": "baker-loaf",
        "type": "technical",
        "difficulty": "easy",
        "competency": "Baking",
        "text": "How do you bake a good loaf?",
        "reference_answer": (
            "I mix flour, water, yeast and salt, because salt gives the loaf its taste, and I do it by weight and not "
            "by cup. Then I leave it alone, since bread dough needs time to rise, at least two hours in a warm room. "
            "I heat the stones well before that, as a hot oven makes the crust crisp. I pour some water into a tray, "
            "and the steam keeps the surface soft at first, so that it can grow without tearing."
        ),
        "sources": [{"title": "How dough rises", "url": "https://bread.example/dough"}],
        "key_points": [
            {"text": text, "paraphrases": [other], "follow_up": "What else do you do?"}
            for text, other in points
        ],
        "anchors": FIVE,
        **changes,
    }


def make_points(essential: int) -> list[dict[str, Any]]:
    """Return the points of the good question, the first few of them essential."""
    points = make_question()["key_points"]
    return [{**point, "essential": at < essential} for at, point in enumerate(points)]


def make_file(*questions: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "position": "baker",
        "title": "Baker",
        "language": "en",
        "questions": list(questions) or [make_question()],
        **changes,
    }


def make_located(**changes: Any) -> list[Located]:
    file = BankFile.model_validate(make_file(make_question(**changes)))
    return located({"baker.yaml": file})


def write(folder: Path, file: dict[str, Any], name: str = "baker.yaml") -> Path:
    (folder / name).write_text(yaml.safe_dump(file), encoding="utf-8")
    return folder


def test_the_bank_has_nothing_to_be_mended(files: dict[str, BankFile]) -> None:
    assert bank_lint.lint(files) == []


def test_the_bank_is_large_enough(files: dict[str, BankFile]) -> None:
    questions = located(files)
    positions = {question.file.position for question in questions} - {"general"}
    languages = Counter(question.file.language for question in questions)

    assert len(read_bank()) == len(questions) >= 400
    assert len(positions) >= 16
    assert languages["en"] >= 350
    assert min(languages[language] for language in ("de", "es", "fr")) >= 20
    assert all(len(file.questions) >= 9 for file in files.values())


@pytest.mark.django_db
def test_a_plan_from_a_part_of_the_bank_is_the_one_from_all_of_it() -> None:
    call_command("load_bank", verbosity=0)

    for title in (
        "Backend developer",
        "Night-shift nurse",
        "Somebody who sells things",
        "Astronaut",
    ):
        spec = make_spec(position=title, interview_type="mixed", language="de", num_questions=9)
        whole = BankQuestion.objects.active().filter(language__in=["de", "en"]).as_items()
        part = bank_for(title, "de")
        assert plan_questions(spec, bank=part) == plan_questions(spec, bank=whole)
        assert len(part) * 3 < len(whole)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"difficulty": "fiendish"}, "difficulty"),
        ({"text": "Hi {position}?"}, "adaptable"),
        ({"anchors": {1: "Bad.", 5: "Good."}}, "anchors"),
        ({"colour": "blue"}, "colour"),
        ({"key_points": [CLOSED] * 3}, "key_points: Key point k1, follow_up"),
        ({"key_points": "none"}, "key_points"),
        ({"key_points": None}, "key_points"),
        ({"key_points": ["a point"] * 3}, "key_points"),
        ({"key_points": make_question()["key_points"][:2]}, "key_points: Give 3 to 7"),
        ({"anchors": ["Bad."]}, "anchors"),
        ({"sources": [{"title": "A book", "url": "on my shelf"}]}, "sources: "),
        ({"sources": [{"title": "A book", "url": "on my shelf"}]}, "1 url"),
        ({"reference_answer": "Short."}, "reference_answer"),
        ({"reference_answer": ""}, "reference_answer"),
        ({"time_limit_seconds": 5}, "time_limit_seconds"),
        ({"type": "riddle"}, "type: "),
    ],
)
def test_an_error_names_file_question_and_field(
    tmp_path: Path, changes: dict[str, Any], field: str
) -> None:
    write(tmp_path, make_file(make_question(**changes)))

    with pytest.raises(BankError) as caught:
        read_bank(tmp_path)

    assert "baker.yaml, question baker-loaf" in str(caught.value)
    assert field in str(caught.value)


def test_an_error_outside_the_questions_names_the_field(tmp_path: Path) -> None:
    write(tmp_path, make_file(language="tlh"))

    with pytest.raises(BankError, match=r"baker\.yaml, language: "):
        read_bank(tmp_path)


def test_an_unnamed_question_is_named_by_its_number(tmp_path: Path) -> None:
    write(tmp_path, make_file(make_question(), {"type": "technical"}))

    with pytest.raises(BankError, match=r"baker\.yaml, question 2, id: "):
        read_bank(tmp_path)


def test_broken_yaml_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "baker.yaml").write_text("questions: [", encoding="utf-8")

    with pytest.raises(BankError, match=r"baker\.yaml"):
        read_bank(tmp_path)


def test_an_id_used_twice_is_refused(tmp_path: Path) -> None:
    write(tmp_path, make_file())
    write(tmp_path, make_file(), "baker_again.yaml")

    with pytest.raises(BankError, match="used twice: baker-loaf"):
        read_bank(tmp_path)


Rule = Callable[[list[Located]], Iterable[str]]


@pytest.mark.parametrize(
    "rule",
    [
        bank_lint.in_themselves,
        bank_lint.misnamed,
        bank_lint.near_duplicates,
        bank_lint.unsourced,
        bank_lint.essentials,
    ],
)
def test_a_good_question_passes(rule: Rule) -> None:
    assert list(rule(make_located())) == []


@pytest.mark.parametrize(
    ("rule", "changes", "finding"),
    [
        (bank_lint.in_themselves, {"anchors": THREE}, "anchors are lacking"),
        (bank_lint.misnamed, {"id": "cook-loaf"}, "rename it to baker-"),
        (bank_lint.unsourced, {"sources": []}, "no source"),
        (bank_lint.unsourced, {"sources": [], "type": "system_design"}, "no source"),
        (bank_lint.essentials, {"key_points": make_points(4)}, "4 essential key points"),
    ],
)
def test_a_bad_question_is_named(rule: Rule, changes: dict[str, Any], finding: str) -> None:
    found = list(rule(make_located(**changes)))

    assert len(found) == 1
    assert finding in found[0]
    assert found[0].startswith(f"baker.yaml, {changes.get('id', 'baker-loaf')}")


def test_stories_need_no_source() -> None:
    assert list(bank_lint.unsourced(make_located(type="behavioral", sources=[]))) == []


def test_near_duplicates_are_named_within_a_language_only() -> None:
    (one,) = make_located()
    (other,) = make_located(id="baker-bread", text="How do you bake a really good loaf?")
    german = BankFile.model_validate(make_file(make_question(id="baker-loaf-de"), language="de"))

    (found,) = bank_lint.near_duplicates([one, other, *located({"baker_de.yaml": german})])

    assert found.startswith("baker.yaml, baker-loaf")
    assert "baker-bread" in found


def test_essential_points_are_asked_for_only_in_files_that_mark_any() -> None:
    marked, unmarked = make_question(key_points=make_points(1)), make_question(id="baker-bread")
    half = BankFile.model_validate(make_file(marked, unmarked))
    none = BankFile.model_validate(make_file(unmarked))

    (found,) = bank_lint.essentials(located({"half.yaml": half, "none.yaml": none}))

    assert found.startswith("half.yaml, baker-bread: 0 essential key points")


def test_missing_difficulties_and_few_competencies_are_named() -> None:
    found = list(bank_lint.gaps(make_located()))

    assert found == [
        "baker (en): no medium technical question; write one.",
        "baker (en): no hard technical question; write one.",
        "baker (en): 1 competencies; spread it over 5 or more.",
    ]


def test_a_title_of_two_positions_is_named() -> None:
    baker = BankFile.model_validate(make_file(aliases=["dough artist"]))
    cook = BankFile.model_validate(make_file(position="cook", title="Dough artist"))

    (found,) = bank_lint.shared_names({"baker.yaml": baker, "cook.yaml": cook})

    assert found == "The title “dough artist” is in baker and cook; keep it in one."


def test_check_bank_counts_and_is_content_with_the_shipped_bank() -> None:
    out = StringIO()

    call_command("check_bank", stdout=out)

    assert "nurse (en)" in out.getvalue()
    assert "Nothing to be mended." in out.getvalue()


def test_check_bank_fails_where_something_is_to_be_mended(tmp_path: Path) -> None:
    out = StringIO()
    folder = write(tmp_path, make_file())

    with pytest.raises(CommandError, match="3 to be mended"):
        call_command("check_bank", "--folder", str(folder), stdout=out)

    assert "- baker (en): no hard technical question; write one." in out.getvalue()


def test_check_bank_fails_on_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    folder = write(tmp_path, make_file(language="tlh"))

    with pytest.raises(CommandError, match=r"baker\.yaml, language"):
        call_command("check_bank", "--folder", str(folder))
