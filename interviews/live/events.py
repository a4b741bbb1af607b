"""What the server says: built from rows, in one shape with REST, with our own pages' partials for our own pages."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from interviews import errors
from interviews.models import Turn
from interviews.pages.room import room_context
from interviews.services.hearing import voice_shape
from interviews.services.loaded_session import LoadedSession
from interviews.services.readings import page_turn
from interviews.services.states import (
    evaluation_shape,
    is_settled,
    progress_shape,
    question_shape,
    session_state,
)
from interviews.services.turn.answer import next_step
from interviews.services.turn.run import Step

Event = dict[str, Any]
CODES: dict[type[Exception], tuple[str, bool]] = {
    errors.InvalidInput: ("invalid", False),
    errors.Conflict: ("conflict", False),
    errors.NewerDraft: ("newer_draft", False),
    errors.TooLate: ("too_late", False),
    errors.Changed: ("conflict", False),
    errors.KeyReused: ("key_reused", False),
    errors.NotFound: ("not_found", False),
    errors.StillWorking: ("working", True),
    errors.LeaseLost: ("working", True),
    errors.Busy: ("busy", True),
    errors.SpeechMissing: ("no_speech", False),
    errors.NotAudio: ("unreadable", False),
    errors.TooLarge: ("too_large", False),
    errors.QuotaUsed: ("quota", False),
}
FIELDS = {"response_text": "text"}
SENTENCE_END = re.compile(r"(?<=[.!?] )(?=\S)")
TOKEN_OF_THE_PAGE = "the page's own"  # noqa: S105 - a mark where the page puts its token


def error_event(error: errors.InterviewError, **about: Any) -> Event:
    """Map a domain error to its event; a conflict carries the present state."""
    code, retryable = CODES[type(error)]
    event = {"type": "error", "code": code, "detail": str(error), "retryable": retryable, **about}
    if isinstance(error, errors.InvalidInput):
        event["field"] = FIELDS.get(error.field, error.field)
    if isinstance(error, errors.NewerDraft):
        event |= {"turn": error.turn, "draft": error.draft, "revision": error.revision}
    if getattr(error, "state", None):
        event["state"] = error.state  # type: ignore[attr-defined]
    return event


def state_event(session: LoadedSession, *, for_page: bool) -> Event:
    """Return everything that a client needs to show the session."""
    event = {"type": "state", **session_state(session), "voice": voice_shape()}
    return event | (room_html(session) if for_page else {})


def step_events(step: Step, *, for_page: bool) -> list[Event]:
    """Return what a step of a turn means for the client who sent the answer."""
    if step.kind == "rated":
        return evaluation_events(step, for_page=for_page)
    if step.kind == "aside":
        return aside_events(step, for_page=for_page)
    if step.following is None:
        return [*evaluation_events(step, for_page=False), _completed(step, for_page=for_page)]
    pieces = [] if for_page else question_deltas(step.following)
    return [*evaluation_events(step, for_page=False), *pieces, _question(step, for_page=for_page)]


def aside_events(step: Step, *, for_page: bool) -> list[Event]:
    """Return what we say to something that was said to us, and the same question again: it stays open."""
    reply = step.reply or {}
    told = {"type": "aside", "turn": step.turn.number, **reply["aside"]}
    again = {
        "type": "question",
        "turn": step.turn.number,
        "next_step": reply["next_step"],
        "question": reply["next_question"],
        "progress": reply["progress"],
        "aside": reply["aside"],
    }
    return [told, again | (room_html(step.session) if for_page else {})]


def evaluation_events(step: Step, *, for_page: bool) -> list[Event]:
    """Return the evaluation, where there is one and its candidate may see it."""
    settled = is_settled(step.session, step.turn)
    is_shown = step.session.shows_evaluations
    shape = evaluation_shape(step.turn, settled=settled) if is_shown else None
    if shape is None or shape["status"] == "pending":
        return []
    event = {"type": "evaluation", "turn": step.turn.number, "evaluation": shape}
    if for_page:
        context = {
            "session": step.session.session,
            "turn": page_turn(step.session, step.turn),
            "csrf_token": TOKEN_OF_THE_PAGE,
        }
        event["feedback_html"] = render_to_string("interviews/_feedback.html", context)
    return [event]


def question_deltas(following: Turn) -> list[Event]:
    """Return a question's text sentence by sentence, for who reads it aloud; joined, the pieces are the whole text.

    A question is checked whole before anybody gets a word of it, so they come together and the `question` follows.
    """
    pieces = SENTENCE_END.split(following.text)
    return [
        {"type": "question.delta", "turn": following.number, "number": number, "text": piece}
        for number, piece in enumerate(pieces)
    ]


def _question(step: Step, *, for_page: bool) -> Event:
    event = {
        "type": "question",
        "turn": step.turn.number,
        "next_step": next_step(step.following),
        "question": question_shape(step.following),
        "progress": progress_shape(step.session),
    }
    return event | (room_html(step.session) if for_page else {})


def _completed(step: Step, *, for_page: bool) -> Event:
    session, progress = step.session, progress_shape(step.session)
    event = {"type": "completed", "status": session.status, "progress": progress}
    return event | (room_html(session) if for_page else {})


def room_html(session: LoadedSession) -> Event:
    """Return the room's partial; the page puts its own CSRF token in."""
    with zone_of_candidate(session):
        context = room_context(session) | {"csrf_token": TOKEN_OF_THE_PAGE}
        return {"html": render_to_string("interviews/_room.html", context)}


def zone_of_candidate(session: LoadedSession) -> AbstractContextManager[None]:
    """Return a context with the candidate's time zone, as a page has it, if there is a time to show."""
    return timezone.override(session.candidate.zone) if session.deadline else nullcontext()
