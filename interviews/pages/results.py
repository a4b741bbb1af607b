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
from interviews.pages.doubts import Range, question_ranges, range_of_mean
from interviews.pages.room import own_session
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
            context = {"session": session, "state": state}
            return render(request, "interviews/thanks.html", context)
        return render(request, "interviews/results.html", practice_context(session))


def practice_context(session: InterviewSession) -> dict[str, Any]:
    """Return what a candidate learns of their own practice: results, and what to do with them."""
    context = results_context(session)
    results = context["results"]
    again = practise_again(session.interview, score=results["overall_score"])
    weak = weak_points(results)
    told = {"advice": advice(results, weak), "weak_points": weak}
    return context | told | {"again": again, "may_claim": True}


def results_context(session: InterviewSession) -> dict[str, Any]:
    """Return what a results page shows: figures, pictures, and each turn with its evidence."""
    results = services.session_results(session)
    beside = {
        turn["turn"]: {name: turn[name] for name in ("recordings", "claims", "said_again")}
        for turn in results["turns"]
    }
    heard = {number: own["recordings"] for number, own in beside.items()}
    return {
        "turns": [turn | beside[turn["turn"]] for turn in page_turns(session, heard)],
        "session": session,
        "interview": session.interview,
        "results": results,
        "open_question": _asked_about(session),
        "overall_range": range_of_mean(list(question_ranges(results).values())),
        "competencies": with_bars(results["competencies"], results),
        "questions": with_bars(results["questions"], results),
    }


def with_bars(items: list[dict[str, Any]], results: dict[str, Any]) -> list[dict[str, Any]]:
    """Add to each score its picture or, if too much of it is not sure, the range that is shown instead."""
    by_turn = {
        turn: found
        for item in results["questions"]
        for turn in item["turns"][:1]
        if (found := question_ranges(results).get(item["question_number"]))
    }
    return [
        with_bar(item, [by_turn[turn] for turn in item["turns"] if turn in by_turn])
        for item in items
    ]


def with_bar(item: dict[str, Any], found: list[tuple[Range, bool]]) -> dict[str, Any]:
    score, between = item["score"], range_of_mean(found)
    bar = None if score is None or between else charts.score_bar(score)
    return item | {"bar": bar, "between": between if score is not None else None}


def _asked_about(session: InterviewSession) -> dict[str, Any] | None:
    """Return the open question if its candidate has turned to us in it."""
    turn = session.open_turn
    return (
        turn_shape(turn, with_evaluation=False, settled=False) if turn and turn.aside_list else None
    )


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
