"""What a mentor sees of somebody's practice by a private link, without signing in."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views import View

from interviews.errors import NotFound
from interviews.models import MentorLink
from interviews.pages.results import practice_context
from interviews.services.loaded_session import LoadedSession
from interviews.services.mentor_links import link_of_token, shown_session

HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
LEFT_OUT: dict[str, Any] = {"recordings": [], "claims": [], "asides": [], "may_repeat": False}


class MentorView(View):
    """The results of somebody's practice, to be read by anybody who has the link."""

    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            link = link_of_token(token)
        except NotFound as error:
            return self.nothing(request, HTTPStatus.NOT_FOUND, error)
        session = shown_session(link)
        if session is None:
            return self.nothing(request, HTTPStatus.GONE)
        return render(request, "interviews/mentor.html", mentor_context(session, link))

    def nothing(
        self, request: HttpRequest, status: HTTPStatus, error: NotFound | None = None
    ) -> HttpResponse:
        """Say that a link shows nothing, and what to do; programs get the problem of any other page."""
        if not request.accepts("text/html"):
            raise Http404 from error
        context = {"is_over": status == HTTPStatus.GONE}
        return render(request, "interviews/mentor_ended.html", context, status=status)


def mentor_context(session: LoadedSession, link: MentorLink) -> dict[str, Any]:
    """Return what a mentor sees: the candidate's results without what was recorded, claimed, or said to us."""
    context = practice_context(session)
    turns = [turn | LEFT_OUT for turn in context["turns"]]
    return context | {"turns": turns, "may_claim": False, "link": link}
