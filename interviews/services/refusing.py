"""Says why a question takes no answer any more."""

from __future__ import annotations

from django.utils.translation import gettext as _

from interviews.errors import Conflict, TooLate
from interviews.models import Answer
from interviews.services.loaded_session import LoadedSession


def closed_question(session: LoadedSession, number: int) -> Conflict:
    """Return the error for turn `number` of a loaded session, which is not open: too late, answered or never asked."""
    turn = session.turn(number)
    if turn is None:
        return Conflict(_("This question was never asked."), kind="turn-not-open")
    if turn.given_answer is None:
        return Conflict(_("This interview is over."), kind="turn-not-open")
    if turn.given_answer.modality != Answer.Modality.DRAFT:
        return Conflict(_("This question is answered already."), kind="turn-not-open")
    return TooLate(_late_words(turn.given_answer), kind="too-late")


def _late_words(answer: Answer) -> str:
    if answer.text:
        return _("This came after its time. What you had written by then counts as your answer.")
    return _(
        "This came after its time. Nothing was written by then, so the question has no answer."
    )
