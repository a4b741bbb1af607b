"""The interview room: one question, one answer, everything else quiet."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views import View

from accounts.requests import user_of
from interviews import services
from interviews.errors import Conflict, InvalidInput, KeyReused, NewerDraft, NotFound, StillWorking
from interviews.models.choices import TIME_FACTORS
from interviews.pages.forms import AnswerForm, DraftForm
from interviews.pages.unsent import forget_answer, keep_answer, kept_context
from interviews.services.drafting import draft_revision
from interviews.services.engine import question_voice
from interviews.services.hearing import voice_shape
from interviews.services.loaded_session import LoadedSession
from interviews.services.lookups import candidates_session
from interviews.services.readings import page_turn
from interviews.services.refusing import closed_question
from interviews.services.starting import resume
from interviews.services.states import seconds_left, session_state
from interviews.services.turn.answer import Submission

UNREADABLE = "This answer could not be read. Nothing is lost: send it again."
ANSWERED = _("This question is answered already.")


def is_fetch(request: HttpRequest) -> bool:
    """Tell whether our own script asks, which wants the room's partial instead of the page."""
    return request.headers.get("X-Requested-With") == "fetch"


class RoomView(LoginRequiredMixin, View):
    """Shows the open question and takes its answer; works by plain form posts."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        session = self.session(request, token)
        return self.show(request, session, **kept_context(request, session))

    def handle_no_permission(self) -> HttpResponseRedirect:
        """Ask to sign in; an answer that came by a plain form is kept meanwhile."""
        if self.request.method == "POST" and not is_fetch(self.request):
            keep_answer(self.request, self.kwargs["token"])
        return super().handle_no_permission()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        typed = request.POST.get("response_text", "")
        try:
            session = self.submit(request, token)
        except InvalidInput as error:
            session = self.session(request, token)
            return self.show(request, session, status=400, error=error.message, typed=typed)
        except (Conflict, KeyReused) as error:
            forget_answer(request)
            why = ANSWERED if isinstance(error, KeyReused) else str(error)
            session = self.session(request, token)
            return self.show(request, session, status=409, unsent=typed, why=why)
        except StillWorking:
            session = self.session(request, token)
        forget_answer(request)
        return self.show(request, session) if is_fetch(request) else redirect("room", token=token)

    def session(self, request: HttpRequest, token: str) -> LoadedSession:
        return resume(own_session(request, token))

    def submit(self, request: HttpRequest, token: str) -> LoadedSession:
        form = AnswerForm(request.POST)
        if not form.is_valid():
            raise InvalidInput("response_text", UNREADABLE)
        given = form.cleaned_data
        skipped = given["action"] == "skip"
        text = "" if skipped else given["response_text"]
        submission = Submission(
            given["turn"],
            text,
            given["key"],
            skipped,
            recording=given["recording"],
            as_answer=given["action"] == "as_answer",
        )
        try:
            return services.submit_response(
                user=user_of(request), token=token, submission=submission
            ).session
        except NotFound as error:
            raise Http404 from error

    def show(
        self, request: HttpRequest, session: LoadedSession, *, status: int = 200, **more: Any
    ) -> HttpResponse:
        if session.is_over and not is_fetch(request) and not more:
            return redirect("results", token=session.token)
        context = room_context(session) | {k: v for k, v in more.items() if v is not None}
        template = "interviews/_room.html" if is_fetch(request) else "interviews/room.html"
        response = render(request, template, context, status=status)
        response["Cache-Control"] = "no-store"
        return response


def own_session(request: HttpRequest, token: str) -> LoadedSession:
    try:
        return candidates_session(user_of(request), token)
    except NotFound as error:
        raise Http404 from error


def room_context(session: LoadedSession) -> dict[str, Any]:
    state = session_state(session)
    last = session.answered_turns[-1] if session.answered_turns else None
    return {
        "interview": session.interview,
        "session": session.session,
        "state": state,
        "question": state["question"],
        "progress": state["progress"],
        "last": page_turn(session, last) if last and session.shows_evaluations else None,
        "aside": _last_aside(state["question"]),
        "key": uuid.uuid4().hex,
        "voice": voice_shape(),
        "server_voice": question_voice() is not None,
        "is_over": session.is_over,
        "session_seconds_left": seconds_left(session.deadline),
        "more_time": _more_time(session),
    }


def _more_time(session: LoadedSession) -> list[float] | None:
    """Return the factors of the planned time that are more than there is; None without a timer, or in a screening."""
    turn, factor = session.open_turn, session.time_factor
    is_timed = session.deadline is not None or (turn is not None and turn.deadline is not None)
    if factor is None or not is_timed or not session.interview.is_practice:
        return None
    return [more for more in TIME_FACTORS if more > factor]


def _last_aside(question: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return what was last said to us in the open question, with our reply."""
    return question["asides"][-1] if question and question["asides"] else None


class DraftView(LoginRequiredMixin, View):
    """Keeps what is typed so far; sent by the room's script every few seconds."""

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        form = DraftForm(request.POST)
        if not form.is_valid():
            return JsonResponse({"errors": form.errors}, status=400)
        try:
            saved = services.save_draft(user=user_of(request), token=token, **form.cleaned_data)
        except NotFound as error:
            raise Http404 from error
        except InvalidInput as error:
            return JsonResponse({"errors": {error.field: [error.message]}}, status=400)
        except NewerDraft as error:
            newer = {"detail": str(error), "draft": error.draft, "revision": error.revision}
            return JsonResponse(newer, status=412)
        if saved:
            revision = draft_revision(form.cleaned_data["text"])
            return HttpResponse(status=204, headers={"Draft-Revision": revision})
        return JsonResponse(closed_draft(request, token, form.cleaned_data["turn"]), status=409)


def closed_draft(request: HttpRequest, token: str, number: int) -> dict[str, str]:
    """Return why a draft comes too late, and the answer that its question has."""
    session = own_session(request, token)
    turn = next((turn for turn in session.answered_turns if turn.number == number), None)
    answer = turn.given_answer if turn else None
    return {
        "detail": str(closed_question(session, number)),
        "answer": answer.text if answer else "",
    }
