"""“I did say this”, and ticks where nothing is rated, by plain forms in the room and on the results page."""

from __future__ import annotations

from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views import View

from accounts.requests import user_of
from interviews import services
from interviews.errors import Conflict, NotFound


class ClaimForm(forms.Form):
    """Which point of which answer."""

    turn = forms.IntegerField(min_value=1, max_value=1000)
    point = forms.CharField(max_length=100, strip=False)


class ClaimView(LoginRequiredMixin, View):
    """Keeps or takes back what a candidate says they said, and goes back to the point."""

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        form = ClaimForm(request.POST)
        if not form.is_valid():
            raise Http404
        turn, point = form.cleaned_data["turn"], form.cleaned_data["point"]
        change = services.withdraw_claim if "withdraw" in request.POST else services.claim_point
        try:
            change(user=user_of(request), token=token, turn=turn, point=point)
        except NotFound as error:
            raise Http404 from error
        except Conflict:
            return redirect("room", token=token)
        return redirect(f"{reverse('results', args=[token])}#answer-{turn}")


class TicksForm(forms.Form):
    """Of which answer; the points come as a list, which may be empty."""

    turn = forms.IntegerField(min_value=1, max_value=1000)


class TicksView(LoginRequiredMixin, View):
    """Keeps what a candidate ticks off of an answer that is not rated, and goes back to it."""

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        form = TicksForm(request.POST)
        if not form.is_valid():
            raise Http404
        turn, points = form.cleaned_data["turn"], request.POST.getlist("point")
        try:
            services.tick_points(user=user_of(request), token=token, turn=turn, points=points)
        except NotFound as error:
            raise Http404 from error
        except Conflict:
            return redirect("room", token=token)
        return redirect(f"{reverse('results', args=[token])}#answer-{turn}")
