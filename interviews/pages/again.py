"""“Say it again”: the same question anew, by a plain form, with before and after side by side."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View

from accounts.requests import user_of
from accounts.throttles import AnswerThrottle
from accounts.waits import too_many
from interviews import services
from interviews.errors import Conflict, InvalidInput, NotFound, StillWorking
from interviews.models import AnotherAnswer, Turn
from interviews.pages.forms import WordsField
from interviews.services.engine import question_voice
from interviews.services.hearing import voice_shape
from interviews.services.loaded_session import LoadedSession
from interviews.services.model_answers import place_of
from interviews.services.readings import answer_parts, as_shown, level_shape, numbered
from interviews.services.saying_again import another_answer_shape, repeatable
from interviews.services.states import Shape, turn_shape

GROUPS = {
    "gained": _("Points gained"),
    "lost": _("Points lost"),
    "kept": _("Heard both times"),
    "unsure": _("Not sure what changed"),
    "open": _("Still not heard"),
}


class AgainForm(forms.Form):
    """Another answer to the same question."""

    response_text = WordsField(required=False, strip=False)
    action = forms.ChoiceField(required=False, choices=[(a, a) for a in ("answer", "as_answer")])


class AgainView(LoginRequiredMixin, View):
    """Shows what was said to a question so far, takes it once more, and shows what has changed."""

    throttle_scope = "submit"

    def get(self, request: HttpRequest, token: str, turn: int) -> HttpResponse:
        return self.show(request, token, turn)

    def post(self, request: HttpRequest, token: str, turn: int) -> HttpResponse:
        form = AgainForm(request.POST)
        if not form.is_valid():
            raise Http404
        text, more = form.cleaned_data["response_text"], form.cleaned_data["action"]
        throttle = AnswerThrottle()
        if not throttle.allow_request(request, self):  # type: ignore[arg-type]
            told = too_many(throttle.wait() or 60)
            return self.show(request, token, turn, status=429, error=told, typed=text)
        try:
            services.say_again(
                user=user_of(request),
                token=token,
                number=turn,
                text=text,
                as_answer=more == "as_answer",
            )
        except NotFound as error:
            raise Http404 from error
        except (InvalidInput, Conflict) as error:
            status = 400 if isinstance(error, InvalidInput) else 409
            return self.show(request, token, turn, status=status, error=str(error), typed=text)
        except StillWorking:
            pass
        return redirect(f"{reverse('again', args=[token, turn])}#now")

    def show(
        self, request: HttpRequest, token: str, number: int, *, status: int = 200, **more: Any
    ) -> HttpResponse:
        try:
            session, turn = repeatable(user_of(request), token, number)
        except NotFound as error:
            raise Http404 from error
        except Conflict:
            return redirect("room", token=token)
        context = again_context(session, turn) | more
        response = render(request, "interviews/again.html", context, status=status)
        response["Cache-Control"] = "no-store"
        return response


def again_context(session: LoadedSession, turn: Turn) -> dict[str, Any]:
    """Return the first answer to a turn, the latest one with what has changed, and those between."""
    kept = list(AnotherAnswer.objects.filter(turn=turn))
    shown = [shown_again(turn, one) for one in kept[-1:]]
    first = turn_shape(turn, with_evaluation=True, settled=True)
    return {
        "session": session.session,
        "interview": session.interview,
        "question": {"turn": turn.number, "text": turn.text},
        "number": turn.question.number,
        "is_follow_up": turn.is_follow_up,
        "first": as_shown(turn, first, closes=True),
        "latest": shown[0] if shown else None,
        "between": [shown_again(turn, one) for one in reversed(kept[:-1])],
        "voice": voice_shape(),
        "server_voice": question_voice() is not None,
        "open_question": session.open_turn,
    }


def shown_again(turn: Turn, kept: AnotherAnswer) -> Shape:
    """Return an answer given anew as the page shows it: in parts, with its level, and its points in groups."""
    shape = another_answer_shape(turn, kept)
    points = numbered(turn.question, shape["evaluation"])
    places = {point["id"]: place_of(point["number"]) for point in points}
    return shape | {
        "parts": answer_parts(shape, points),
        "level": level_shape(shape["evaluation"]),
        "is_being_rated": kept.is_being_rated(timezone.now()),
        "unsure": sum(one["change"] == "unsure" for one in shape["changes"]),
        "groups": _grouped([one | places[one["id"]] for one in shape["changes"]]),
    }


def _grouped(found: list[Shape]) -> list[Shape]:
    groups = (
        {
            "kind": kind,
            "title": title,
            "points": [one for one in found if one["change"] == kind],
        }
        for kind, title in GROUPS.items()
    )
    return [group for group in groups if group["points"]]
