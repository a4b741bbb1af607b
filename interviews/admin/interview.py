"""Interviews in the admin, with their questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from accounts.admin_links import PermittedLinks
from accounts.models import User
from accounts.requests import user_of
from interviews import services
from interviews.admin.audited import Audited
from interviews.errors import Conflict, InterviewError
from interviews.models import AuditEvent, Interview, InterviewSession, Question
from interviews.services.engine_words import job_description_help
from interviews.services.setting_up import SHAPES_PLAN


class QuestionInline(admin.StackedInline[Question, Interview]):
    """The questions of an interview; frozen once it is published. Who may do what follows from the interview."""

    model = Question
    extra = 0
    classes = ("collapse",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and _is_managed(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)


def _is_managed(request: HttpRequest, interview: Interview) -> bool:
    return Interview.objects.managed_by(user_of(request)).filter(pk=interview.pk).exists()


def _is_draft(interview: Interview | None) -> bool:
    return interview is not None and interview.is_draft


@admin.register(Interview)
class InterviewAdmin(PermittedLinks, Audited, admin.ModelAdmin[Interview]):
    """Screening interviews: read them, change drafts, publish, archive and hand over."""

    audits_deletions = False
    list_display = (
        "name",
        "status",
        "version",
        "position",
        "owner",
        "finished",
        "created_at",
    )
    list_filter = ("status", "interview_type", "difficulty", "language")
    list_select_related = ("owner",)
    search_fields = ("title", "position", "owner__email", "owner__full_name")
    date_hierarchy = "created_at"
    list_per_page = 50
    autocomplete_fields = ("owner",)
    inlines = (QuestionInline,)
    actions = ("publish", "archive", "plan_again")
    fieldsets = (
        (None, {"fields": ("title", "position", "owner", "status", "page", "plan_notes")}),
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
        "plan_notes",
        "version",
        "previous_version",
        "content_hash",
        "published_at",
        "created_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Interview]:
        """Offer screenings only: practice is nobody's but its candidate's."""
        return Interview.objects.visible_to(user_of(request)).screening().with_counts()

    def fixed_fields(self, request: HttpRequest, obj: Interview | None = None) -> Any:
        """Freeze what is published; only a superuser gives an interview to another owner."""
        fixed: tuple[Any, ...] = (*self.always_fixed, "owner")
        if obj is not None and not obj.is_draft:
            fixed = tuple(name for _title, part in self.fieldsets for name in part["fields"])
        may_hand_over = obj is not None and user_of(request).is_superuser
        return tuple(name for name in fixed if name != "owner" or not may_hand_over)

    def get_list_display(self, request: HttpRequest) -> Any:
        """Leave the way to the sessions to those who may read them."""
        may_read = admin.site._registry[InterviewSession].has_view_or_change_permission(request)
        unlinked = ["finished_count" if name == "finished" else name for name in self.list_display]
        return self.list_display if may_read else unlinked

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "job_description":
            kwargs["help_text"] = job_description_help()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Interview | None = None) -> bool:
        is_mine = obj is None or _is_managed(request, obj)
        return is_mine and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Interview | None = None) -> bool:
        """Keep what people have sessions in: it is archived, never deleted."""
        mine = Interview.objects.deletable_by(user_of(request))
        unused = mine.exclude(sessions__isnull=False)
        is_free = obj is None or unused.filter(pk=obj.pk).exists()
        return is_free and super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: Interview) -> None:
        try:
            services.delete_interview(interview=obj, actor=user_of(request))
        except Conflict as error:
            raise PermissionDenied(str(error)) from error

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Interview]) -> None:
        for interview in queryset:
            self.delete_model(request, interview)

    def save_model(self, request: HttpRequest, obj: Interview, form: Any, change: bool) -> None:
        actor = user_of(request)
        if not change:
            obj.owner, obj.mode = actor, Interview.Mode.SCREENING
        if change and "owner" in form.changed_data:
            obj.request_key = obj.request_sha256 = ""  # the key was the former owner's
        super().save_model(request, obj, form, change)
        if change and "owner" in form.changed_data:
            detail = f"to user {obj.owner_id}"
            AuditEvent.objects.record("interview.handed_over", obj, actor=actor, detail=detail)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Choose the questions of a screening draft, to be read before it is published.

        That is: of a new one, and of one whose position, kind or number changed. Questions that were edited in the
        same step stay, and that is said. A model may be asked, so the form's transaction ends first.
        """
        super().save_related(request, form, formsets, change)
        interview: Interview = form.instance
        if not interview.is_draft or interview.is_practice:
            return
        shaping = [name for name in form.changed_data if name in SHAPES_PLAN] if change else []
        if change and any(formset.has_changed() for formset in formsets):
            if shaping:
                messages.warning(request, kept_questions(shaping))
        elif shaping or not interview.questions.exists():
            deed = partial(self._plan, interview, user_of(request))
            transaction.on_commit(partial(_tell, request, deed, kept_questions(shaping)))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Interview], search_term: str
    ) -> tuple[QuerySet[Interview], bool]:
        """Offer for assigning only what can be assigned."""
        if request.GET.get("model_name") == "interviewsession":
            queryset = queryset.filter(
                mode=Interview.Mode.SCREENING, status=Interview.Status.PUBLISHED
            )
        return super().get_search_results(request, queryset, search_term)

    @staticmethod
    def _plan(interview: Interview, actor: User) -> str:
        services.plan_interview(interview=interview, actor=actor)
        return (
            f"{interview}: {interview.questions.count()} questions chosen. Read them, then publish."
        )

    @admin.display(description="finished sessions")
    def finished(self, interview: Any) -> str:
        url = reverse("admin:interviews_interviewsession_changelist")
        told = self.finished_count(interview)
        return format_html('<a href="{}?interview={}">{}</a>', url, interview.pk, told)

    @admin.display(description="finished sessions")
    def finished_count(self, interview: Any) -> str:
        return f"{interview.sessions_completed} of {interview.sessions_total}"

    @admin.display(description="its page")
    def page(self, interview: Interview) -> str:
        if interview.pk is None or interview.is_practice:
            return "-"
        url = reverse("screening", args=[interview.pk])
        return format_html('<a href="{}">Questions, candidates, assigning</a>', url)

    @admin.display(description="before it is published")
    def plan_notes(self, interview: Interview) -> str:
        if interview.pk is None or not interview.is_draft:
            return "-"
        notes = services.interview_plan_notes(interview)
        told = [(note["text"], _nearest(note["positions"])) for note in notes]
        return format_html_join("", "{} {}<br>", told) or "-"

    @admin.action(description="Publish: freeze it for everyone", permissions=["change"])
    def publish(self, request: HttpRequest, interviews: QuerySet[Interview]) -> None:
        for interview in _managed(request, interviews):
            _tell(request, lambda chosen=interview: _publish(chosen, user_of(request)))  # type: ignore[misc]

    @admin.action(description="Archive: close it to new starts", permissions=["change"])
    def archive(self, request: HttpRequest, interviews: QuerySet[Interview]) -> None:
        mine = _managed(request, interviews)
        for interview in mine:
            services.archive_interview(interview=interview, actor=user_of(request))
        messages.success(request, f"{len(mine)} archived.")

    @admin.action(description="Choose the questions of a draft anew", permissions=["change"])
    def plan_again(self, request: HttpRequest, interviews: QuerySet[Interview]) -> None:
        for interview in _managed(request, interviews):
            _tell(request, lambda chosen=interview: self._plan(chosen, user_of(request)))  # type: ignore[misc]


def _nearest(positions: Sequence[str]) -> str:
    told = _("Or choose the nearest: %(names)s.") % {"names": ", ".join(positions)}
    return told if positions else ""


def _managed(request: HttpRequest, interviews: QuerySet[Interview]) -> list[Interview]:
    """Return those of the chosen interviews that the person may act on, and say if there are others."""
    mine = Interview.objects.managed_by(user_of(request)).values("pk")
    managed = list(interviews.filter(pk__in=mine))
    if left := len(interviews) - len(managed):
        told = _("%(left)d left alone: only an interview's owner may do this.")
        messages.warning(request, told % {"left": left})
    return managed


def _publish(interview: Interview, actor: User) -> str:
    services.publish_interview(interview=interview, actor=actor)
    return f"{interview} is published."


def _tell(request: HttpRequest, deed: Callable[[], str], otherwise: str = "") -> None:
    """Do something and say how it went; a refusal is a message, not a failure."""
    try:
        messages.success(request, deed())
    except InterviewError as error:
        messages.error(request, f"{error} {otherwise}".strip())


def kept_questions(changed: Sequence[str]) -> str:
    """Say that an interview's questions are still those from before a change."""
    if not changed:
        return ""
    told = _(
        "The questions were not chosen anew, although this changed: %(names)s. Check them, or use “Choose the "
        "questions of a draft anew”."
    )
    return told % {"names": ", ".join(changed)}
