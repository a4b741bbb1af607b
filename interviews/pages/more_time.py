"""More time for a question, or no timer, by a plain button in the room."""

from __future__ import annotations

from contextlib import suppress

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.requests import user_of
from interviews import services
from interviews.errors import Conflict, InvalidInput, NewerDraft, NotFound
from interviews.pages.forms import WordsField
from interviews.pages.room import RoomView


class MoreTimeForm(forms.Form):
    """How much time is wanted, and what is typed so far."""

    time_factor = forms.TypedChoiceField(
        choices=[("1.5", "1.5"), ("2", "2"), ("none", "none")],
        coerce=lambda value: None if value == "none" else float(value),
    )
    turn = forms.IntegerField(min_value=1, max_value=1000)
    response_text = WordsField(required=False, strip=False)
    base = forms.CharField(required=False, max_length=64)


class MoreTimeView(RoomView):
    """Keeps what is typed, gives the time, and goes back to the question."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        form = MoreTimeForm(request.POST)
        if not form.is_valid():
            raise Http404
        given, typed = form.cleaned_data, form.cleaned_data["response_text"]
        user = user_of(request)
        draft = {"turn": given["turn"], "text": typed, "base": given["base"]}
        try:
            with suppress(NewerDraft):
                services.save_draft(user=user, token=token, **draft)
            services.give_more_time(user=user, token=token, factor=given["time_factor"])
        except NotFound as error:
            raise Http404 from error
        except InvalidInput as error:
            session = self.session(request, token)
            return self.show(request, session, status=400, error=error.message, typed=typed)
        except Conflict as error:
            session = self.session(request, token)
            return self.show(request, session, status=409, unsent=typed, why=str(error))
        return redirect("room", token=token)
