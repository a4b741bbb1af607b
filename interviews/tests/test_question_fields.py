"""A question's fields stand in one place, and every place that handles questions takes them from there."""

from __future__ import annotations

import csv
import io
import typing
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import models
from django.forms import modelform_factory
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.testing import PASSWORD, make_user
from ai.planning import planned_from_bank
from ai.schemas import QuestionContent
from interviews import services
from interviews.admin.bank_resource import BankQuestionResource
from interviews.admin.interview import QuestionInline
from interviews.bank_files import BankFile, field_names
from interviews.bank_lint import located
from interviews.models import BankQuestion, Question
from interviews.models.bank import ROW_ONLY
from interviews.models.content import QuestionFields, content_fields
from interviews.services.setting_up import question_values
from interviews.testing import make_interview
from interviews.tests.test_bank import make_file, make_question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]
CONTENT = set(content_fields())


def test_the_shared_fields_are_known() -> None:
    assert {"text", "key_points", "anchors", "terms", "time_limit_seconds"} <= CONTENT
    assert all(isinstance(QuestionFields._meta.get_field(n), models.Field) for n in CONTENT)


def test_ai_reads_only_fields_that_a_question_has() -> None:
    assert set(typing.get_type_hints(QuestionContent)) <= CONTENT


@pytest.mark.parametrize("model", [BankQuestion, Question])
def test_both_kinds_of_question_are_made_of_them(model: type[models.Model]) -> None:
    own = {field.name for field in vars(model)["_meta"].local_concrete_fields}

    assert own >= CONTENT
    assert issubclass(model, QuestionFields)


def test_bank_files_know_them() -> None:
    assert set(field_names().values()) >= CONTENT


def test_the_lint_reads_whole_questions() -> None:
    (found,) = located({"baker.yaml": BankFile.model_validate(make_file(make_question()))})

    assert isinstance(found.entry, BankQuestion)


def test_the_planner_and_the_interview_carry_them_over() -> None:
    bank = BankQuestion.objects.get(slug="bank-1")
    (bank.terms, bank.time_limit_seconds, bank.reference_answer) = (["lactate"], 77, "The same.")

    item = bank.as_item()
    planned = planned_from_bank(1, item)
    kept = Question(**{"bank_slug": planned.pop("bank_id"), **planned})  # type: ignore[misc]

    assert item.keys() >= CONTENT
    assert planned.keys() >= CONTENT
    assert kept.content() == bank.content()
    assert kept.as_planned() == planned_from_bank(1, item)


def test_a_new_version_copies_them_and_the_hash_covers_them() -> None:
    question = make_interview(make_user(staff=True), mode="screening").questions.all()[0]

    assert question_values(question).keys() >= CONTENT


def test_changing_any_of_them_changes_the_hash() -> None:
    staff = make_user(staff=True)
    changes = {name: _other_value(name) for name in CONTENT}
    hashes = {_hash_with(staff, {}), *(_hash_with(staff, {n: v}) for n, v in changes.items())}

    assert len(hashes) == len(CONTENT) + 1


def _other_value(name: str) -> Any:
    chosen = {"question_type": "behavioral", "difficulty": "hard", "time_limit_seconds": 99}
    field = QuestionFields._meta.get_field(name)
    return chosen.get(name) or (["x"] if isinstance(field, models.JSONField) else "Another text")


def _hash_with(staff: User, change: dict[str, Any]) -> str:
    interview = make_interview(staff, mode="screening", num_questions=1)
    interview.questions.update(
        **{"bank_slug": "", **BankQuestion.objects.get(slug="bank-0").content(), **change}
    )
    return services.publish_interview(interview=interview, actor=staff).content_hash


@pytest.mark.parametrize("model", [BankQuestion, QuestionInline.model])
def test_the_admin_shows_them(model: type[models.Model]) -> None:
    form = modelform_factory(model, fields="__all__")

    assert set(form.base_fields) >= CONTENT


def test_import_and_export_know_them() -> None:
    assert set(BankQuestionResource().fields) >= CONTENT


def test_the_exported_file_has_a_column_for_each() -> None:
    root = User.objects.create_superuser("root@example.org", PASSWORD, full_name="Root")
    client = Client()
    client.force_login(root)
    names = [f.name for f in BankQuestion._meta.concrete_fields if f.name not in {"id", "is_own"}]
    chosen = {f"bankquestionresource_{name}": "on" for name in names}

    reply = client.post(
        reverse("admin:interviews_bankquestion_export"), {"format": "0", "resource": "", **chosen}
    )

    assert set(next(csv.reader(io.StringIO(reply.content.decode())))) >= CONTENT


def test_loading_the_bank_brings_every_field_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    before = BankFile.model_validate(make_file(make_question(terms=["crumb"]))).bank_questions()
    after = BankFile.model_validate(
        make_file(make_question(terms=["crust"], time_limit_seconds=240, text="How is it baked?"))
    ).bank_questions()

    for questions in (before, after):
        monkeypatch.setattr(
            "interviews.management.commands.load_bank.read_bank", lambda q=questions: q
        )
        call_command("load_bank", stdout=io.StringIO())

    stored = BankQuestion.objects.get(slug="baker-loaf")
    assert stored.content() == after[0].content()
    assert stored.is_active


def test_nothing_lists_the_fields_by_hand() -> None:
    """Outside their definition and `ai`'s types nobody names the less used fields one after the other."""
    root = Path(services.__file__).parents[1]
    listing = [
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if not {"tests", "migrations"} & set(path.parts)
        and path.name != "testing.py"
        and sum(f'"{name}"' in path.read_text(encoding="utf-8") for name in CONTENT)
        >= len(CONTENT) - 2
    ]

    assert listing == []
    assert ROW_ONLY.isdisjoint(CONTENT)
