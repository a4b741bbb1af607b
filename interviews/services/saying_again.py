"""“Say it again”: an answer of practice given anew and rated like the first, which stays the interview's result."""

from __future__ import annotations

from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from ai import scoring
from ai.asides import aside_kind
from ai.defence import prepare
from ai.masking import keep_private
from ai.schemas import Evaluation
from ai.state import LangGraphState
from interviews.errors import Conflict, InvalidInput, NotFound, StillWorking
from interviews.models import AnotherAnswer, Turn
from interviews.services.cleaning import clean_answer, clean_workflow_state_for_db
from interviews.services.comparing import changes, texts_of
from interviews.services.loaded_session import LoadedSession
from interviews.services.lookups import candidates_session
from interviews.services.readings import RATED
from interviews.services.spending import metered_work
from interviews.services.states import Shape, evaluation_shape, in_words, is_settled
from interviews.services.turn.graph_input import answer_state
from interviews.services.turn.lease import AgainAttempt
from interviews.services.turn.run import run_graph
from interviews.services.turn.storing import answer_hash

MOST_PER_TURN = 50


def say_again(
    *, user: User, token: str, number: int, text: str, as_answer: bool = False
) -> tuple[AnotherAnswer, bool]:
    """Keep another answer to a turn of one's own practice and rate it; returns it, and whether its words are new.

    The same words are the same answer; sending them again has it rated if it is not. `as_answer` takes words as an answer
    that read like something said to us. Neither the turn nor any result of the interview changes.
    Raises `NotFound` for what is not theirs or is no practice, `Conflict` while the turn cannot be said again,
    `InvalidInput`, and `StillWorking` while it is being rated.
    """
    session, turn = repeatable(user, token, number)
    kept, is_new = _keep(turn, _clean(text, asked=turn.text, as_answer=as_answer))
    if not kept.is_rated:
        _rate(session, turn, kept)
    return kept, is_new


def repeatable(user: User, token: str, number: int) -> tuple[LoadedSession, Turn]:
    """Return a turn that its candidate may say again, in its loaded session.

    That is a rated one of practice, once nothing more can be asked of its question. Raises `NotFound` and `Conflict`.
    """
    session = candidates_session(user, token)
    turn = session.turn(number)
    if turn is None or not session.interview.is_practice:
        raise NotFound(_("There is no such answer to say again."))
    if not session.shows_evaluations:
        raise Conflict(_("You chose to see everything at the end. Finish the interview first."))
    if not is_settled(session, turn):
        raise Conflict(_("This question is not over yet. Answer what is asked first."))
    if turn.evaluation not in RATED:
        raise Conflict(_("Your first answer is not rated yet. Say it again once it is."))
    return session, turn


def _clean(text: str, *, asked: str, as_answer: bool) -> str:
    keep_private(text)
    clean = clean_answer(text)
    if not prepare(clean).text.strip():
        raise InvalidInput("response_text", _("Write an answer first."))
    if not as_answer and aside_kind(clean, question=asked):
        raise InvalidInput(
            "response_text",
            _("This reads like something said to us, which is not rated. Say your answer."),
        )
    return clean


def _keep(turn: Turn, text: str) -> tuple[AnotherAnswer, bool]:
    with transaction.atomic():
        if Turn.objects.select_for_update().filter(pk=turn.pk).first() is None:
            raise NotFound(_("This session was deleted."))
        own, sha256 = AnotherAnswer.objects.filter(turn=turn), answer_hash(text, "text")
        if (known := own.filter(sha256=sha256).first()) is not None:
            known.turn = turn
            return known, False
        if own.count() >= MOST_PER_TURN:
            raise Conflict(_("You have said this very often. Set up a new interview instead."))
        return AnotherAnswer.objects.create(turn=turn, text=text, sha256=sha256), True


def _rate(session: LoadedSession, turn: Turn, kept: AnotherAnswer) -> None:
    """Rate an answer as the interview's own are; an outage leaves it pending, to be tried again by its candidate."""
    attempt = AgainAttempt.take(kept.pk)
    if attempt is None:
        raise StillWorking(_("Your words are kept, and are being rated."))
    with attempt, metered_work(session.session):
        _store(kept, run_graph(_state(session, turn, kept))["evaluation"])


def _state(session: LoadedSession, turn: Turn, kept: AnotherAnswer) -> LangGraphState:
    """Return the state that the turn itself was rated with, with the new words as its answer."""
    state = answer_state(session, turn)
    state["answer"] = {"text": kept.text, "modality": "text"}
    return state


def _store(kept: AnotherAnswer, evaluation: Evaluation) -> None:
    if evaluation["status"] == "pending":
        return
    kept.evaluation = Turn.Evaluation(evaluation["status"])
    kept.result = clean_workflow_state_for_db(evaluation)
    mine = AnotherAnswer.objects.unrated().filter(pk=kept.pk)
    if not mine.update(evaluation=kept.evaluation, result=kept.result):
        raise StillWorking(_("Your words are kept, and are being rated."))


def said_again(session: LoadedSession, turn: Turn) -> Shape:
    """Return the first answer to a turn beside all later ones, the oldest first."""
    first = evaluation_shape(turn, settled=True)
    answer = turn.given_answer
    return {
        "turn": turn.number,
        "number": turn.question.number,
        "text": turn.text,
        "is_follow_up": turn.is_follow_up,
        "first": {"answer": answer.text if answer else None, "evaluation": first},
        "again": [
            another_answer_shape(turn, kept) for kept in AnotherAnswer.objects.filter(turn=turn)
        ],
    }


def another_answer_shape(turn: Turn, kept: AnotherAnswer) -> Shape:
    """Return an answer given anew, how it was rated, and what has changed since the first one."""
    evaluation = in_words(result_of(kept), turn.question)
    first = evaluation_shape(turn, settled=True)
    found = changes(first, evaluation) if first else []
    return {
        "id": kept.pk,
        "answer": kept.text,
        "created_at": kept.created_at,
        "evaluation": evaluation,
        "changes": found,
        "gained": texts_of(found, "gained"),
        "lost": texts_of(found, "lost"),
    }


def result_of(kept: AnotherAnswer) -> Evaluation:
    if kept.result is None:
        return scoring.unrated("pending", _("It could not be rated yet."))
    return cast("Evaluation", kept.result)
