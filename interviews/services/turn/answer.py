"""Takes an answer: stores it durably first, then carries the interview on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction

from accounts.models import User
from ai.defence import prepare
from ai.masking import keep_private
from interviews.errors import Conflict, InvalidInput, KeyReused, NotFound, StillWorking
from interviews.groups import announce
from interviews.models import Answer, Aside, InterviewSession, Turn
from interviews.services.asides import REUSED, aside_reply, kind_of, known_aside, record_aside
from interviews.services.asking import start_clock
from interviews.services.cleaning import clean_answer, clean_text
from interviews.services.hearing import NOTHING_HEARD, transcribe
from interviews.services.loaded_session import LoadedSession
from interviews.services.lookups import candidates_session, fresh
from interviews.services.recordings import recording_of
from interviews.services.refusing import closed_question
from interviews.services.states import (
    Shape,
    evaluation_shape,
    is_settled,
    progress_shape,
    question_shape,
    session_state,
)
from interviews.services.turn.catch_up import is_being_heard, settle_flow
from interviews.services.turn.run import advance
from interviews.services.turn.storing import answer_hash, store_answer

KEY_LENGTH = 128


@dataclass(frozen=True, slots=True)
class Submission:
    """One answer on its way in; `key` makes sending it again harmless.

    With `as_answer` it is an answer even if it reads like something said to us.
    """

    turn: int
    text: str = ""
    key: str = ""
    skipped: bool = False
    audio: bytes = b""
    recording: str = ""
    as_answer: bool = False

    def __post_init__(self) -> None:
        """Keep the candidate's words out of whatever this work logs."""
        keep_private(self.text)

    @property
    def modality(self) -> str:
        if self.skipped:
            return Answer.Modality.SKIPPED
        spoken = self.audio or self.recording
        return Answer.Modality.AUDIO if spoken else Answer.Modality.TEXT

    @property
    def sha256(self) -> str:
        """Name the answer's content: the sound where it came as such, else the words and how they were given."""
        if self.audio:
            return hashlib.sha256(self.audio).hexdigest()
        return answer_hash(self.text, self.modality)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was stored: the answer of a turn of a loaded session, or an aside that leaves the turn open."""

    session: LoadedSession
    number: int
    is_new: bool
    aside: Aside | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a submission: the reply's shape, and whether it was a repeat."""

    session: LoadedSession
    reply: Shape
    is_replay: bool


def submit_response(
    *, user: User, token: str, submission: Submission, respond_async: bool = False
) -> Submitted:
    """Store one answer and carry the interview on to its next question; what is said to us leaves the question open.

    In a screening the next planned question comes before the rating; in practice only with `respond_async`, and otherwise the
    reply waits for the rating.
    The answer is safe once it is stored, whatever happens after. Sending it again with the same key, or
    without a key and with the same words, gives the same result. Raises `NotFound`, `InvalidInput`,
    `KeyReused`, `Conflict` (the turn is not open) and `StillWorking` (ask again with the same key);
    with audio also what `hearing.transcribe` raises, and `InvalidInput` where nothing could be heard.
    """
    try:
        taken = take_answer(user=user, token=token, submission=submission)
    except Conflict:
        # An answer that comes too late ends its question, which other pages have to learn.
        announce(InterviewSession.objects.get(token=token))
        raise
    session = taken.session
    if taken.aside is not None:
        announce(session.session)
        reply = aside_reply(session, taken.aside)
        return Submitted(session, reply, is_replay=not taken.is_new)
    may_follow = respond_async or not session.interview.is_practice
    if not advance(session, rating_may_follow=may_follow):
        session = fresh(session)
    announce(session.session)
    return submitted(session, taken.number, is_replay=not taken.is_new)


def take_answer(*, user: User, token: str, submission: Submission) -> Taken:
    """Store one answer, or an aside, durably, and nothing more.

    Raises as `submit_response`; `StillWorking` only while what was said in the question's time is written down.
    """
    session = candidates_session(user, token)
    if settle_flow(session):
        session = fresh(session)
    elif is_being_heard(session):
        raise StillWorking("The time is over. What you said is being written down.")
    clean = _clean(session, submission)
    try:
        return _taken(session, clean)
    except Conflict as conflict:
        session = fresh(session)
        start_clock(session)
        conflict.state = session_state(session)
        raise


def _taken(session: LoadedSession, clean: Submission) -> Taken:
    if aside := known_aside(session, clean):
        return Taken(session, clean.turn, is_new=False, aside=aside)
    heard = _heard(session, clean)
    kind = kind_of(session, heard)
    if kind is None or is_replay(session, heard):
        return Taken(session, clean.turn, record_answer(session, heard))
    aside, is_new = record_aside(session, heard, kind)
    session = fresh(session)
    start_clock(session)
    return Taken(session, clean.turn, is_new, aside)


def submitted(session: LoadedSession, number: int, *, is_replay: bool) -> Submitted:
    """Return what became of a loaded session's answer. Raises `StillWorking` while somebody carries it on."""
    start_clock(session)
    turn = session.turn(number)
    if turn is None:
        raise NotFound("This session was deleted.")
    if turn.flow == Turn.Flow.ANSWERED:
        raise StillWorking("Your answer is saved. The next question is on its way.")
    return Submitted(session, submit_shape(session, turn), is_replay=is_replay)


def _heard(session: LoadedSession, clean: Submission) -> Submission:
    """Put the words of an answer that came as sound into it, unless it is stored already."""
    if not clean.audio or is_replay(session, clean):
        return clean
    heard = transcribe(
        user=session.candidate, token=session.token, turn=clean.turn, audio=clean.audio
    )
    if heard["nothing_heard"]:
        raise InvalidInput("audio", NOTHING_HEARD)
    return replace(clean, text=clean_answer(heard["text"]))


def _clean(session: LoadedSession, given: Submission) -> Submission:
    text = "" if given.skipped else clean_answer(given.text)
    if not given.skipped and not given.audio and not prepare(text).text.strip():
        raise InvalidInput("response_text", "Write an answer, or skip the question.")
    if given.turn < 1:
        raise InvalidInput("turn", "Turns count from 1.")
    if len(given.key) > KEY_LENGTH:
        raise InvalidInput("Idempotency-Key", f"A key has at most {KEY_LENGTH} characters.")
    if given.recording:
        _check_recording(session, given)
    clean = replace(given, text=text)
    return replace(clean, key=clean_text(given.key) or _derived_key(session, clean))


def _check_recording(session: LoadedSession, given: Submission) -> None:
    try:
        recording_of(session.candidate, session.token, given.turn, given.recording)
    except NotFound as error:
        raise InvalidInput(
            "recording", "There is no such recording of this question. Leave it out."
        ) from error


def _derived_key(session: LoadedSession, submission: Submission) -> str:
    base = f"{session.pk}:{submission.turn}:{submission.sha256}"
    base += ":as answer" if submission.as_answer else ""
    return hashlib.sha256(base.encode()).hexdigest()


def record_answer(session: LoadedSession, submission: Submission) -> bool:
    """Store the answer in one short transaction; False where this very answer is stored already.

    Raises `KeyReused` for the same key with another body, and `Conflict` where the turn is not open.
    """
    turn = session.turn(submission.turn)
    try:
        with transaction.atomic():
            is_open = InterviewSession.objects.touch(session.pk)
            if turn is not None and is_open and _store(turn, submission):
                return True
            if not is_replay(session, submission):
                raise closed_question(fresh(session), submission.turn)
    except IntegrityError as error:
        raise KeyReused(REUSED) from error
    return False


def is_replay(session: LoadedSession, submission: Submission) -> bool:
    """Tell whether this very answer is stored already. Raises `KeyReused` for the same key with another body."""
    known = Answer.objects.filter(session_id=session.pk, key=submission.key).order_by()
    found = next(iter(known.values_list("turn__number", "sha256")[:1]), None)
    if found is not None and found != (submission.turn, submission.sha256):
        raise KeyReused(REUSED)
    return found is not None


def _store(turn: Turn, submission: Submission) -> bool:
    answer = Answer(
        text=submission.text,
        modality=submission.modality,
        key=submission.key,
        sha256=submission.sha256,
    )
    return store_answer(turn, answer)


def submit_shape(session: LoadedSession, turn: Turn) -> Shape:
    """Return the reply to a submit, from rows alone, so that a repeat gets the same."""
    answer = turn.given_answer
    following = next((t for t in session.turns if t.number == turn.number + 1), None)
    settled = is_settled(session, turn)
    return {
        "turn": turn.number,
        "status": "active" if following else "completed",
        "transcript": answer.text if answer else "",
        "evaluation": evaluation_shape(turn, settled=settled)
        if session.shows_evaluations
        else None,
        "next_step": next_step(following),
        "next_question": question_shape(following),
        "progress": progress_shape(session),
        "aside": None,
    }


def next_step(following: Turn | None) -> str:
    if following is None:
        return "complete"
    return "follow_up" if following.is_follow_up else "continue"
