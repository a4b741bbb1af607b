"""The question bank in the admin, with import and export."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from import_export.admin import ImportExportModelAdmin
from import_export.formats.base_formats import CSV, JSON, YAML
from import_export.resources import ModelResource

from interviews.models import BankQuestion
from interviews.question_parts import validate_sources


class BankQuestionResource(ModelResource):  # type: ignore[misc]
    """Questions as rows of a file; the slug tells which question a row is."""

    class Meta:
        model = BankQuestion
        import_id_fields = ("slug",)
        exclude = ("id", "is_own")
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True

    def validate_instance(
        self, instance: BankQuestion, import_validation_errors: Any = None, **options: Any
    ) -> None:
        """Check a row as the form would, and mark it as our own: loading the shipped bank leaves it alone."""
        super().validate_instance(instance, import_validation_errors, **options)
        instance.is_own = True


@admin.register(BankQuestion)
class BankQuestionAdmin(ImportExportModelAdmin):  # type: ignore[misc]
    """The bank; what is changed here is our own from then on."""

    resource_classes = [BankQuestionResource]
    formats = [CSV, JSON, YAML]
    list_display = (
        "slug",
        "position",
        "question_type",
        "difficulty",
        "competency",
        "language",
        "is_active",
        "is_own",
    )
    list_filter = ("position", "question_type", "difficulty", "language", "is_active", "is_own")
    search_fields = ("slug", "text", "competency", "reference_answer")
    readonly_fields = ("is_own", "pages")
    list_per_page = 50
    actions = ("switch_off", "switch_on")

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Let those import who may both add and change questions: a file may do either."""
        return bool(self.has_add_permission(request) and self.has_change_permission(request))

    @admin.display(description="Read the sources")
    def pages(self, question: BankQuestion) -> str:
        try:
            validate_sources(question.sources)
        except ValidationError:
            return "-"
        links = [(source["url"], source["title"]) for source in question.sources]
        pages = format_html_join("", '<a href="{}" rel="noreferrer noopener">{}</a><br>', links)
        return pages or "None are named."

    def save_model(self, request: HttpRequest, obj: BankQuestion, form: Any, change: bool) -> None:
        obj.is_own = True
        super().save_model(request, obj, form, change)

    @admin.action(description="Switch off: plan no more interviews with it", permissions=["change"])
    def switch_off(self, request: HttpRequest, questions: QuerySet[BankQuestion]) -> None:
        messages.success(request, f"{questions.update(is_active=False)} switched off.")

    @admin.action(description="Switch on", permissions=["change"])
    def switch_on(self, request: HttpRequest, questions: QuerySet[BankQuestion]) -> None:
        messages.success(request, f"{questions.update(is_active=True)} switched on.")
