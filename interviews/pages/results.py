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
from interviews.pages.advice import advice, practise_again, weak_points
from interviews.pages.mentor_links import own_links
from interviews.pages.room import own_session
from interviews.services.loaded_session import LoadedSession, load_session
from interviews.services.readings import page_turns
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
            context = {"session": session.session, "state": state}
            return render(request, "interviews/thanks.html", context)
        context = practice_context(session) | {"mentor_links": own_links(request, session.session)}
        return render(request, "interviews/results.html", context)


def practice_context(session: LoadedSession) -> dict[str, Any]:
    """Return what a candidate learns of their own practice: results, and what to do with them."""
    context = results_context(session)
    results = context["results"]
    again = practise_again(session.interview, results)
    weak = weak_points(results)
    told = {"advice": advice(results, weak), "weak_points": weak}
    return context | told | {"again": again, "may_claim": True}


def results_context(session: LoadedSession) -> dict[str, Any]:
    """Return what a results page shows: figures, pictures, and each turn with its evidence."""
    results = services.session_results(session)
    beside = {
        turn["turn"]: {name: turn[name] for name in ("recordings", "claims", "said_again")}
        for turn in results["turns"]
    }
    heard = {number: own["recordings"] for number, own in beside.items()}
    return {
        "turns": [turn | beside[turn["turn"]] for turn in page_turns(session, heard)],
        "session": session.session,
        "interview": session.interview,
        "results": results,
        "open_question": _asked_about(session),
        "competencies": [with_bar(item) for item in results["competencies"]],
        "questions": [with_bar(item) for item in results["questions"]],
    }


def with_bar(item: dict[str, Any]) -> dict[str, Any]:
    """Add to a score its picture; one that is not sure is shown as a range, which has none."""
    return item | {"bar": charts.score_bar(item["score"]) if item["sure"] else None}


def _asked_about(session: LoadedSession) -> dict[str, Any] | None:
    """Return the open question if its candidate has turned to us in it."""
    turn = session.open_turn
    return (
        turn_shape(turn, with_evaluation=False, settled=False) if turn and turn.aside_list else None
    )


def with_scores(request: HttpRequest, token: str) -> LoadedSession:
    """Return a session of a screening whose scores this person may see, or 404."""
    return _loaded(InterviewSession.objects.visible_to(user_of(request)), token)


def reviewable(request: HttpRequest, token: str) -> LoadedSession:
    """Return a session whose ratings this person may overrule, or 404."""
    return _loaded(InterviewSession.objects.reviewable_by(user_of(request)), token)


def _loaded(sessions: InterviewSessionQuerySet, token: str) -> LoadedSession:
    session = load_session(sessions.filter(token=token, interview__mode="screening"))
    if session is None:
        raise Http404
    return session
