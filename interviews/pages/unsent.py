"""Answers that came by a plain form from somebody who was signed out: kept until they are signed in again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from interviews.models import Answer, InterviewSession
from interviews.services.browsers import UNSENT
from interviews.services.loaded_session import LoadedSession
from interviews.services.refusing import closed_question

FIELDS = {"turn": 4, "key": 128, "recording": 64, "response_text": settings.MAX_ANSWER_CHARACTERS}


def keep_answer(request: HttpRequest, token: str) -> None:
    """Keep a posted answer in the browser's session, which signing in carries on; only for a session that exists."""
    kept = {name: request.POST.get(name, "")[:most] for name, most in FIELDS.items()}
    if not kept["response_text"].strip() or not kept["turn"].isdecimal():
        return
    if InterviewSession.objects.filter(token=token).exists():
        request.session[UNSENT] = kept | {"token": token}
        messages.warning(
            request,
            _("You were signed out. Your answer is kept: sign in, and it is there, ready to send."),
        )


def forget_answer(request: HttpRequest) -> None:
    request.session.pop(UNSENT, None)


def kept_context(request: HttpRequest, session: LoadedSession) -> dict[str, Any]:
    """Return what the room shows of an answer that was kept: in its box, or beside it if its question is closed."""
    kept = request.session.get(UNSENT)
    if kept is None or kept["token"] != session.token:
        return {}
    current, number = session.open_turn, int(kept["turn"])
    if current is not None and current.number == number:
        typed = {"typed": kept["response_text"], "recording": kept["recording"]}
        return {**typed, "key": kept["key"] or None, "was_signed_out": True}
    if Answer.objects.filter(session=session.session, key=kept["key"]).exists():
        forget_answer(request)
        return {}
    return {"unsent": kept["response_text"], "why": str(closed_question(session, number))}


def stale_answer(request: HttpRequest) -> HttpResponse | None:
    """Show an answer again whose form has gone stale, to be sent with a fresh one; None for any other form."""
    try:
        is_room = resolve(request.path).url_name == "room"
    except Resolver404:
        return None
    if not is_room or request.headers.get("X-Requested-With") or "turn" not in request.POST:
        return None
    kept = {name: request.POST.get(name, "") for name in FIELDS}
    return render(request, "interviews/stale_answer.html", {"kept": kept}, status=403)
