"""Pages of a candidate: dashboard, new interview, what to expect, history."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View
from django.views.generic import FormView, ListView, TemplateView

from accounts.models import User
from accounts.requests import user_of
from interviews import services
from interviews.errors import InterviewError, InvalidInput
from interviews.models import Interview, InterviewSession
from interviews.pages import charts
from interviews.pages.advice import practise_again, weak_points
from interviews.pages.forms import InterviewForm
from interviews.pages.practice_plan import bank_positions, current_plan
from interviews.services.hearing import voice_shape
from interviews.services.loaded_session import load_session


class DashboardView(LoginRequiredMixin, TemplateView):
    """My interviews with their progress, and the best next thing to do."""

    template_name = "interviews/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = user_of(self.request)
        sessions = InterviewSession.objects.of_candidate(user).with_progress()
        unfinished = list(sessions.unfinished().order_by(F("deadline").asc(nulls_last=True), "-pk"))
        active = [s for s in unfinished if s.status == InterviewSession.Status.ACTIVE]
        waiting = [s for s in unfinished if not s.interview.is_practice and s not in active]
        plan = current_plan(user)
        return super().get_context_data(
            plan=plan,
            active=active,
            waiting=waiting,
            drafts=Interview.objects.practice().filter(owner=user, status="draft")[:10],
            finished=sessions.filter(finished_at__isnull=False).order_by("-finished_at")[:5],
            suggestion=None if active or waiting or plan else suggestion_for(user),
            to_check=sessions_to_check(user),
            **kwargs,
        )


def suggestion_for(user: User) -> dict[str, Any] | None:
    """Return the next thing to practise, from the latest practice interview that was finished."""
    practice = InterviewSession.objects.of_candidate(user).filter(interview__mode="practice")
    latest = load_session(practice.order_by("-finished_at").filter(status="completed"))
    if latest is None:
        return None
    results = services.session_results(latest)
    again = practise_again(latest.interview, results)
    return again | {"session": latest.session, "results": results, "weak": weak_points(results)[:1]}


def sessions_to_check(user: User) -> QuerySet[InterviewSession]:
    """Return the sessions `user` may review that hold an answer a person should look at."""
    unsure = InterviewSession.objects.reviewable_by(user).filter(turns__needs_person=True)
    return unsure.select_related("interview", "candidate").distinct().order_by("-pk")[:5]


class NewInterviewView(LoginRequiredMixin, FormView[InterviewForm]):
    """Set up a practice interview."""

    template_name = "interviews/new.html"
    form_class = InterviewForm

    def get_initial(self) -> dict[str, Any]:
        wanted = {
            name: value
            for name, value in self.request.GET.items()
            if name in InterviewForm.base_fields
        }
        return {"language": user_of(self.request).known_language, **wanted}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(positions=bank_positions(), **kwargs)

    def form_valid(self, form: InterviewForm) -> HttpResponse:
        try:
            interview = services.create_interview(owner=user_of(self.request), **form.cleaned_data)
        except InvalidInput as error:
            form.add_error(error.field, error.message)
            return self.form_invalid(form)
        return redirect("interview", pk=interview.pk)


class InterviewView(LoginRequiredMixin, View):
    """What to expect, before the first question; starting is agreeing to be recorded in writing."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        interview = get_object_or_404(Interview.objects.startable_by(user_of(request)), pk=pk)
        session = interview.sessions.filter(candidate=user_of(request)).first()
        if session is not None and session.status != InterviewSession.Status.PENDING:
            return redirect("room", token=session.token)
        return render(request, "interviews/interview.html", before_the_start(interview))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        interview = get_object_or_404(Interview.objects.startable_by(user_of(request)), pk=pk)
        try:
            session = services.start_interview(interview=interview, user=user_of(request))
        except InterviewError as error:
            return self.refused(request, interview, error)
        return redirect("room", token=session.token)

    def refused(
        self, request: HttpRequest, interview: Interview, error: InterviewError
    ) -> HttpResponse:
        status = 400 if isinstance(error, InvalidInput) else 409
        context = before_the_start(interview) | {"error": str(error)}
        return render(request, "interviews/interview.html", context, status=status)


def before_the_start(interview: Interview) -> dict[str, Any]:
    notes = services.interview_plan_notes(interview)
    return {
        "interview": interview,
        "voice": voice_shape(),
        "plan_notes": notes,
        "is_rated": all(note["code"] != "not_rated" for note in notes),
    }


class NearestPositionView(LoginRequiredMixin, View):
    """Take one of the positions that come nearest to a draft's own, which has no questions."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = user_of(request)
        interview = get_object_or_404(Interview.objects.managed_by(user), pk=pk)
        page = redirect("interview" if interview.is_practice else "screening", pk=pk)
        chosen = request.POST.get("position", "")
        offered = {
            name for note in services.interview_plan_notes(interview) for name in note["positions"]
        }
        if chosen not in offered:
            return page
        try:
            services.edit_interview(interview=interview, actor=user, position=chosen)
        except InterviewError as error:
            messages.error(request, str(error))
        return page


class DeleteInterviewView(LoginRequiredMixin, View):
    """Delete one's own practice interview, begun or not, after asking."""

    def interview(self) -> Interview:
        own = Interview.objects.managed_by(user_of(self.request)).practice()
        return get_object_or_404(own, pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, **_kwargs: int) -> HttpResponse:
        interview = self.interview()
        context = {"interview": interview, "session": interview.sessions.first()}
        return render(request, "interviews/delete.html", context)

    def post(self, request: HttpRequest, **_kwargs: int) -> HttpResponse:
        services.delete_interview(interview=self.interview(), actor=user_of(request))
        messages.success(request, "Deleted.")
        return redirect("dashboard")


class HistoryView(LoginRequiredMixin, ListView[InterviewSession]):
    """Everything I did, and how my practice went over time."""

    template_name = "interviews/history.html"
    context_object_name = "sessions"
    paginate_by = 20

    def get_queryset(self) -> QuerySet[InterviewSession]:
        sessions = InterviewSession.objects.of_candidate(user_of(self.request))
        begun = sessions.with_progress().exclude(status=InterviewSession.Status.PENDING)
        return begun.order_by("-started_at", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        listed = [session.pk for session in context["sessions"]]
        history = services.practice_history(user=user_of(self.request), listed=listed)
        courses = history.courses if context["page_obj"].number == 1 else []
        drawn = [
            {"course": course, "chart": charts.progress_over_time(course)} for course in courses
        ]
        has_doubts = any(not one.total.sure for course in courses for one in course.practices)
        return context | {"courses": drawn, "has_doubts": has_doubts, "totals": history.totals}
