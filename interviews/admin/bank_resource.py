"""Questions as rows of a file, and what is said of each row before it is imported."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.instance_loaders import CachedInstanceLoader
from import_export.resources import ModelResource
from import_export.results import Error, Result, RowResult
from import_export.widgets import JSONWidget

from interviews.models import BankQuestion
from interviews.models.bank import ROW_ONLY

BATCH, MOST_ROWS = 500, 20_000
EXCERPT = 120


class WrongColumns(ValueError):
    """The file's columns are not those of questions; the text is for the person who chose it."""


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
    """One row of a file as it would be imported: what becomes of its question, and what of it changes."""

    kind: str
    slug: str
    text: str
    changed: list[str]


class BankRow(RowResult):  # type: ignore[misc]
    """The result of a row, with what is shown of it."""

    preview: Preview


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

    @classmethod
    def get_row_result_class(cls) -> type[BankRow]:
        return BankRow

    def import_data(self, dataset: tablib.Dataset, dry_run: bool = False, **kwargs: Any) -> Result:
        """Import, or only check: a check writes nothing, so that it need not hold the database either."""
        if fault := self._columns_fault(dataset):
            refused = Result()
            refused.append_base_error(Error(WrongColumns(fault)))
            return refused
        if not dry_run:
            return super().import_data(dataset, rollback_on_validation_errors=True, **kwargs)
        kwargs |= {"dry_run": True, "raise_errors": False}
        return self.import_data_inner(
            dataset, using_transactions=False, collect_failed_rows=False, **kwargs
        )

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

    def get_bulk_update_fields(self) -> list[str]:
        return [*super().get_bulk_update_fields(), "is_own"]

    def after_import_row(self, row: Any, row_result: BankRow, **kwargs: Any) -> None:
        """Note what is shown of the row; 5,000 of them stay small."""
        original, row_result.original = row_result.original, None
        row_result.preview = Preview(
            kind=row_result.import_type,
            slug=str(row.get("slug", "")),
            text=str(row.get("text", ""))[:EXCERPT],
            changed=self._changed(original, row_result.instance),
        )
        if kwargs.get("dry_run"):
            row_result.instance = None

    def _changed(self, original: BankQuestion | None, instance: BankQuestion | None) -> list[str]:
        if original is None or instance is None:
            return []
        names = [field.attribute for field in self.get_import_fields()]
        return [name for name in names if getattr(original, name) != getattr(instance, name)]
