"""Final results, computed from rows on every read."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from accounts.models import User
from ai.scoring import build_report
from interviews.errors import InvalidInput, NotFound
from interviews.models import Interview, InterviewSession, Recording, Turn
from interviews.services.claims import claims_by_turn
from interviews.services.graph_state import provenance_of
from interviews.services.mirrors import mirror_shape
from interviews.services.states import Shape, aside_shape, is_settled, turn_shape
from interviews.services.summaries import rows_of, session_report


def session_results(session: InterviewSession) -> Shape:
    """Return everything somebody who may see scores learns of a session, JSON-safe."""
    report = session_report(session)
    final = session.is_over and report["status"] == "complete"
    turns, recordings = session.answered_turns, recordings_by_turn(session)
    claims = claims_by_turn(session)
    return {
        "session_token": session.token,
        "candidate": session.candidate.full_name,
        "session_status": session.status,
        "status": "complete" if final else "incomplete",
        "overall_score": report["overall_score"] if final else None,
        "recommendation": report["recommendation"] if final else None,
        "competencies": report["competencies"],
        "questions": report["questions"],
        "left_out": report["left_out"],
        "strengths": report["strengths"],
        "improvements": report["improvements"],
        "summary": report["summary"],
        "pending": [t.number for t in turns if t.evaluation == Turn.Evaluation.PENDING],
        "needs_person": _for_a_person(session),
        "turns": [
            {
                **turn_shape(turn, with_evaluation=True, settled=is_settled(session, turn)),
                **_beside(session, turn, recordings[turn.pk]),
                "recordings": recordings[turn.pk],
                "claims": claims[turn.pk],
            }
            for turn in turns
        ],
        "asides": [
            {"turn": turn.number, "number": turn.question.number, **aside_shape(aside)}
            for turn in session.turn_list
            for aside in turn.aside_list
        ],
        "provenance": _provenance(turns),
    }


def _beside(session: InterviewSession, turn: Turn, heard: list[Shape]) -> Shape:
    """Return what stands beside an answer in practice: a good one, once no more can be asked, and the mirror."""
    if not session.interview.is_practice:
        return {"model_answer": None, "mirror": None}
    model = turn.question.reference_answer if is_settled(session, turn) else ""
    return {"model_answer": model or None, "mirror": mirror_shape(session, turn, heard)}


def _for_a_person(session: InterviewSession) -> list[int]:
    """Return the turns that a person should look at; in practice there is none."""
    if session.interview.is_practice:
        return []
    return [turn.number for turn in session.turn_list if turn.needs_person]


def recordings_by_turn(session: InterviewSession) -> dict[int, list[Shape]]:
    """Return what was heard in each turn, with the names of the recordings that may be played."""
    found: dict[int, list[Shape]] = defaultdict(list)
    for recording in Recording.objects.filter(turn__session=session, size__gt=0):
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
    found = sessions[:2].load()
    if not found:
        raise NotFound("There are no results for this interview.")
    if len(found) > 1:
        raise InvalidInput(
            "session", "This interview has several sessions. Name one: ?session=TOKEN."
        )
    return session_results(found[0])


def practice_scores(*, user: User, limit: int = 30) -> list[Shape]:
    """Return the overall scores (0-100) of a person's latest finished practice interviews, oldest first."""
    sessions = InterviewSession.objects.of_candidate(user)
    done = sessions.filter(interview__mode="practice", status="completed").order_by("-finished_at")
    reports = [
        (session, build_report(*rows_of(session), mode="practice"))
        for session in done[:limit].load()
    ]
    return [
        {
            "session": session,
            "score": report["overall_score"],
            "finished_at": session.finished_at,
        }
        for session, report in reversed(reports)
        if report["overall_score"] is not None
    ]
