"""Pages of a practice plan: set the day, practise what today holds, stop it, and stop its mails."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import FormView

from accounts.mails import site_of
from accounts.models import User
from accounts.requests import user_of
from interviews import services
from interviews.errors import Conflict, InvalidInput, NotFound
from interviews.models import BankQuestion, Interview, PracticePlan
from interviews.pages.forms import PracticePlanForm
from interviews.services.practice_plans import progress_of, todays_interview
from interviews.services.reminders import plan_of_token, stop_reminders

FIELDS = ("interview_on", "position", "difficulty", "language", "wants_reminder")
MOST_RETURNS = 6


def own_plan(user: User) -> PracticePlan | None:
    plan = PracticePlan.objects.of_person(user).first()
    if plan is not None:
        plan.owner = user
    return plan


def current_plan(user: User) -> dict[str, Any] | None:
    """Return what the dashboard shows of the person's plan; None if there is none, or its day is over."""
    plan = own_plan(user)
    if plan is None or plan.is_over:
        return None
    progress = progress_of(plan)
    return {
        "progress": progress,
        "begun": todays_interview(plan) if progress.day.left else None,
        "later": progress.later[:MOST_RETURNS],
        "more": len(progress.later[MOST_RETURNS:]),
    }


def bank_positions() -> list[str]:
    """Return the titles of the positions that the bank has questions for."""
    titles = BankQuestion.objects.active().exclude(position="general")
    names = titles.values_list("position_names", flat=True).distinct()
    return sorted({found[0] for found in names if found})


class PracticePlanView(LoginRequiredMixin, FormView[PracticePlanForm]):
    """Set the day of an interview, or change it."""

    template_name = "interviews/practice_plan.html"
    form_class = PracticePlanForm

    def get_initial(self) -> dict[str, Any]:
        """Begin with the plan there is, or else with what was practised last."""
        user = user_of(self.request)
        if (plan := own_plan(user)) is not None:
            return {name: getattr(plan, name) for name in FIELDS}
        last = Interview.objects.practice().filter(owner=user).first()
        if last is None:
            return {"language": user.known_language}
        return {name: getattr(last, name) for name in ("position", "difficulty", "language")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plan = own_plan(user_of(self.request))
        return super().get_context_data(plan=plan, positions=bank_positions(), **kwargs)

    def form_valid(self, form: PracticePlanForm) -> HttpResponse:
        owner, site = user_of(self.request), site_of(self.request)
        try:
            services.set_plan(owner=owner, site=site, **form.cleaned_data)
        except InvalidInput as error:
            form.add_error(error.field, error.message)
            return self.form_invalid(form)
        messages.success(self.request, _("Your plan is set."))
        return redirect("dashboard")


class TodayView(LoginRequiredMixin, View):
    """Make today's practice interview, or go on with it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        plan = get_object_or_404(PracticePlan.objects.of_person(user_of(request)))
        try:
            interview = services.make_todays_interview(plan=plan)
        except (Conflict, InvalidInput) as error:
            messages.warning(request, str(error))
            return redirect("dashboard")
        return redirect("interview", pk=interview.pk)


class StopPlanView(LoginRequiredMixin, View):
    """Stop one's own plan."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        plan = get_object_or_404(PracticePlan.objects.of_person(user_of(request)))
        services.stop_plan(plan=plan)
        messages.success(request, _("Your plan is stopped. What you practised stays."))
        return redirect("dashboard")


class StopRemindersView(View):
    """Stop the reminders of a plan by the link in one, without signing in.

    Following the link changes nothing: programs that check mail follow links, too.
    """

    def plan(self) -> PracticePlan:
        try:
            return plan_of_token(self.kwargs["token"])
        except NotFound as error:
            raise Http404 from error

    def get(self, request: HttpRequest, **_kwargs: str) -> HttpResponse:
        is_stopped = not self.plan().wants_reminder
        return render(request, "interviews/stop_reminders.html", {"is_stopped": is_stopped})

    def post(self, request: HttpRequest, **_kwargs: str) -> HttpResponse:
        stop_reminders(plan=self.plan())
        return render(request, "interviews/stop_reminders.html", {"is_stopped": True})
