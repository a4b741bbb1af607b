"""Links by which a candidate shows the results of their practice: listed on the results page, made and withdrawn."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from accounts.mails import site_of
from accounts.requests import user_of
from interviews import services
from interviews.errors import Conflict, NotFound
from interviews.models import InterviewSession
from interviews.services.mentor_links import mentor_address, open_links_of


def own_links(request: HttpRequest, session: InterviewSession) -> list[dict[str, Any]]:
    """Return the links of a candidate's own session that work now, with their addresses."""
    site = site_of(request)
    return [
        {"row": link, "address": mentor_address(link, site=site)} for link in open_links_of(session)
    ]


def _back(token: str) -> HttpResponse:
    return redirect(f"{reverse('results', args=[token])}#mentor")


class MakeMentorLinkView(LoginRequiredMixin, View):
    """Make a link to the results of one's own practice."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            services.make_mentor_link(user=user_of(request), token=token)
        except NotFound as error:
            raise Http404 from error
        except Conflict as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, _("The link is ready. Pass it on to your mentor."))
        return _back(token)


class WithdrawMentorLinkView(LoginRequiredMixin, View):
    """End one of one's own links."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, token: str, link: int) -> HttpResponse:
        try:
            services.withdraw_mentor_link(user=user_of(request), token=token, link=link)
        except NotFound as error:
            raise Http404 from error
        messages.success(request, _("The link is withdrawn. It shows nothing any more."))
        return _back(token)
