"""Results: scores for whoever may see them, and one's own answers for everybody."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from accounts.requests import user_of
from interviews import services
from interviews.models import InterviewSession
from interviews.models.session import InterviewSessionQuerySet
from interviews.pages import charts
from interviews.pages.advice import practise_again, weak_points
from interviews.pages.room import own_session
from interviews.services.results import recordings_by_turn
from interviews.services.starting import resume
from interviews.services.states import session_state, turn_shape


class ResultsView(LoginRequiredMixin, View):
    """A finished session, as its candidate may see it."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        session = resume(own_session(request, token))
        if not session.is_over:
            return redirect("room", token=token)
        if not session.interview.is_practice:
            state, recordings = session_state(session), recordings_by_turn(session)
            for turn, shape in zip(session.answered_turns, state["turns"], strict=True):
                shape["recordings"] = recordings[turn.pk]
            context = {"session": session, "state": state}
            return render(request, "interviews/thanks.html", context)
        return render(request, "interviews/results.html", practice_context(session))


def practice_context(session: InterviewSession) -> dict[str, Any]:
    """Return what a candidate learns of their own practice: results, and what to do with them."""
    context = results_context(session)
    results = context["results"]
    again = practise_again(session.interview, score=results["overall_score"])
    return context | {"weak_points": weak_points(results), "again": again}


def results_context(session: InterviewSession) -> dict[str, Any]:
    """Return what a results page shows: figures, pictures, and each turn with its evidence."""
    results = services.session_results(session)
    return {
        "session": session,
        "interview": session.interview,
        "results": results,
        "open_question": _asked_about(session),
        "competencies": [with_bar(item) for item in results["competencies"]],
        "questions": [with_bar(item) for item in results["questions"]],
    }


def _asked_about(session: InterviewSession) -> dict[str, Any] | None:
    """Return the open question if its candidate has turned to us in it."""
    turn = session.open_turn
    return turn_shape(turn, with_evaluation=False) if turn and turn.aside_list else None


def with_bar(item: dict[str, Any]) -> dict[str, Any]:
    score = item["score"]
    return item | {"bar": None if score is None else charts.score_bar(score)}


def with_scores(request: HttpRequest, token: str) -> InterviewSession:
    """Return a session of a screening whose scores this person may see, or 404."""
    return _loaded(InterviewSession.objects.visible_to(user_of(request)), token)


def reviewable(request: HttpRequest, token: str) -> InterviewSession:
    """Return a session whose ratings this person may overrule, or 404."""
    return _loaded(InterviewSession.objects.reviewable_by(user_of(request)), token)


def _loaded(sessions: InterviewSessionQuerySet, token: str) -> InterviewSession:
    session = sessions.load_one(token=token, interview__mode="screening")
    if session is None:
        raise Http404
    return session
