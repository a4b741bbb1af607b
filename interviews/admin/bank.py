"""The question bank in the admin, with import and export."""

from __future__ import annotations

from typing import Any

import tablib
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from import_export.admin import ImportExportModelAdmin
from import_export.results import Result

from accounts.requests import user_of
from interviews.admin.audited import Audited
from interviews.admin.bank_formats import NestedJSON, NestedYAML, Spreadsheet, UnreadableFile
from interviews.admin.bank_resource import ROWS_ON_A_PAGE, BankQuestionResource
from interviews.models import AuditEvent, BankQuestion
from interviews.question_checks import findings
from interviews.question_parts import validate_sources


@admin.register(BankQuestion)
class BankQuestionAdmin(Audited, ImportExportModelAdmin):  # type: ignore[misc]
    """The bank; what is changed here is our own from then on."""

    resource_classes = [BankQuestionResource]
    formats = [Spreadsheet, NestedJSON, NestedYAML]
    import_template_name = "admin/interviews/bankquestion/import.html"
    export_template_name = "admin/interviews/bankquestion/export.html"
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
    readonly_fields = ("is_own", "pages", "to_mend")
    list_per_page = 50
    actions = ("switch_off", "switch_on")
    audited_actions = ("switch_off", "switch_on")

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

    @admin.display(description="To be mended")
    def to_mend(self, question: BankQuestion) -> str:
        try:
            question.clean_fields()
        except ValidationError:
            return "-"
        told = [(finding,) for finding in findings(question, question.language)]
        return format_html_join("", "{}<br>", told) or "Nothing was found."

    def save_model(self, request: HttpRequest, obj: BankQuestion, form: Any, change: bool) -> None:
        obj.is_own = True
        super().save_model(request, obj, form, change)

    @admin.action(description="Switch off: plan no more interviews with it", permissions=["change"])
    def switch_off(self, request: HttpRequest, questions: QuerySet[BankQuestion]) -> None:
        messages.success(request, f"{questions.update(is_active=False)} switched off.")

    @admin.action(description="Switch on", permissions=["change"])
    def switch_on(self, request: HttpRequest, questions: QuerySet[BankQuestion]) -> None:
        messages.success(request, f"{questions.update(is_active=True)} switched on.")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.import_preview)
        preview = path("import/preview/", view, name="interviews_bankquestion_import_preview")
        return [preview, *super().get_urls()]

    def get_export_data(
        self, file_format: Any, request: HttpRequest, queryset: Any, **kwargs: Any
    ) -> str:
        """Return the file; a nested one holds values, a spreadsheet texts."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        native = file_format.nested
        data = self.get_data_for_export(request, queryset, force_native_type=native, **kwargs)
        return str(file_format.export_data(data))

    def add_data_read_fail_error_to_form(self, form: Any, error: Exception) -> None:
        """Say what is wrong with the file; what we did not foresee is a wrong format."""
        wrong = _("This file cannot be read. Choose the format that it has.")
        form.add_error("import_file", str(error) if isinstance(error, UnreadableFile) else wrong)

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Check a file and show the first page of what would be imported, or all that is wrong."""
        response = super().import_action(request, **kwargs)
        context = response.context_data or {}
        if "result" in context:
            chosen = context["form"].cleaned_data["format"]
            context |= shown(context["result"], first=self._first_row(chosen))
        return response  # type: ignore[no-any-return]

    def import_preview(self, request: HttpRequest) -> HttpResponse:
        """Show another page of what would be imported; the file was checked before."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = self.create_confirm_form(request)
        dataset = self._uploaded(form) if request.method == "POST" and form.is_valid() else None
        if dataset is None:
            messages.error(request, _("The file is gone. Choose it again."))
            return redirect("admin:interviews_bankquestion_import")
        page = Paginator(range(len(dataset)), ROWS_ON_A_PAGE).get_page(request.POST.get("page"))
        rows = tablib.Dataset(*(dataset[at] for at in page), headers=dataset.headers)
        result = BankQuestionResource().import_data(rows, dry_run=True)
        context = {
            **self.admin_site.each_context(request),
            **shown(result, first=self._first_row(form.cleaned_data["format"]), page=page),
            **{"title": _("Import"), "opts": self.opts, "result": result},
            "confirm_form": self.get_confirm_form_class(request)(initial=form.cleaned_data),
        }
        return TemplateResponse(request, self.import_template_name, context)

    def _uploaded(self, form: Any) -> tablib.Dataset | None:
        """Return the file that was uploaded before, or None if it is not there any more."""
        try:
            file_format = self.get_import_formats()[int(form.cleaned_data["format"])]()
            name = form.cleaned_data["import_file_name"]
            return file_format.create_dataset(
                self.get_tmp_storage_class()(name=name, read_mode="rb").read()
            )
        except (OSError, ValueError, LookupError):
            return None

    def _first_row(self, chosen: str) -> int:
        """Return the number of the first question's row, as the person sees it in their file."""
        return 2 if self.get_import_formats()[int(chosen)].has_header else 1

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Import the file that was shown; a file that is gone, or does not fit any more, is told."""
        if request.method == "POST" and self.has_import_permission(request):
            form = self.create_confirm_form(request)
            if not form.is_valid() or self._uploaded(form) is None:
                messages.error(request, _("The file is gone. Choose it again."))
                return redirect("admin:interviews_bankquestion_import")
        return super().process_import(request, **kwargs)  # type: ignore[no-any-return]

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        """Tell how an import went; it is written whole or not at all."""
        if result.has_errors() or result.has_validation_errors():
            told = _("Nothing was imported: the bank has changed meanwhile. Try it again.")
            messages.error(request, told)
            return redirect("admin:interviews_bankquestion_import")
        counts = ", ".join(f"{count} {kind}" for kind, count in result.totals.items() if count)
        AuditEvent.objects.record(
            "bank.imported", BankQuestion(), actor=user_of(request), detail=counts
        )
        return super().process_result(result, request)  # type: ignore[no-any-return]


def shown(result: Result, *, first: int, page: Page[int] | None = None) -> dict[str, Any]:
    """Return what the page shows of a check: its faults, or one page of rows, numbered as in the file."""
    faults = [(first - 1 + row.number, row) for row in result.invalid_rows]
    rows = result.valid_rows()
    if page is None:
        page = Paginator(range(result.total_rows), ROWS_ON_A_PAGE).get_page(1)
    numbered = [(first + at, row.preview) for at, row in zip(page, rows, strict=False)]
    return {"page_obj": page, "preview": numbered, "faults": faults, "first_row": first}
