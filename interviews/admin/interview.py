"""Interviews in the admin, with their questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import User
from accounts.requests import user_of
from interviews import services
from interviews.admin.parts import ChecksParts
from interviews.errors import InterviewError
from interviews.models import Interview, Question


class QuestionForm(ChecksParts, forms.ModelForm[Question]):
    """A question of a draft."""

    class Meta:
        model = Question
        fields = forms.ALL_FIELDS


class QuestionInline(admin.StackedInline[Question, Interview]):
    """The questions of an interview; frozen once it is published."""

    model = Question
    form = QuestionForm
    extra = 0
    classes = ("collapse",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_delete_permission(request, obj)


def _is_draft(interview: Interview | None) -> bool:
    return interview is not None and interview.is_draft


@admin.register(Interview)
class InterviewAdmin(admin.ModelAdmin[Interview]):
    """Interviews: read them, change drafts, publish and archive."""

    list_display = (
        "name",
        "mode",
        "status",
        "version",
        "position",
        "owner",
        "finished",
        "created_at",
    )
    list_filter = ("mode", "status", "interview_type", "difficulty", "language")
    list_select_related = ("owner",)
    search_fields = ("title", "position", "owner__email", "owner__full_name")
    date_hierarchy = "created_at"
    list_per_page = 50
    autocomplete_fields = ("owner",)
    inlines = (QuestionInline,)
    actions = ("publish", "archive", "plan_again")
    fieldsets = (
        (None, {"fields": ("title", "position", "mode", "owner", "status", "page")}),
        (
            "Questions",
            {
                "fields": (
                    "interview_type",
                    "difficulty",
                    "num_questions",
                    "follow_ups_per_question",
                    "language",
                    "job_description",
                )
            },
        ),
        ("Time", {"fields": ("timed", "session_time_limit_minutes")}),
        (
            "Record",
            {
                "fields": (
                    "version",
                    "previous_version",
                    "content_hash",
                    "published_at",
                    "created_at",
                )
            },
        ),
    )
    always_fixed = (
        "status",
        "page",
        "version",
        "previous_version",
        "content_hash",
        "published_at",
        "created_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Interview]:
        return super().get_queryset(request).with_counts()  # type: ignore[attr-defined, no-any-return]

    def get_readonly_fields(self, request: HttpRequest, obj: Interview | None = None) -> Any:
        """Leave a new interview open; a draft keeps its mode and owner, and all else is frozen."""
        if obj is None:
            return (*self.always_fixed, "owner")
        if obj.is_draft:
            return (*self.always_fixed, "mode", "owner")
        return [name for _title, part in self.fieldsets for name in part["fields"]]

    def has_delete_permission(self, request: HttpRequest, obj: Interview | None = None) -> bool:
        """Keep what people have sessions in: it is archived, never deleted."""
        used = obj is not None and obj.sessions.exclude(candidate=obj.owner).exists()
        return not used and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Interview, form: Any, change: bool) -> None:
        if not change:
            obj.owner = user_of(request)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Choose the questions of a new screening interview at once, to be read before it is published."""
        super().save_related(request, form, formsets, change)
        interview: Interview = form.instance
        if interview.is_draft and not interview.is_practice and not interview.questions.exists():
            _tell(request, lambda: self._plan(interview, user_of(request)))

    @staticmethod
    def _plan(interview: Interview, actor: User) -> str:
        services.plan_interview(interview=interview, actor=actor)
        return (
            f"{interview}: {interview.questions.count()} questions chosen. Read them, then publish."
        )

    @admin.display(description="finished sessions")
    def finished(self, interview: Any) -> str:
        return f"{interview.sessions_completed} of {interview.sessions_total}"

    @admin.display(description="its page")
    def page(self, interview: Interview) -> str:
        if interview.pk is None or interview.is_practice:
            return "-"
        url = reverse("screening", args=[interview.pk])
        return format_html('<a href="{}">Questions, candidates, assigning</a>', url)

    @admin.action(description="Publish: freeze it for everyone", permissions=["change"])
    def publish(self, request: HttpRequest, interviews: QuerySet[Interview]) -> None:
        for interview in interviews:
            _tell(request, lambda chosen=interview: _publish(chosen, user_of(request)))  # type: ignore[misc]

    @admin.action(description="Archive: close it to new starts", permissions=["change"])
    def archive(self, request: HttpRequest, interviews: QuerySet[Interview]) -> None:
        for interview in interviews:
            services.archive_interview(interview=interview, actor=user_of(request))
        messages.success(request, f"{len(interviews)} archived.")

    @admin.action(description="Choose the questions of a draft anew", permissions=["change"])
    def plan_again(self, request: HttpRequest, interviews: QuerySet[Interview]) -> None:
        for interview in interviews:
            _tell(request, lambda chosen=interview: self._plan(chosen, user_of(request)))  # type: ignore[misc]


def _publish(interview: Interview, actor: User) -> str:
    services.publish_interview(interview=interview, actor=actor)
    return f"{interview} is published."


def _tell(request: HttpRequest, deed: Callable[[], str]) -> None:
    """Do something and say how it went; a refusal is a message, not a failure."""
    try:
        messages.success(request, deed())
    except InterviewError as error:
        messages.error(request, str(error))
