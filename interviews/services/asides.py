"""Keeps what is said to us instead of answering: the question stays open, its time goes on, and nothing is rated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db import IntegrityError, transaction
from django.db.models import F

from ai.aside_replies import Setting, reply_to
from ai.asides import AsideKind, aside_kind
from ai.schemas import Mode, QuestionType
from interviews.errors import KeyReused
from interviews.models import Answer, Aside, InterviewSession, Turn
from interviews.models.aside import SECOND
from interviews.services.loaded_session import LoadedSession
from interviews.services.refusing import closed_question
from interviews.services.states import Shape, aside_shape, progress_shape, question_shape

if TYPE_CHECKING:
    from interviews.services.turn.answer import Submission

REUSED = "This Idempotency-Key came with another answer before. Use a new key."


def known_aside(session: LoadedSession, given: Submission) -> Aside | None:
    """Return the aside that came under this key in a loaded session. Raises `KeyReused` if it had another body."""
    asides = ((turn, aside) for turn in session.turns for aside in turn.aside_list)
    turn, found = next((pair for pair in asides if pair[1].key == given.key), (None, None))
    if turn is None or found is None:
        return None
    if turn.number != given.turn or found.sha256 != given.sha256 or given.as_answer:
        raise KeyReused(REUSED)
    return found


def kind_of(session: LoadedSession, given: Submission) -> AsideKind | None:
    """Return what kind of aside a submission to a loaded session is; None if it is an answer, or its sender says so."""
    if given.skipped or given.as_answer:
        return None
    asked = session.turn(given.turn)
    return aside_kind(given.text, question=asked.text if asked else "")


def record_aside(session: LoadedSession, given: Submission, kind: AsideKind) -> tuple[Aside, bool]:
    """Store an aside with its reply in one short transaction; returns it, and whether it is new.

    The second one on a question calls a person in a screening. Raises `Conflict` if the turn is not open, and
    `KeyReused` for the same key with another body.
    """
    try:
        with transaction.atomic():
            is_open = InterviewSession.objects.touch(session.pk)
            asked = Turn.objects.open().filter(session_id=session.pk, number=given.turn)
            turn = asked.select_related("question").first() if is_open else None
            if turn is None:
                raise closed_question(session, given.turn)
            if Answer.objects.filter(session_id=session.pk, key=given.key).exists():
                raise KeyReused(REUSED)
            turn.session = session.session
            return _store(turn, given, kind), True
    except IntegrityError as error:
        same = Aside.objects.filter(session_id=session.pk, key=given.key, turn__number=given.turn)
        known = same.filter(sha256=given.sha256).first()
        if known is None:
            raise KeyReused(REUSED) from error
        return known, False


def _store(turn: Turn, given: Submission, kind: AsideKind) -> Aside:
    number = turn.aside_count + 1
    changes: dict[str, Any] = {"aside_count": F("aside_count") + 1}
    if number >= SECOND and not turn.session.interview.is_practice:
        changes["needs_person"] = True
    if turn.draft.strip() and given.text.startswith(turn.draft.strip()):
        changes["draft"] = ""
    Turn.objects.filter(pk=turn.pk).update(**changes)
    return Aside.objects.create(
        turn=turn,
        session=turn.session,
        key=given.key,
        text=given.text,
        modality=given.modality,
        sha256=given.sha256,
        kind=kind,
        reply=reply_to(kind, _setting(turn, is_second=number >= SECOND)),
    )


def _setting(turn: Turn, *, is_second: bool) -> Setting:
    interview, question = turn.session.interview, turn.question
    return Setting(
        cast("QuestionType", question.question_type),
        question.in_other_words,
        turn.is_follow_up,
        interview.language,
        cast("Mode", interview.mode),
        is_second=is_second,
    )


def aside_reply(session: LoadedSession, aside: Aside) -> Shape:
    """Return the reply to an aside in a loaded session: what we say, and the question that is open now, the same one as a rule."""
    turn = next(turn for turn in session.turns if turn.pk == aside.turn_id)
    asked = session.open_turn
    return {
        "turn": turn.number,
        "status": "active" if asked else "completed",
        "transcript": aside.text,
        "evaluation": None,
        "next_step": "continue" if asked else "complete",
        "next_question": question_shape(asked),
        "progress": progress_shape(session),
        "aside": aside_shape(aside),
    }
