"""Final results, computed from rows on every read."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.models import User
from ai.schemas import Report
from interviews.errors import InvalidInput, NotFound
from interviews.models import AnotherAnswer, Interview, InterviewSession, Recording, Turn
from interviews.services.claims import claims_by_turn
from interviews.services.doubts import (
    Figure,
    competency_figures,
    figure_shape,
    overall_figure,
    question_figures,
)
from interviews.services.loaded_session import LoadedSession, load_sessions
from interviews.services.mirrors import mirror_shape
from interviews.services.states import Shape, aside_shape, is_settled, turn_shape
from interviews.services.summaries import session_report
from interviews.services.turn.graph_input import answered_turn, provenance_of


def session_results(session: LoadedSession) -> Shape:
    """Return everything somebody who may see scores learns of a session, JSON-safe."""
    report = session_report(session)
    final = session.is_over and report["status"] == "complete"
    turns, recordings = session.answered_turns, recordings_by_turn(session)
    claims, again = claims_by_turn(session), times_said_again(session)
    return {
        "session_token": session.token,
        "candidate": session.candidate.full_name,
        "session_status": session.status,
        "status": "complete" if final else "incomplete",
        **_figures(report, turns, is_final=final),
        "left_out": report["left_out"],
        "strengths": report["strengths"],
        "improvements": report["improvements"],
        "pending": [t.number for t in turns if t.evaluation == Turn.Evaluation.PENDING],
        "needs_person": _for_a_person(session),
        "turns": [
            {
                **turn_shape(turn, with_evaluation=True, settled=is_settled(session, turn)),
                **_beside(session, turn, recordings[turn.pk]),
                "recordings": recordings[turn.pk],
                "claims": claims[turn.pk],
                "said_again": again.get(turn.pk, 0),
            }
            for turn in turns
        ],
        "asides": [
            {"turn": turn.number, "number": turn.question.number, **aside_shape(aside)}
            for turn in session.turns
            for aside in turn.aside_list
        ],
        "provenance": _provenance(turns),
    }


def _figures(report: Report, turns: list[Turn], *, is_final: bool) -> Shape:
    """Return the scores with their ranges; what is said of a total that is not sure names no figure."""
    by_question = question_figures(report, [answered_turn(turn) for turn in turns])
    by_competency = competency_figures(report, by_question)
    overall = overall_figure(report, by_question) if is_final else None
    is_sure = overall is not None and overall.sure
    return {
        "overall_score": overall.score if overall else None,
        "overall_range": [overall.low, overall.high] if overall else None,
        "overall_sure": is_sure,
        "recommendation": report["recommendation"] if is_sure else None,
        "competencies": [
            {**item, **figure_shape(by_competency[item["competency"]])}
            for item in report["competencies"]
        ],
        "questions": [
            {**item, **figure_shape(by_question.get(item["question_number"]))}
            for item in report["questions"]
        ],
        "summary": unsure_summary(overall) if overall and not is_sure else report["summary"],
    }


def unsure_summary(overall: Figure) -> str:
    """Say in which range a total is that is not sure; prose about its figure would pretend to know it."""
    told = _("The overall score is between %(low)s and %(high)s of 100; not sure.")
    return told % {"low": overall.low, "high": overall.high}


def times_said_again(session: LoadedSession) -> dict[int, int]:
    """Return how often each turn was said again, by the turns' ids; in a screening none is."""
    if not session.interview.is_practice:
        return {}
    found = AnotherAnswer.objects.filter(turn__session=session.session).order_by("turn_id")
    return dict(found.values_list("turn_id").annotate(Count("pk")))


def _beside(session: LoadedSession, turn: Turn, heard: list[Shape]) -> Shape:
    """Return what stands beside an answer in practice: a good one, once no more can be asked, and the mirror."""
    if not session.interview.is_practice:
        return {"model_answer": None, "mirror": None}
    model = turn.question.reference_answer if is_settled(session, turn) else ""
    return {"model_answer": model or None, "mirror": mirror_shape(session.session, turn, heard)}


def _for_a_person(session: LoadedSession) -> list[int]:
    """Return the turns that a person should look at; in practice there is none."""
    if session.interview.is_practice:
        return []
    return [turn.number for turn in session.turns if turn.needs_person]


def recordings_by_turn(session: LoadedSession) -> dict[int, list[Shape]]:
    """Return what was heard in each turn, with the names of the recordings that may be played."""
    found: dict[int, list[Shape]] = defaultdict(list)
    for recording in Recording.objects.filter(turn__session=session.session, size__gt=0):
        found[recording.turn_id].append(_recording_shape(recording))
    return found


def recordings_of_turn(turn: Turn) -> list[Shape]:
    return [_recording_shape(recording) for recording in turn.recordings.filter(size__gt=0)]


def _recording_shape(recording: Recording) -> Shape:
    return {"key": recording.key, **(recording.transcript or {})}


def _provenance(turns: list[Turn]) -> list[dict[str, Any]]:
    """List the different raters of a session, without figures that differ from turn to turn."""
    keep = ("provider", "model", "prompt_version", "rubric_version")
    found = {
        tuple(provenance[name] for name in keep)  # type: ignore[literal-required]
        for turn in turns
        if (provenance := provenance_of(turn))
    }
    return [dict(zip(keep, values, strict=True)) for values in sorted(found)]


def interview_results(*, interview: Interview, user: User, token: str = "") -> Shape:
    """Return the results of one session of an interview, for somebody who may see them.

    Raises `NotFound`, and `InvalidInput` where the interview has several sessions and none is named.
    """
    sessions = InterviewSession.objects.visible_to(user).filter(interview=interview)
    if token:
        sessions = sessions.filter(token=token)
    found = load_sessions(sessions[:2])
    if not found:
        raise NotFound("There are no results for this interview.")
    if len(found) > 1:
        raise InvalidInput(
            "session", "This interview has several sessions. Name one: ?session=TOKEN."
        )
    _check_is_told(found[0])
    return session_results(found[0])


def _check_is_told(session: LoadedSession) -> None:
    """Raise `NotFound` if the candidate who practises wants to see nothing before the end."""
    if session.interview.is_practice and not session.shows_evaluations:
        raise NotFound(_("You chose to see the results at the end of this interview."))
