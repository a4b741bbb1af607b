"""Questions as rows of a file, and what is said of each row before it is imported."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from import_export.instance_loaders import CachedInstanceLoader
from import_export.resources import ModelResource
from import_export.results import Error, Result, RowResult
from import_export.widgets import JSONWidget

from interviews.models import BankQuestion
from interviews.models.bank import ROW_ONLY
from interviews.question_checks import findings

BATCH, MOST_ROWS = 500, 20_000
ROWS_ON_A_PAGE = 50
EXCERPT = 120


class WrongFile(ValueError):
    """A file as a whole cannot be imported; the text is for the person who chose it."""


class PartsWidget(JSONWidget):  # type: ignore[misc]
    """A JSON part: text in a spreadsheet, itself in a nested file."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value.strip() else None
        except (ValueError, RecursionError) as error:
            raise ValueError(_("This is not JSON: %(why)s.") % {"why": error}) from error

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        is_native = kwargs.get("force_native_type")
        return value if is_native else json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Preview:
    """One row of a file as it would be imported: what becomes of its question, what of it changes, and what to mend."""

    kind: str
    slug: str
    text: str
    changed: list[str]
    findings: list[str]


class BankRow(RowResult):  # type: ignore[misc]
    """The result of a row, with what is shown of it."""

    preview: Preview


class NoDiff:
    """No differences letter by letter: a page of them is made of `Preview`s."""

    def __init__(self, *_args: Any) -> None: ...

    def compare_with(self, *_args: Any) -> None: ...


class BankQuestionResource(ModelResource):  # type: ignore[misc]
    """Questions as rows of a file; the slug tells which question a row is. Every field of a question is a column."""

    WIDGETS_MAP = {**ModelResource.WIDGETS_MAP, "JSONField": PartsWidget}

    class Meta:
        model = BankQuestion
        import_id_fields = ("slug",)
        exclude = tuple(ROW_ONLY - {"is_active"})
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        skip_html_diff = True
        store_instance = True
        use_bulk = True
        batch_size = BATCH
        instance_loader_class = CachedInstanceLoader

    keeps_rows = False

    @classmethod
    def get_diff_class(cls) -> type[NoDiff]:
        return NoDiff

    @classmethod
    def get_row_result_class(cls) -> type[BankRow]:
        return BankRow

    def import_data(self, dataset: tablib.Dataset, dry_run: bool = False, **kwargs: Any) -> Result:
        """Check all rows, and then write them unless `dry_run`: the database is held only while rows are written."""
        if fault := self._columns_fault(dataset):
            return refused(fault)
        self.keeps_rows = not dry_run
        kwargs |= {"dry_run": True, "raise_errors": False}
        result = self.import_data_inner(
            dataset, using_transactions=False, collect_failed_rows=False, **kwargs
        )
        if dry_run or result.has_errors() or result.has_validation_errors():
            return result
        return result if self._write() else refused(_("The bank has changed meanwhile."))

    def _write(self) -> bool:
        """Write what was checked, whole or not at all; False if somebody else was first."""
        names = [field.attribute for field in self.get_import_fields()]
        try:
            with transaction.atomic():
                BankQuestion.objects.bulk_create(self.create_instances, BATCH)
                changed = [*(name for name in names if name != "slug"), "is_own"]
                BankQuestion.objects.bulk_update(self.update_instances, changed, BATCH)
        except IntegrityError:
            return False
        return True

    def bulk_create(self, *_args: Any, **_kwargs: Any) -> None:
        """Leave it to `_write`."""

    bulk_update = bulk_create

    def _columns_fault(self, dataset: tablib.Dataset) -> str:
        """Say which columns no question has, or which slugs are there twice; or nothing."""
        names = list(dataset.headers or [])
        known = [field.column_name for field in self.get_import_fields()]
        unknown = [str(name) or _("(without a name)") for name in names if name not in known]
        if unknown or "slug" not in names:
            odd = ", ".join(unknown) or _("none is “slug”")
            told = _("The columns do not fit: %(odd)s. Use %(known)s.")
            return told % {"odd": odd, "known": ", ".join(known)}
        if len(dataset) > MOST_ROWS:
            return _("A file has at most %(most)s questions.") % {"most": MOST_ROWS}
        count = Counter(map(str, dataset["slug"]))
        twice = sorted(slug for slug, number in count.items() if slug and number > 1)
        told = _("These slugs are there twice: %(slugs)s.") % {"slugs": ", ".join(twice[:10])}
        return told if twice else ""

    def import_field(
        self, field: Any, instance: BankQuestion, row: Any, *more: Any, **kw: Any
    ) -> None:
        """Read one cell. Raises `ValueError`, whatever the library raises: so the column is named."""
        try:
            super().import_field(field, instance, row, *more, **kw)
        except (ArithmeticError, TypeError, AttributeError) as error:
            raise ValueError(_("This value cannot be read.")) from error

    def validate_instance(
        self, instance: BankQuestion, import_validation_errors: Any = None, **_options: Any
    ) -> None:
        """Check a row as the form would, and mark it as our own: loading the shipped bank leaves it alone.

        Constraints and uniqueness cost five queries a row; choices, limits and `before_import` say the same.
        """
        errors = dict(import_validation_errors or {})
        try:
            instance.full_clean(errors.keys(), validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)
        instance.is_own = True

    def after_import_row(self, row: Any, row_result: BankRow, **kwargs: Any) -> None:
        """Note what is shown of the row; 5,000 of them stay small."""
        original, row_result.original = row_result.original, None
        row_result.preview = Preview(
            kind=row_result.import_type,
            slug=str(row.get("slug", "")),
            text=str(row.get("text", ""))[:EXCERPT],
            changed=self._changed(original, row_result.instance),
            findings=self._findings(row_result.instance, kwargs.get("row_number", 1)),
        )
        if not self.keeps_rows:
            row_result.instance = None

    def _changed(self, original: BankQuestion | None, instance: BankQuestion | None) -> list[str]:
        if original is None or instance is None:
            return []
        names = [field.attribute for field in self.get_import_fields()]
        return [name for name in names if getattr(original, name) != getattr(instance, name)]

    def _findings(self, instance: BankQuestion | None, number: int) -> list[str]:
        """Return what to mend in a question on the page that is shown: a check of every row would take seconds."""
        if instance is None or self.keeps_rows or number > ROWS_ON_A_PAGE:
            return []
        return list(findings(instance, instance.language))


def refused(why: str) -> Result:
    """Return the result of a file of which no row is looked at."""
    result = Result()
    result.append_base_error(Error(WrongFile(why)))
    return result
