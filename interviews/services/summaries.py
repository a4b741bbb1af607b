"""Describes finished sessions in a model's words: written by the loop and kept, so that reading asks no model."""

from __future__ import annotations

import hashlib
import json
from typing import cast

from django.db.models import QuerySet
from django.utils import timezone

from ai.providers import wording
from ai.schemas import AnsweredTurn, Mode, PlannedQuestion, Report
from ai.scoring import build_report
from interviews.errors import Busy
from interviews.models import InterviewSession
from interviews.services.engine import ai_service, no_connection_held
from interviews.services.loaded_session import LoadedSession
from interviews.services.lookups import fresh
from interviews.services.spending import costs_money, metered_work
from interviews.services.turn.graph_input import answered_turn, planned_questions

Rows = tuple[list[PlannedQuestion], list[AnsweredTurn]]


def rows_of(session: LoadedSession) -> Rows:
    """Return a loaded session's plan and its answered turns, as plain data."""
    return planned_questions(session), [answered_turn(turn) for turn in session.answered_turns]


def mode_of(session: LoadedSession) -> Mode:
    return cast("Mode", session.interview.mode)


def session_report(session: LoadedSession) -> Report:
    """Return the session's report; `incomplete` while a rating is missing or a question was not reached.

    Its summary is the one that the loop has written for these very figures, or else one of plain words.
    """
    report = build_report(*rows_of(session), mode=mode_of(session))
    is_written = session.session.summary_of == fingerprint(report)
    report["summary"] = session.session.summary if is_written else wording.summary(report)
    return report


def fingerprint(report: Report) -> str:
    """Name a report's figures, so that a summary is never shown for others than it describes."""
    shown = {name: value for name, value in report.items() if name != "left_out" or value}
    figures = json.dumps({**shown, "summary": ""}, sort_keys=True)
    return hashlib.sha256(figures.encode()).hexdigest()


def undescribed_sessions() -> QuerySet[InterviewSession]:
    """Return finished sessions that no model has described since their last rating."""
    return (
        InterviewSession.objects.undescribed() if costs_money() else InterviewSession.objects.none()
    )


def describe(session: InterviewSession) -> bool:
    """Let the model describe a finished session; True if there is a summary now.

    Nothing is kept if a rating has come in since. Raises `Busy` if the model cannot be reached.
    """
    loaded = fresh(session)
    questions, turns = rows_of(loaded)
    spec = loaded.interview.as_spec(seed=loaded.token)
    with metered_work(loaded.session), no_connection_held():
        report = ai_service().summarize_interview(spec, questions=questions, turns=turns)
    if report["overall_score"] is not None and report["summary"] == wording.summary(report):
        raise Busy("The summary could not be written.")
    latest = max((r.pk for turn in loaded.turns for r in turn.rating_list), default=0)
    same = InterviewSession.objects.undescribed().filter(pk=loaded.pk)
    return bool(
        same.exclude(turns__ratings__pk__gt=latest).update(
            summary=report["summary"],
            summary_of=fingerprint(report),
            described_at=timezone.now(),
        )
    )
