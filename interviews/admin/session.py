"""Sessions in the admin: turns, answers and ratings to read, and assigning."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.admin_links import PermittedLinks
from accounts.models import User, normalise_email
from accounts.requests import user_of
from interviews import services
from interviews.admin.filters import InterviewFilter, NeedFilter
from interviews.admin.read_only import ReadOnly
from interviews.models import Interview, InterviewSession, Rating, Turn
from interviews.models.counting import number_of
from interviews.models.rights import CHANGE, may_read_screenings
from interviews.services.readings import as_shown
from interviews.services.states import turn_shape


class TurnInline(ReadOnly, admin.StackedInline[Turn, InterviewSession]):
    """What was asked, said and rated, with the evidence marked in the answer."""

    model = Turn
    extra = 0
    can_delete = False
    fields = ("asked", "state", "answered", "all_ratings")
    readonly_fields = fields

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Show them to everybody who may see the session."""
        return True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Turn]:
        turns: Any = super().get_queryset(request)
        return turns.with_ratings().select_related("answer", "question", "session")  # type: ignore[no-any-return]

    @admin.display(description="asked")
    def asked(self, turn: Turn) -> str:
        kind = "Follow-up" if turn.is_follow_up else f"Question {turn.question.number}"
        return f"{kind}: {turn.text}"

    @admin.display(description="state")
    def state(self, turn: Turn) -> str:
        doubt = ", needs a person" if turn.needs_person else ""
        return f"{turn.get_flow_display()}; {turn.get_evaluation_display()}{doubt}"

    @admin.display(description="answer")
    def answered(self, turn: Turn) -> SafeString:
        shape = turn_shape(turn, with_evaluation=True, settled=True)
        shape = as_shown(turn, shape, closes=not turn.is_follow_up)
        return render_to_string("interviews/_turn_detail.html", {"turn": shape, "for_staff": True})

    @admin.display(description="all ratings")
    def all_ratings(self, turn: Turn) -> str:
        return "\n".join(map(_rating_line, turn.rating_list)) or "-"


def _rating_line(rating: Rating) -> str:
    made = rating.provenance.get("model") or "a rule"
    rater = f"a person: {rating.reason}" if rating.by_person else made
    return f"{rating.criterion}: {rating.score} by {rater} ({rating.created_at:%Y-%m-%d %H:%M})"


class CandidateField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A candidate by their address, for those who may not browse the list of people."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(normalise_email(str(value or "")))


BY_ADDRESS: dict[str, Any] = {
    "form_class": CandidateField,
    "to_field_name": "email",
    "widget": forms.EmailInput,
    "help_text": _("The address of their account."),
    "error_messages": {"invalid_choice": _("No candidate has an account under this address.")},
}


def _may_browse_people(request: HttpRequest) -> bool:
    return admin.site._registry[User].has_view_or_change_permission(request)


def _assignable(request: HttpRequest) -> QuerySet[Interview]:
    mine = Interview.objects.managed_by(user_of(request)).screening()
    return mine.filter(status=Interview.Status.PUBLISHED)


@admin.register(InterviewSession)
class InterviewSessionAdmin(PermittedLinks, admin.ModelAdmin[InterviewSession]):
    """Attempts at interviews. Adding one assigns a published interview to a candidate."""

    list_display = ("candidate", "interview", "status", "turns_answered", "doubts", "started_at")
    list_filter = (NeedFilter, "status", InterviewFilter, "started_at")
    list_select_related = ("candidate", "interview")
    search_fields = (
        "candidate__email",
        "candidate__full_name",
        "interview__title",
        "interview__position",
    )
    search_help_text = _("Name or address of the candidate, title or position of the interview.")
    autocomplete_fields = ("interview", "candidate")
    list_per_page = 50
    show_full_result_count = False
    fields = ("interview", "candidate", "status", "review", "started_at", "deadline", "finished_at")
    readonly_fields = ("status", "review", "started_at", "deadline", "finished_at")
    inlines = (TurnInline,)
    actions = ("retry_ratings",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[InterviewSession]:
        """Offer screenings only: practice is nobody's but its candidate's."""
        answered = Turn.objects.exclude(flow=Turn.Flow.ASKED)
        doubtful = Turn.objects.filter(needs_person=True)
        sessions = InterviewSession.objects.visible_to(user_of(request))
        return sessions.filter(interview__mode=Interview.Mode.SCREENING).annotate(
            answered_count=number_of(answered, "session"),
            doubt_count=number_of(doubtful, "session"),
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let those assign who have an interview to assign."""
        return super().has_add_permission(request) and _assignable(request).exists()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may_read = may_read_screenings(user_of(request))
        return may_read and super().has_view_permission(request, obj)

    def has_review_permission(self, request: HttpRequest) -> bool:
        """Let those use a reviewer's actions who may act on screenings at all."""
        return user_of(request).has_perm(CHANGE)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_inlines(self, request: HttpRequest, obj: InterviewSession | None) -> Any:
        return self.inlines if obj else ()

    def get_autocomplete_fields(self, request: HttpRequest) -> Any:
        """Leave choosing from the list of people to those who may see it."""
        fields = super().get_autocomplete_fields(request)
        may_browse = _may_browse_people(request)
        return fields if may_browse else tuple(name for name in fields if name != "candidate")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer what can be assigned, and whom it can be assigned to."""
        offered: dict[str, QuerySet[Any]] = {
            "interview": _assignable(request),
            "candidate": User.objects.candidates(),
        }
        if db_field.name in offered:
            kwargs["queryset"] = offered[db_field.name]
        if db_field.name == "candidate" and not _may_browse_people(request):
            kwargs |= BY_ADDRESS
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: InterviewSession, form: Any, change: bool
    ) -> None:
        session = services.assign_interview(
            interview=obj.interview, candidate=obj.candidate, actor=user_of(request)
        )
        obj.pk, obj.token = session.pk, session.token

    @admin.display(description="answered", ordering="answered_count")
    def turns_answered(self, session: Any) -> int:
        return int(session.answered_count)

    @admin.display(description="need a person", ordering="doubt_count")
    def doubts(self, session: Any) -> int:
        return int(session.doubt_count)

    @admin.display(description="review")
    def review(self, session: InterviewSession) -> str:
        if session.pk is None or session.status == InterviewSession.Status.PENDING:
            return "-"
        url = reverse("review", args=[session.token])
        return format_html('<a href="{}">Check and overrule the ratings</a>', url)

    @admin.action(description="Try again to rate what could not be scored", permissions=["review"])
    def retry_ratings(self, request: HttpRequest, sessions: QuerySet[InterviewSession]) -> None:
        mine = Turn.objects.reviewable_by(user_of(request)).filter(session__in=sessions)
        failed = mine.filter(evaluation=Turn.Evaluation.NOT_SCORED).select_related("session")
        done = sum(services.retry_rating(turn=turn, actor=user_of(request)) for turn in failed)
        messages.success(request, f"{done} of {len(failed)} answers are rated now.")
