"""Pages of recruiters and auditors: screening interviews, their candidates, and the review of a session."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View
from django.views.generic import FormView, ListView

from accounts.requests import user_of
from interviews import services
from interviews.errors import Conflict, InterviewError, InvalidInput
from interviews.models import Interview, InterviewSession, Rating, Turn
from interviews.models.rights import may_create_screenings
from interviews.pages.forms import AssignForm, OverrideForm, ScreeningForm
from interviews.pages.results import results_context, reviewable, with_scores
from interviews.services.loaded_session import LoadedSession
from interviews.services.lookups import fresh, opens_staff_pages
from interviews.services.turn.catch_up import settle


class ScreeningsView(LoginRequiredMixin, ListView[Interview]):
    """The screening interviews somebody may read, with how many sessions they have."""

    template_name = "staff/screenings.html"
    context_object_name = "interviews"
    paginate_by = 20

    def get_queryset(self) -> QuerySet[Interview]:
        user = user_of(self.request)
        if not opens_staff_pages(user):
            raise Http404
        screenings = Interview.objects.visible_to(user).screening().select_related("owner")
        return screenings.with_counts().order_by("-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_create = may_create_screenings(user_of(self.request))
        return super().get_context_data(may_create=may_create, **kwargs)


class NewScreeningView(LoginRequiredMixin, FormView[ScreeningForm]):
    """Set up a screening interview; its questions are planned at once, to be read before publishing."""

    template_name = "staff/new_screening.html"
    form_class = ScreeningForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not may_create_screenings(user_of(request)):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: ScreeningForm) -> HttpResponse:
        fields = {**form.cleaned_data, "mode": Interview.Mode.SCREENING}
        try:
            interview = services.create_interview(owner=user_of(self.request), **fields)
        except InvalidInput as error:
            form.add_error(error.field, error.message)
            return self.form_invalid(form)
        return redirect("screening", pk=interview.pk)


def managed(request: HttpRequest, pk: int) -> Interview:
    mine = Interview.objects.managed_by(user_of(request)).screening()
    return get_object_or_404(mine.prefetch_related("questions"), pk=pk)


def readable(request: HttpRequest, pk: int) -> Interview:
    found = Interview.objects.visible_to(user_of(request)).screening()
    return get_object_or_404(found.prefetch_related("questions"), pk=pk)


class ScreeningView(LoginRequiredMixin, View):
    """One screening interview: its questions, its candidates, and what can be done with it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(request, readable(request, pk), AssignForm())

    def show(
        self, request: HttpRequest, interview: Interview, form: AssignForm, *, status: int = 200
    ) -> HttpResponse:
        own = InterviewSession.objects.filter(interview=interview).with_progress()
        sessions = own.select_related("candidate").order_by("-pk")
        page = Paginator(sessions, 25).get_page(request.GET.get("page"))
        may_manage = Interview.objects.managed_by(user_of(request)).filter(pk=interview.pk).exists()
        context = {
            "interview": interview,
            "page_obj": page,
            "form": form,
            "may_manage": may_manage,
            "plan_notes": services.interview_plan_notes(interview) if interview.is_draft else [],
        }
        return render(request, "staff/screening.html", context, status=status)


class PublishView(LoginRequiredMixin, View):
    """Freeze the interview."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            services.publish_interview(interview=managed(request, pk), actor=user_of(request))
        except Conflict as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Published. Everyone is asked the same questions now.")
        return redirect("screening", pk=pk)


class ArchiveView(LoginRequiredMixin, View):
    """Close the interview to new starts."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        services.archive_interview(interview=managed(request, pk), actor=user_of(request))
        messages.success(request, "Archived. Nobody can start it any more.")
        return redirect("screening", pk=pk)


class AssignView(ScreeningView):
    """Assign the interview to a registered candidate."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        interview, form = managed(request, pk), AssignForm(request.POST)
        if not form.is_valid():
            return self.show(request, interview, form, status=400)
        candidate = form.cleaned_data["candidate"]
        try:
            services.assign_interview(
                interview=interview, candidate=candidate, actor=user_of(request)
            )
        except Conflict as error:
            form.add_error("email", str(error))
            return self.show(request, interview, form, status=409)
        messages.success(request, f"Assigned to {candidate}. They see it on their dashboard.")
        return redirect("screening", pk=pk)


class ReviewView(LoginRequiredMixin, View):
    """One session's results, to be checked and overruled."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        session = with_scores(request, token)
        return self.show(request, fresh(session) if settle(session) else session)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        session, form = reviewable(request, token), OverrideForm(request.POST)
        if not form.is_valid():
            return self.show(request, session, form=form, status=400)
        turn = get_object_or_404(Turn, session=session.session, number=form.cleaned_data["turn"])
        try:
            services.override_rating(
                turn=turn,
                score=form.cleaned_data["score"],
                reason=form.cleaned_data["reason"],
                actor=user_of(request),
            )
        except InterviewError as error:
            form.add_error(None, str(error))
            return self.show(request, session, form=form, status=409)
        messages.success(request, "Your rating counts now. The machine's stays beside it.")
        return redirect("review", token=token)

    def show(
        self,
        request: HttpRequest,
        session: LoadedSession,
        *,
        form: OverrideForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        mine = InterviewSession.objects.reviewable_by(user_of(request)).filter(pk=session.pk)
        context = results_context(session) | {
            "may_review": mine.exists(),
            "form": form,
            "for_staff": True,
            "levels": range(1, 6),
            "overruled": overruled(session),
        }
        return render(request, "staff/review.html", context, status=status)


def overruled(session: LoadedSession) -> dict[int, list[Rating]]:
    """Return every rating, the machine's too, of the turns that a person has overruled."""
    found = Rating.objects.filter(turn__session=session.session, turn__ratings__by_person=True)
    by_turn: dict[int, list[Rating]] = {}
    for rating in found.select_related("rater", "turn").distinct().order_by("pk"):
        by_turn.setdefault(rating.turn.number, []).append(rating)
    return by_turn
